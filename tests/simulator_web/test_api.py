"""What the page asks of the server, asked without the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import orjson
import pytest

from bot.simulator.people import Person

from .conftest import TOKEN, Running

Json = dict[str, Any]


class Api:
    """The server as our page speaks with it, for one person of its own."""

    def __init__(self, running: Running, client: httpx2.Client) -> None:
        self.running, self._client = running, client
        self.key = str(self.post("/people")["person"])

    def post(self, path: str, *, status: int = 200, **body: object) -> Json:
        """What comes back; *status* is what is expected."""
        answer = self._client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    def do(self, deed: str, *, status: int = 200, **body: object) -> Json:
        """Let the person do something."""
        return self.post(f"/people/{self.key}/{deed}", status=status, **body)

    def get(self, path: str, **query: str) -> httpx2.Response:
        """Read something."""
        return self._client.get(path, params=query)

    def look(self, key: str = "") -> Json:
        """What a page draws that is opened now."""
        return next(self.updates(key or self.key))

    def updates(self, key: str) -> Iterator[Json]:
        """Every update of the stream, as it comes."""
        with self._client.stream("GET", f"/people/{key}/stream") as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    yield orjson.loads(line.removeprefix("data: "))

    @property
    def person(self) -> Person:
        """Who is behind the key now."""
        return self.running.people.feed(self.key).person


@pytest.fixture
def api(running: Running) -> Iterator[Api]:
    """Somebody new, who has added the account."""
    headers = {"x-simulator-token": TOKEN}
    with httpx2.Client(
        base_url=running.url, headers=headers, trust_env=False, timeout=30
    ) as client:
        api = Api(running, client)
        api.do("follow")
        yield api
        api.post("/faults/clear")


def texts(update: Json) -> list[str]:
    """What the person themselves wrote, of what is drawn."""
    return [entry["text"] for entry in update["entries"] if entry["who"] == "me"]


def test_an_update_has_all_a_page_draws(api: Api) -> None:
    """Entries, records, everybody's tabs, faults that wait, content, and when it is."""
    api.do("say", text="やあ")

    update = api.look()

    assert texts(update) == ["やあ"]
    assert [turn["n"] for turn in update["turns"]] == [1, 2]
    assert update["turns"][1]["heard"] == "テキスト"
    assert {"key": api.key, "name": api.person.name, "face": "friend"} in update["people"]
    assert update["faults"] == []
    assert update["content"] is None
    assert update["version"] == api.running.session.catalog.version
    assert (update["life"], "reset" in update, update["waiting"]) == (0, False, False)
    assert update["now"].startswith(f"{api.running.session.clock.now():%Y-}")


def test_undo_draws_the_page_anew(api: Api) -> None:
    """An open page is told to begin from scratch and gets all there is, lines of ours as well."""
    api.do("say", text="一つめ")
    api.do("say", text="二つめ")
    updates = api.updates(api.key)
    before = next(updates)

    api.do("undo")

    after = next(update for update in updates if update.get("reset"))
    assert (texts(before), texts(after)) == (["一つめ", "二つめ"], ["一つめ"])
    assert after["entries"] == before["entries"][: len(after["entries"])]
    assert [turn["n"] for turn in after["turns"]] == [1, 2]
    assert after["life"] == before["life"] + 1


def test_undo_ends_at_the_beginning(api: Api) -> None:
    """With a sentence; the line about the friend goes with the deed it told of."""
    api.do("undo")

    assert api.look()["entries"] == []
    assert api.look()["person"]["face"] == "stranger"
    assert "取り消せることがありません" in api.do("undo", status=409)["message"]


def test_restart_is_just_before_a_turn(api: Api) -> None:
    """The turn with that number is not done any more; a number there is not is refused."""
    for words in ("一", "二", "三"):
        api.do("say", text=words)

    api.do("restart", n=3)

    assert texts(api.look()) == ["一"]
    assert len(api.look()["turns"]) == 2
    for wrong in (3, 0, "2", None):
        assert "番" in api.do("restart", n=wrong, status=409)["message"]


def test_a_fork_is_somebody_beside(api: Api) -> None:
    """Up to and with the turn named; both go on, and each has a tab."""
    for words in ("一", "二"):
        api.do("say", text=words)

    beside = api.do("fork", n=2)["person"]
    api.post(f"/people/{beside}/say", text="べつの道")

    assert texts(api.look(beside)) == ["一", "べつの道"]
    assert texts(api.look()) == ["一", "二"]
    assert [entry["status"] for entry in api.look(beside)["entries"] if entry["who"] == "me"] == [
        "read",
        "read",
    ]
    assert {api.key, beside} <= {person["key"] for person in api.look()["people"]}


