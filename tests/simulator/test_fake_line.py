"""The fake LINE takes a reply as LINE does: once, in time, and without a fault in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.simulator.fake_line.api import ACCESS_TOKEN
from tests.simulator.served import HELLO, Served, served


@pytest.fixture(scope="module")
def line() -> Iterator[Served]:
    with served() as running:
        yield running


def test_a_reply_reaches_its_person_and_names_its_messages(line: Served) -> None:
    """An accepted reply is answered with an id and a quote token for each message."""
    somebody = line.somebody()

    answer = line.reply(line.token(somebody), HELLO, HELLO)

    assert answer.status_code == 200
    assert len({sent["id"] for sent in answer.json()["sentMessages"]}) == 2
    assert line.calls[-1].to == somebody.user_id
    assert line.calls[-1].request_id == answer.headers["x-line-request-id"]


def test_a_reply_token_works_once(line: Served) -> None:
    """The second use is refused, though the first was the same to the byte."""
    token = line.token(line.somebody())

    assert line.reply(token).status_code == 200
    again = line.reply(token)

    assert (again.status_code, again.json()) == (400, {"message": "Invalid reply token"})
    assert not line.calls[-1].accepted


def test_a_reply_token_lives_one_minute(line: Served) -> None:
    """By the simulated clock, from the moment its webhook was sent."""
    young, old = line.token(line.somebody()), line.token(line.somebody())

    line.clock.advance(timedelta(seconds=60))
    assert line.reply(young).status_code == 200
    line.clock.advance(timedelta(seconds=1))
    assert line.reply(old).json() == {"message": "Invalid reply token"}


def test_a_redelivery_gives_a_reply_token_another_minute_until_its_event_is_old(
    line: Served,
) -> None:
    """LINE's reference: within a minute of the redelivery, within 20 of the event."""
    somebody = line.somebody()
    token = line.token(somebody)
    line.clock.advance(timedelta(minutes=19))
    line.line.tokens.issue(token, somebody.user_id)
    assert line.reply(token).status_code == 200

    token = line.token(somebody)
    line.clock.advance(timedelta(minutes=21))
    line.line.tokens.issue(token, somebody.user_id)
    assert line.reply(token).status_code == 400


def test_a_reply_token_nobody_issued_is_refused(line: Served) -> None:
    """A made-up token answers nobody."""
    assert line.reply("0" * 32).json() == {"message": "Invalid reply token"}


def test_a_refused_message_leaves_its_token_usable(line: Served) -> None:
    """Nothing was sent, so the token was not used."""
    token = line.token(line.somebody())

    assert line.reply(token, {"type": "text", "text": ""}).status_code == 400
    assert line.reply(token).status_code == 200


def test_a_retry_key_on_a_reply_is_refused(line: Served) -> None:
    """LINE takes X-Line-Retry-Key only where it sends without a token (#retry-api-request)."""
    token = line.token(line.somebody())

    answer = line.reply(token, **{"x-line-retry-key": str(uuid.uuid4())})

    assert answer.status_code == 400
    assert line.reply(token).status_code == 200


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", ACCESS_TOKEN])
def test_a_wrong_access_token_is_refused(line: Served, authorization: str) -> None:
    """401, whatever else is right."""
    token = line.token(line.somebody())

    answer = line.reply(token, authorization=authorization)

    assert answer.status_code == 401
    assert "message" in answer.json()


@pytest.mark.parametrize(
    ("messages", "where"),
    [
        ([], "messages"),
        ([HELLO] * 6, "messages"),
        ([{"type": "text", "text": "あ" * 5001}], "messages[0].text"),
        ([HELLO, {"type": "text", "text": ""}], "messages[1].text"),
        ([{"type": "hologram"}], "messages[0]"),
        ([{"text": "no type"}], "messages[0]"),
        ([{"type": "text", "text": "x", "txet": "y"}], "messages[0].txet"),
        ([{"type": "flex", "altText": "あ" * 1501, "contents": {}}], "messages[0].altText"),
        ("hello", "messages"),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_with_its_place(
    line: Served, messages: object, where: str
) -> None:
    """The details name each property, as LINE's do."""
    body = {"replyToken": line.token(line.somebody()), "messages": messages}

    answer = line.post("/v2/bot/message/reply", body)

    assert answer.status_code == 400
    assert where in [detail["property"] for detail in answer.json()["details"]]
    assert all(detail["message"] for detail in answer.json()["details"])


@pytest.mark.parametrize(
    "change",
    [{"replyToken": None}, {"replyToken": ""}, {"notificationDisabled": "yes"}, {"to": "somebody"}],
)
def test_a_request_with_odd_keys_is_refused(line: Served, change: dict[str, object]) -> None:
    """A key that is missing, of the wrong kind or unknown would not do what its writer thinks."""
    body = {"replyToken": line.token(line.somebody()), "messages": [HELLO], **change}

    assert line.post("/v2/bot/message/reply", body).status_code == 400


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(b"{", "application/json"), (b"[]", "application/json"), (b"{}", "text/plain")],
)
def test_a_body_that_is_no_json_object_is_refused(
    line: Served, content: bytes, content_type: str
) -> None:
    """400 in LINE's shape, never a crash."""
    answer = line.http.post(
        "/v2/bot/message/reply", content=content, headers={"content-type": content_type}
    )

    assert answer.status_code == 400
    assert answer.json()["message"]


def test_a_request_over_two_megabytes_is_refused(line: Served) -> None:
    """413, as LINE's status codes say."""
    body = {"replyToken": "x", "messages": [{"type": "text", "text": "x" * 2_000_000}]}

    assert line.post("/v2/bot/message/reply", body).status_code == 413


def test_the_second_opinion_refuses_what_the_sdk_would_lose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where our own rules say nothing, a property the SDK does not know is still caught."""
    monkeypatch.setattr("bot.simulator.fake_line.checks._broken", lambda messages: [])
    odd = {"type": "text", "text": "x", "txet": "y"}
    with served(second_opinion=True) as strict:
        refused = strict.reply(strict.token(strict.somebody()), odd)
        unknown = strict.reply(strict.token(strict.somebody()), {"type": "hologram"})
        taken = strict.reply(strict.token(strict.somebody()), HELLO)

    assert refused.json()["details"] == [
        {"message": "Unknown field", "property": "messages[0].txet"}
    ]
    assert (unknown.status_code, taken.status_code) == (400, 200)
