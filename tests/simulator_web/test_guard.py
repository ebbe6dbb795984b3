"""Nobody but our own page on this machine gets anything out of the web chat."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.async_api import Browser

from .conftest import TOKEN, Running

GOOD = {"x-simulator-token": TOKEN}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


def ask(
    running: Running, path: str, *, method: str = "GET", json: object = None, **headers: str
) -> httpx2.Response:
    """Send one request; underscores in a header's name stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx2.Client(base_url=running.url, trust_env=False) as client:
        return client.request(method, path, json=json, headers=named)


def post(running: Running, path: str, json: object = None, **headers: str) -> httpx2.Response:
    """Post as our page does, except for what *headers* change."""
    given = {"x_simulator_token": TOKEN, **headers}
    return ask(running, path, method="POST", json=json if json is not None else {}, **given)


@pytest.fixture
def key(running: Running) -> str:
    """Somebody new."""
    answer = post(running, "/people")
    assert answer.status_code == 200
    return str(answer.json()["person"])


@pytest.mark.parametrize(
    "host", ["example.jp", "127.0.0.1", "localhost:1", "127.0.0.1.example.jp", ""]
)
def test_another_name_for_this_machine_opens_nothing(running: Running, host: str) -> None:
    """DNS rebinding: a page under a name that points here would read our answers."""
    for path in ("/", "/people/1/stream", "/static/main.js"):
        answer = ask(running, path, host=host)
        assert answer.status_code == 403
        assert TOKEN not in answer.text
    assert post(running, "/people", host=host).status_code == 403


def test_our_two_names_open_the_page(running: Running) -> None:
    """127.0.0.1 and localhost, with the port, are what people type."""
    port = urlsplit(running.url).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        answer = ask(running, "/", host=host)
        assert answer.status_code == 200
        assert TOKEN in answer.text


@pytest.mark.parametrize("origin", ["https://example.jp", "null", "http://127.0.0.1:1"])
def test_another_site_can_neither_ask_nor_do(running: Running, key: str, origin: str) -> None:
    """Forged requests: even with the token, another origin gets nothing."""
    assert post(running, f"/people/{key}/follow", origin=origin).status_code == 403
    assert ask(running, f"/people/{key}/stream", origin=origin).status_code == 403
    assert not running.people.feed(key).person.account.friend


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_embed_nothing_but_may_link_to_the_page(
    running: Running, site: str
) -> None:
    """The browser says who asks; only the first page may be reached by a link from elsewhere."""
    assert ask(running, "/static/main.js", sec_fetch_site=site).status_code == 403
    assert ask(running, "/people/1/stream", sec_fetch_site=site).status_code == 403
    assert ask(running, "/", sec_fetch_site=site).status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 32, TOKEN[:-1], TOKEN + "0", "鍵"])
def test_nothing_is_changed_without_the_pages_token(running: Running, token: str) -> None:
    """The token stands in our page alone; it is new at every start."""
    people = len(running.session.people)
    named = {b"x-simulator-token": token.encode()}
    with httpx2.Client(base_url=running.url, trust_env=False) as client:
        assert client.post("/people", json={}, headers=named).status_code == 403
    assert len(running.session.people) == people


def test_odd_requests_are_told_what_is_wrong(running: Running, key: str) -> None:
    """Each refusal is a status and a sentence, never a broken server."""
    somebody = f"/people/{key}"
    huge = {"text": "あ" * 40_000}
    with httpx2.Client(base_url=running.url, trust_env=False, headers=GOOD) as client:
        json = {"content-type": "application/json"}
        answers = [
            (client.get("/nothing"), 404),
            (client.get("/static/nothing.js"), 404),
            (client.get("/static/%2e%2e/web.py"), 404),
            (client.get("/static/index.html"), 404),
            (client.get("/people/nobody/stream"), 404),
            (client.post("/people/nobody/follow", json={}), 404),
            (client.post(f"{somebody}/dance", json={}), 404),
            (client.post(f"{somebody}/say", content=b"{}"), 415),
            (client.post(f"{somebody}/say", content=b"{", headers=json), 400),
            (client.post(f"{somebody}/say", content=b"[]", headers=json), 400),
            (client.post(f"{somebody}/say", content=iter([b"{}"]), headers=json), 411),
            (client.post(f"{somebody}/say", json=huge), 413),
            (client.post(f"{somebody}/say", json={"text": "友だちではない"}), 409),
            (client.post(f"{somebody}/tap", json={"n": 1, "action": {}}), 409),
            (client.post(f"{somebody}/tap", json={"n": [], "action": []}), 409),
            (client.post("/clock", json={"days": -1}), 400),
            (client.post("/clock", json={"days": True}), 400),
            (client.put("/people", json={}), 405),
        ]
    assert [answer.status_code for answer, _ in answers] == [status for _, status in answers]


def test_only_what_is_on_the_screen_can_be_tapped(running: Running, key: str) -> None:
    """A page cannot make up a button, and quick replies of the past are gone, as on LINE."""
    feed = running.people.feed(key)
    assert post(running, f"/people/{key}/follow").status_code == 200
    greeting = feed.since(0)[1]["entries"][-1]["n"]
    message = feed.message(greeting)
    action = dict(message.quick_replies[0].action)
    tap = f"/people/{key}/tap"
    made_up = post(running, tap, {"n": greeting, "action": {**action, "data": "made up"}})
    assert made_up.status_code == 409
    assert post(running, tap, {"n": greeting, "action": action}).status_code == 200
    assert post(running, tap, {"n": greeting, "action": action}).status_code == 409
    assert [done.deed.name for done in feed.person.done] == ["follow", "tap"]


def test_every_answer_carries_the_headers_that_shut_the_page_off(running: Running) -> None:
    """Pages, files, refusals: nothing is framed, cached, sniffed or loaded from outside."""
    answers = [ask(running, path) for path in ("/", "/static/main.js", "/nothing")]
    for answer in [*answers, ask(running, "/", host="example.jp")]:
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.browser
async def test_the_browser_itself_refuses_what_the_page_must_not_do(
    browser: Browser, running: Running
) -> None:
    """The policy works, not only stands there: script, style, picture and request are blocked."""
    page = await browser.new_page()
    await page.goto(running.url)
    await page.evaluate(
        """async () => {
          window.blocked = [];
          addEventListener("securitypolicyviolation", (e) => blocked.push(e.effectiveDirective));
          const put = (html) => document.body.insertAdjacentHTML("beforeend", html);
          put('<p id="painted" style="color: red">a</p><img src="https://example.jp/a.png">');
          const script = document.createElement("script");
          document.body.append(Object.assign(script, { text: "ran = 1" }));
          await fetch("https://example.jp/").catch(() => {});
        }"""
    )
    await page.wait_for_function(
        "(all) => all.every((each) => blocked.includes(each))",
        arg=["script-src-elem", "style-src-attr", "img-src", "connect-src"],
    )
    assert await page.evaluate("typeof ran") == "undefined"
    await page.close()
