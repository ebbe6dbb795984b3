"""What a stranger finds at the door: these routes and no others, and the same headers on all."""

from __future__ import annotations

import http.client
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.app import create_app
from bot.headers import HEADERS, NOTHING
from tests.engine import standin
from tests.engine.posting import body, signature
from tests.engine.running import serving

ROUTES = {
    "/callback": {"POST"},
    "/healthz": {"GET", "HEAD"},
    "/privacy": {"GET", "HEAD"},
    "/readyz": {"GET", "HEAD"},
}
"""Every route of the server, and what may be asked of it. Nothing is added unnoticed."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

NOWHERE = (
    "/", "//", "/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect", "/metrics", "/debug",
    "/letter", "/letter/x", "/static/chat.css", "/simulator", "/favicon.ico", "/robots.txt",
    "/callback/", "/privacy/", "/healthz/x", "/CALLBACK", "/..%2fprivacy", "/%00",
)  # fmt: skip
"""Paths that are not ours, some of which a framework would offer unasked."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server that reaches no LINE."""
    folder: Path = tmp_path_factory.mktemp("routes")
    settings = standin.settings(
        database_url=standin.database_url(folder), line_api_base="http://127.0.0.1:9"
    )
    with serving(settings=settings) as address:
        yield address


def asked(
    base: str, method: str, path: str, data: bytes | None = None, **headers: str
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, every header as it came, and body."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, data, names)
        response = connection.getresponse()
        given = [(name.lower(), value) for name, value in response.getheaders()]
        return response.status, given, response.read()
    finally:
        connection.close()


def must_be_bound(given: list[tuple[str, str]], path: str = "/") -> None:
    """Fail unless a browser may do nothing with an answer that has these headers."""
    assert {name: dict(given).get(name) for name in HEADERS} == HEADERS
    policy = dict(given)["content-security-policy"]
    assert policy == NOTHING or path == "/privacy"
    for part in ("default-src 'none'", "form-action 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    twice = [name for name, count in Counter(name for name, _ in given).items() if count > 1]
    assert twice == []
    named = {name for name, _ in given}
    assert named.isdisjoint({"set-cookie", "location", "x-powered-by"})
    assert not any(name.startswith("access-control-") for name in named)


def test_the_routes_are_these_and_no_others() -> None:
    """No documentation, no simulator, no figures: nothing a stranger could explore."""
    app = create_app(standin.settings(), catalog=standin.catalog(), step=standin.step)

    found = {route.path: route.methods for route in app.routes}  # type: ignore[attr-defined]

    assert found == ROUTES


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ROUTES)
def test_every_route_answers_what_it_is_for_and_nothing_else(
    base: str, path: str, method: str
) -> None:
    """405 names what is allowed; an unsigned webhook is 401; every answer is bound."""
    status, given, content = asked(base, method, path)

    if method not in ROUTES[path]:
        assert status == 405
        assert {part.strip() for part in dict(given)["allow"].split(",")} <= ROUTES[path]
    else:
        assert status == (401 if path == "/callback" else 200)
    must_be_bound(given, path)
    if method == "HEAD":
        assert content == b""


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", NOWHERE)
def test_everywhere_else_is_nowhere(base: str, path: str, method: str) -> None:
    """404 with the same headers; a path that is nearly right leads nowhere either."""
    status, given, _ = asked(base, method, path)

    assert status == 404
    must_be_bound(given)


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (body(), {"x_line_signature": signature(body())}, 200),
        (body(), {}, 401),
        (body(), {"x_line_signature": signature(body() + b" ")}, 401),
        (body(), {"x_line_signature": "署名".encode().decode("latin-1")}, 401),
        (b"x" * (1024 * 1024 + 1), {}, 413),
        (body(), {"content_encoding": "gzip"}, 415),
    ],
    ids=["signed", "unsigned", "forged", "odd", "large", "packed"],
)
def test_every_answer_to_a_webhook_is_bound(
    base: str, data: bytes, headers: dict[str, str], status: int
) -> None:
    """Whether it was read or not."""
    got, given, _ = asked(base, "POST", "/callback", data, **headers)

    assert got == status
    must_be_bound(given)


@pytest.mark.parametrize("status", [408, 429, 503])
def test_every_refusal_is_bound(base: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever made us refuse."""

    async def refuse(*_: object) -> int:
        return status

    monkeypatch.setattr("bot.webhook.Webhook.take", refuse)
    got, given, _ = asked(base, "POST", "/callback", body())

    assert got == status
    must_be_bound(given)


@pytest.mark.parametrize("error", [RuntimeError("c4nary"), KeyError("c4nary"), RecursionError()])
def test_a_fault_of_ours_is_bound_and_tells_nothing(
    base: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """500: neither a message nor a line of code."""

    async def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr("bot.webhook.Webhook.take", fail)
    status, given, content = asked(base, "POST", "/callback", body())

    assert (status, content) == (500, b"500")
    must_be_bound(given)


@pytest.mark.parametrize(
    "odd",
    [
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"x_forwarded_host": "evil.example", "x_forwarded_proto": "https"},
        {"accept_encoding": "gzip, br"},
        {"range": "bytes=0-3"},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_what_a_caller_claims_changes_nothing(base: str, odd: dict[str, Any]) -> None:
    """No header of theirs comes back, no other origin is welcomed, nothing is packed or cut."""
    plain = asked(base, "GET", "/privacy")
    status, given, content = asked(base, "GET", "/privacy", **odd)

    assert (status, content) == (plain[0], plain[2])
    must_be_bound(given, "/privacy")
    assert "evil" not in str(given)


def test_what_is_no_http_is_hung_up_on(base: str) -> None:
    """With nothing of what it said, and nothing of ours."""
    with socket.create_connection(("127.0.0.1", urlsplit(base).port or 0), 10) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        said = b""
        while part := connection.recv(4096):
            said += part

    assert said.startswith(b"HTTP/1.1 400")
    assert said.partition(b"\r\n\r\n")[2] == b"Invalid HTTP request received."