def test_a_fork_without_a_number_has_everything(api: Api) -> None:
    """Up to now, notes and all."""
    api.do("say", text="一")

    beside = api.do("fork")["person"]

    assert [entry["who"] for entry in api.look(beside)["entries"]] == [
        entry["who"] for entry in api.look()["entries"]
    ]


def test_an_old_button_works_after_going_back(api: Api) -> None:
    """Entries keep their messages: a quick reply that was used can be used again."""
    offered = {"type": "postback", "label": "カードを見る", "displayText": "カードを見る"}
    greeting = api.look()["entries"][-1]["n"]
    button = next(
        each for each in api.person.quick_replies if each.action["label"] == offered["label"]
    )
    api.do("tap", n=greeting, action=dict(button.action))
    api.do("undo")

    api.do("tap", n=greeting, action=dict(button.action))

    assert texts(api.look()) == ["カードを見る"]


def test_unsending_strikes_the_message(api: Api) -> None:
    """The entry says so; undone, it does not any more."""
    api.do("say", text="一")

    def unsent() -> list[bool]:
        return [entry["unsent"] for entry in api.look()["entries"] if "unsent" in entry]

    api.do("unsend")
    struck = unsent()
    api.do("undo")

    assert struck == [True]
    assert True not in unsent()


def test_the_same_event_again_is_told_as_that(api: Api) -> None:
    """Twice more, in LINE's two ways, and nothing comes of it."""
    api.do("say", text="一")
    api.do("duplicate")
    api.do("redeliver")

    turns = api.look()["turns"]

    assert [turn["heard"] for turn in turns[2:]] == [
        "テキスト（もう一度届いた）",
        "テキスト（再送）",
    ]
    assert [turn["messages"] for turn in turns[2:]] == [[], []]


@pytest.mark.parametrize(
    ("body", "seconds"), [({"minutes": 1}, 60), ({"hours": 1}, 3600), ({"days": 2}, 172_800)]
)
def test_the_clock_goes_on_for_everybody(api: Api, body: Json, seconds: int) -> None:
    """By minutes, hours or days; each talk gets a line about it."""
    before = api.running.session.clock.now()

    api.post("/clock", **body)

    assert (api.running.session.clock.now() - before).total_seconds() >= seconds
    assert api.look()["entries"][-1]["text"].endswith("たちました")


@pytest.mark.parametrize(
    "body",
    [{}, {"days": 1, "hours": 1}, {"days": 0}, {"days": 367}, {"hours": "1"}, {"days": True}],
)
def test_the_clock_takes_one_sensible_time(api: Api, body: Json) -> None:
    """Anything else changes nothing."""
    api.post("/clock", status=400, **body)

    assert "たちました" not in str(api.look()["entries"])


def test_faults_wait_until_they_strike(api: Api) -> None:
    """The page sees how many are left, and the record which call it was."""
    api.post("/faults", kind="500", times=1)
    api.post("/faults", kind="429")
    waiting = api.look()["faults"]
    api.do("say", text="一")

    assert waiting == [{"kind": "500", "left": 1}, {"kind": "429", "left": 1}]
    assert api.look()["faults"] == []
    assert [call["status"] for call in api.look()["turns"][-1]["calls"]] == [500, 429, 200]


def test_faults_can_be_taken_back_and_must_be_known(api: Api) -> None:
    """A kind there is not, a silly number."""
    api.post("/faults", kind="500", times=3)
    api.post("/faults/clear")

    assert api.look()["faults"] == []
    for wrong in ({"kind": "404"}, {"kind": "500", "times": 0}, {"kind": "500", "times": "2"}, {}):
        assert api.post("/faults", status=400, **wrong)["message"]


def test_a_talk_comes_with_proof(api: Api) -> None:
    """The YAML, a name for its file, and that somebody new went the same way."""
    api.do("say", text="一")

    told = api.do("talk", title="ページから")

    assert told["replayed"] is True
    assert told["yaml"].startswith("talk: ページから\n")
    assert told["name"].endswith(".talk.yaml")


def test_a_transcript_needs_the_pages_token(api: Api) -> None:
    """It is a link, and a link carries no header."""
    path = f"/people/{api.key}/transcript"

    assert api.get(path).status_code == 403
    assert api.get(path, token="0" * 32).status_code == 403
    answer = api.get(path, token=TOKEN)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="taikai-')
    assert "はじめまして。" in answer.text
    assert api.person.id not in answer.text
    assert api.get("/people/none/transcript", token=TOKEN).status_code == 404


@pytest.mark.parametrize(
    "deed", ["unsend", "duplicate", "redeliver", "undo", "restart", "fork", "jump", "talk"]
)
def test_every_deed_needs_the_token_and_a_person(api: Api, deed: str) -> None:
    """None of the new ones slipped past the guard."""
    url = f"{api.running.url}/people/{api.key}/{deed}"

    assert httpx2.post(url, json={}, trust_env=False).status_code == 403
    api.post(f"/people/none/{deed}", status=404)
