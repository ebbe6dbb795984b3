"""What the simulator sends is what LINE sends, judged by LINE's own parser and by ours."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.models import UnknownEvent
from linebot.v3.webhook import WebhookParser

from bot.line.hear import hear
from bot.line.heard import Heard, Ignored, Joined, Left, Why
from bot.simulator import envelope, happenings
from bot.simulator.fake_line.mint import Mint
from flows.conversation import Followed, Sent, Typed

SECRET = "0123456789abcdef0123456789abcdef"
AT = 1_775_000_000_000
MINT = Mint(3)
USER = MINT.user_id()
PERSON = envelope.person(USER)
GROUP = envelope.group(MINT.group_id())

ALL: dict[str, dict[str, Any]] = {
    "follow": envelope.event(happenings.follow(), PERSON, AT, MINT),
    "unblock": envelope.event(happenings.follow(unblocked=True), PERSON, AT, MINT),
    "unfollow": envelope.event(happenings.unfollow(), PERSON, AT, MINT),
    "text": envelope.event(happenings.text("退会したい 🍎", MINT), PERSON, AT, MINT),
    "postback": envelope.event(happenings.postback("1|a|b|c||0"), PERSON, AT, MINT),
    "dated": envelope.event(happenings.postback("x", {"date": "2026-04-01"}), PERSON, AT, MINT),
    "unsend": envelope.event(happenings.unsend(MINT.message_id()), PERSON, AT, MINT),
    "join": envelope.event(happenings.join(), GROUP, AT, MINT),
    "leave": envelope.event(happenings.leave(), GROUP, AT, MINT),
    "room": envelope.event(happenings.join(), envelope.room(MINT.room_id()), AT, MINT),
    "in a group": envelope.event(
        happenings.text("やあ", MINT), envelope.group(MINT.group_id(), USER), AT, MINT
    ),
    "beacon": envelope.event(happenings.beacon(), PERSON, AT, MINT),
    "accountLink": envelope.event(happenings.account_link(), PERSON, AT, MINT),
    **{
        kind: envelope.event(happenings.sent(kind, MINT), PERSON, AT, MINT)
        for kind in happenings.SENDABLE
    },
    "unheard of": envelope.event(happenings.unheard_of(), PERSON, AT, MINT),
    "standby": envelope.event(happenings.text("やあ", MINT), PERSON, AT, MINT, mode="standby"),
}
UNKNOWN = {"hologram", "unheard of"}


def parsed(*events: dict[str, Any]) -> list[Any]:
    """*events* through LINE's own parser, signature and all."""
    body = envelope.body(MINT.user_id(), events)
    signature = envelope.sign(SECRET, body)
    return list(WebhookParser(SECRET).parse(body.decode(), signature))


@pytest.mark.parametrize("name", sorted(set(ALL) - UNKNOWN))
def test_lines_own_parser_reads_every_event_whole(name: str) -> None:
    """It comes out as its own type, and written out again nothing of it is missing."""
    [event] = parsed(ALL[name])

    assert not isinstance(event, UnknownEvent)
    assert missing(ALL[name], orjson.loads(event.to_json())) == []


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_events_of_the_future_are_unknown_to_the_parser_too(name: str) -> None:
    """They are what LINE may send tomorrow, so today nobody knows them."""
    [event] = parsed(ALL[name])

    assert isinstance(event, UnknownEvent)


def test_several_events_travel_in_one_body() -> None:
    """All of them, in their order."""
    assert [event.type for event in parsed(*(ALL[n] for n in ("follow", "text", "join")))] == [
        "follow",
        "message",
        "join",
    ]


def test_a_body_without_events_is_lines_check_of_the_url() -> None:
    """LINE's Verify button sends one; it is signed like any other."""
    assert parsed() == []


def test_a_signature_is_good_for_its_bytes_only() -> None:
    """One more space and it is somebody else's body."""
    body = envelope.body(MINT.user_id(), [])

    with pytest.raises(InvalidSignatureError):
        WebhookParser(SECRET).parse((body + b" ").decode(), envelope.sign(SECRET, body))


def test_a_redelivery_differs_in_nothing_but_its_mark() -> None:
    """Same id, same token, same time; the first delivery is not changed by it."""
    again = envelope.redelivered(ALL["text"])

    assert again["deliveryContext"] == {"isRedelivery": True}
    assert ALL["text"]["deliveryContext"] == {"isRedelivery": False}
    assert {**again, "deliveryContext": 0} == {**ALL["text"], "deliveryContext": 0}


@pytest.mark.parametrize("name", sorted(ALL))
def test_ids_have_the_shapes_line_gives_them(name: str) -> None:
    """ULID for the event, 32 hex digits behind a letter for whom it is about."""
    event = ALL[name]

    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", event["webhookEventId"])
    for key, value in event["source"].items():
        assert key == "type" or re.fullmatch(r"[UCR][0-9a-f]{32}", value)
    assert re.fullmatch(r"[0-9a-f]{32}", event.get("replyToken", "0" * 32))


def test_a_later_events_id_sorts_behind_an_earlier_ones() -> None:
    """A ULID begins with its time."""
    assert MINT.event_id(AT) < MINT.event_id(AT + 1)


def test_no_id_is_made_twice() -> None:
    """Tokens and ids are told apart by nothing but themselves."""
    made = [make() for make in (MINT.reply_token, MINT.message_id, MINT.user_id) * 1000]

    assert len(set(made)) == len(made)


def test_a_seed_makes_the_same_ids_again() -> None:
    """So that a talk can be told twice in the same words."""
    assert [Mint(5).user_id(), Mint(5).event_id(AT)] == [Mint(5).user_id(), Mint(5).event_id(AT)]


@pytest.mark.parametrize("name", ["unfollow", "unsend", "leave", "standby"])
def test_what_cannot_be_answered_carries_no_reply_token(name: str) -> None:
    """As LINE's reference has it, event by event."""
    assert "replyToken" not in ALL[name]


def test_our_own_reader_hears_each_event_for_what_it_is() -> None:
    """The same bytes, read by the bot."""
    names = list(ALL)
    heard = dict(
        zip(names, hear(envelope.body(MINT.user_id(), list(ALL.values())), None), strict=True)
    )

    said = {name: each.event for name, each in heard.items() if isinstance(each, Heard)}
    assert said["follow"] == said["unblock"] == Followed()
    assert said["text"] == Typed("退会したい 🍎")
    assert said["sticker"] == Sent("sticker")
    assert said["hologram"] == Sent("unknown")
    assert isinstance(heard["unfollow"], Left)
    assert isinstance(heard["join"], Joined)
    assert isinstance(heard["room"], Joined)
    ignored = {name: each.reason for name, each in heard.items() if isinstance(each, Ignored)}
    assert ignored["standby"] is Why.STANDBY
    assert ignored["in a group"] is Why.NOT_ONE_TO_ONE
    assert ignored["unheard of"] is ignored["beacon"] is Why.NOT_ANSWERED


def test_a_thing_nobody_can_send_is_refused() -> None:
    """A typing error must not travel as an unknown message."""
    with pytest.raises(ValueError, match="stiker"):
        happenings.sent("stiker", MINT)


def missing(said: Any, understood: Any, where: str = "") -> list[str]:
    """Each place in *said* that *understood* does not have alike."""
    if isinstance(said, dict) and isinstance(understood, dict):
        return [
            place
            for key in said
            for place in missing(said[key], understood.get(key), f"{where}.{key}")
        ]
    return [] if said == understood else [where]
