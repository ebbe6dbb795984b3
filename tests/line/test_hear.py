"""What a webhook says, event by event, and what odd ones do not do to the others."""

from __future__ import annotations

from typing import Any

import pytest

from bot.line.hear import hear
from bot.line.heard import Heard, Ignored, Joined, Left, Unsent, Why
from bot.line.postback import encode
from flows.conversation import Followed, Pressed, Sent, Typed
from tests.line.webhooks import AT, BOT, GROUP, MESSAGES, PERSON, ROOM, event, webhook

PRESS = Pressed("example-navi", "checking_selection", "none", "", 3)


def only(body: bytes) -> Any:
    [arrival] = hear(body, BOT)
    return arrival


def test_a_text_is_heard_with_all_that_an_answer_needs() -> None:
    """Who, when, which event and message, with what to answer, the words: nothing else."""
    assert only(webhook(event())) == Heard(
        event_id="01HXYZ00000000000000000001",
        at=AT + 1,
        redelivered=False,
        person=PERSON,
        reply_token="0" * 31 + "1",
        event=Typed("退会したい"),
        message="1",
    )


@pytest.mark.parametrize("kind", [kind for kind in MESSAGES if kind != "text"])
def test_a_message_that_is_not_text_is_heard_by_its_kind(kind: str) -> None:
    """Every documented type of message becomes a `Sent` the flow can answer."""
    assert only(webhook(event(message=MESSAGES[kind]))).event == Sent(kind)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "hologram", "id": "8"},
        {"type": "text", "id": "8"},
        {"type": "text", "id": "8", "text": 5},
        {"type": ["text"]},
        {},
        "text",
        7,
    ],
)
def test_a_message_we_do_not_know_is_still_answered(message: object) -> None:
    """LINE adds types without notice; the person waits for an answer all the same."""
    assert only(webhook(event(message=message))).event == Sent("unknown")


def test_a_message_without_its_message_is_still_answered() -> None:
    """The reply token is there, so silence would be our choice."""
    assert only(webhook(event() | {"message": None})).event == Sent("unknown")


def test_a_button_of_ours_is_heard_as_its_press() -> None:
    """What `encode` put on the button comes back."""
    heard = only(webhook(event("postback", postback={"data": encode(PRESS)})))

    assert heard.event == PRESS


@pytest.mark.parametrize("postback", [{"data": "2|a|b|c||1"}, {"data": 1}, {}, "data", None])
def test_a_button_we_cannot_read_is_heard_as_an_unknown_one(postback: object) -> None:
    """A button of another release explains itself instead of falling silent."""
    heard = only(webhook(event("postback") | {"postback": postback}))

    assert heard.event == Sent("unknown_button")


def test_a_new_friend_is_heard() -> None:
    """Following and unblocking are greeted."""
    assert only(webhook(event("follow", follow={"isUnblocked": True}))).event == Followed()


def test_a_blocked_account_hears_who_left() -> None:
    """There is no reply token on unfollow, and none is needed to forget somebody."""
    assert only(webhook(event("unfollow", replyToken=None))) == Left(
        "01HXYZ00000000000000000001", AT + 1, PERSON
    )


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ({"type": "group", "groupId": GROUP}, GROUP),
        ({"type": "room", "roomId": ROOM}, ROOM),
    ],
)
def test_an_invitation_names_the_place(source: dict[str, str], place: str) -> None:
    """The one polite line goes to the group or room, not to a person."""
    assert only(webhook(event("join", source=source))) == Joined(
        "01HXYZ00000000000000000001", AT + 1, place, "0" * 31 + "1"
    )


def test_a_redelivery_says_so_and_keeps_its_own_time() -> None:
    """A redelivered event has the id and time of the first delivery."""
    heard = only(webhook(event(deliveryContext={"isRedelivery": True})))

    assert (heard.redelivered, heard.at) == (True, AT + 1)


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        (event(mode="standby", replyToken=None), Why.STANDBY),
        (event(webhookEventId=None), Why.NO_EVENT_ID),
        (event(webhookEventId=12), Why.NO_EVENT_ID),
        (event(webhookEventId="x" * 256), Why.NO_EVENT_ID),
        (event(webhookEventId="\0"), Why.NO_EVENT_ID),
        (event(timestamp=None), Why.NO_TIME),
        (event(timestamp="soon"), Why.NO_TIME),
        (event(timestamp=True), Why.NO_TIME),
        (event(timestamp=0), Why.NO_TIME),
        (event(timestamp=10**400), Why.NO_TIME),
        (event(timestamp=float("nan")), Why.NO_TIME),
        (event(replyToken=None), Why.NO_REPLY_TOKEN),
        (event("follow", replyToken=""), Why.NO_REPLY_TOKEN),
        (event("join", source={"type": "group", "groupId": GROUP}, replyToken=None),
         Why.NO_REPLY_TOKEN),
        (event("join", source={"type": "group"}), Why.NO_PLACE),
        (event(source=None), Why.NO_PERSON),
        (event(source={"type": "user"}), Why.NO_PERSON),
        (event(source={"type": "hive", "userId": PERSON}), Why.NO_PERSON),
        (event("unfollow", source={"type": "user", "userId": 3}), Why.NO_PERSON),
        (event(source={"type": "group", "groupId": GROUP, "userId": PERSON}), Why.NOT_ONE_TO_ONE),
        (event(source={"type": "room", "roomId": ROOM, "userId": PERSON}), Why.NOT_ONE_TO_ONE),
        (event("postback", source={"type": "group", "groupId": GROUP}), Why.NOT_ONE_TO_ONE),
        (event("unsend", replyToken=None, unsend={"messageId": ""}), Why.NOT_ANSWERED),
        (event("unsend", replyToken=None, unsend={"messageId": 1}), Why.NOT_ANSWERED),
        (event("unsend", replyToken=None, unsend={"messageId": "\0"}), Why.NOT_ANSWERED),
        (event("unsend", replyToken=None, unsend={}), Why.NOT_ANSWERED),
        (event("unsend", replyToken=None, unsend="1"), Why.NOT_ANSWERED),
        (event("unsend", replyToken=None), Why.NOT_ANSWERED),
        (event("unsend", source={"type": "user"}, unsend={"messageId": "1"}), Why.NO_PERSON),
        (event("unsend", source={"type": "group", "groupId": GROUP, "userId": PERSON},
               unsend={"messageId": "1"}), Why.NOT_ONE_TO_ONE),
        (event("leave", source={"type": "group", "groupId": GROUP}), Why.NOT_ANSWERED),
        (event("memberJoined", source={"type": "group", "groupId": GROUP}), Why.NOT_ANSWERED),
        (event("telepathy"), Why.NOT_ANSWERED),
        (event(["message"]), Why.NOT_ANSWERED),  # type: ignore[arg-type]
        ({}, Why.UNPARSEABLE),
        ([], Why.UNPARSEABLE),
        (None, Why.UNPARSEABLE),
        ("message", Why.UNPARSEABLE),
    ],
)  # fmt: skip
def test_an_event_without_what_an_answer_needs_is_ignored_with_its_reason(
    odd: object, why: Why
) -> None:
    """Silence is always chosen, and can be counted by its reason."""
    arrival = only(webhook(odd))

    assert isinstance(arrival, Ignored)
    assert arrival.reason == why


def test_a_name_as_long_as_a_database_key_is_one() -> None:
    """LINE's ids have at most 33 characters; eight times that is still taken."""
    assert only(webhook(event(webhookEventId="x" * 255))).event_id == "x" * 255


def test_an_unknown_mode_is_not_standby() -> None:
    """Only standby forbids an answer; a mode LINE may add, or none at all, does not."""
    bodies = [webhook(event(mode=None)), webhook(event(mode="drowsy"))]

    assert [only(body).event for body in bodies] == [Typed("退会したい")] * 2


def test_a_body_for_another_bot_is_ignored_event_by_event() -> None:
    """Its events are none of ours, and each is counted."""
    body = webhook(event(number=1), event(number=2), destination="U" + "9" * 32)

    assert hear(body, BOT) == [
        Ignored("01HXYZ00000000000000000001", Why.OTHER_DESTINATION, AT + 1, PERSON),
        Ignored("01HXYZ00000000000000000002", Why.OTHER_DESTINATION, AT + 2, PERSON),
    ]


def test_an_event_in_standby_is_ignored_and_can_be_recorded() -> None:
    """Another bot answers it; whose it was and when is all that is taken."""
    standby = event(mode="standby", replyToken=None)

    assert only(webhook(standby)) == Ignored(
        "01HXYZ00000000000000000001", Why.STANDBY, AT + 1, PERSON
    )


@pytest.mark.parametrize("odd", [None, 5, "message", {}, {"source": 3, "timestamp": "x"}])
def test_odd_events_for_another_bot_name_nobody(odd: object) -> None:
    """There is nothing to record; still each is counted, and none raises."""
    assert hear(webhook(odd, destination="U" + "9" * 32), BOT) == [
        Ignored("", Why.OTHER_DESTINATION)
    ]


def test_a_message_taken_back_is_heard_by_its_id() -> None:
    """There is nothing to answer, and something to forget."""
    body = webhook(event("unsend", replyToken=None, unsend={"messageId": "1"}))

    assert only(body) == Unsent("01HXYZ00000000000000000001", AT + 1, PERSON, "1")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"message": MESSAGES["image"]}, "3"),
        ({"message": {"type": "text", "text": "x"}}, ""),
        ({"message": {"type": "text", "id": 8, "text": "x"}}, ""),
        ({"message": {"type": "text", "id": "x" * 256, "text": "x"}}, ""),
        ({"type": "postback", "message": None, "postback": {"data": encode(PRESS)}}, ""),
    ],
)
def test_a_message_s_id_is_taken_where_there_is_one(
    changes: dict[str, object], message: str
) -> None:
    """By it the person may take the message back; nothing else hangs on it."""
    heard = only(webhook(event() | changes))

    assert isinstance(heard, Heard)
    assert heard.message == message


def test_without_a_configured_destination_any_is_ours() -> None:
    """The bot's own user id is not a required setting."""
    [heard] = hear(webhook(event(), destination="U" + "9" * 32), None)

    assert isinstance(heard, Heard)


def test_the_ping_of_the_console_holds_nothing() -> None:
    """LINE's "Verify" button sends no events and wants a 200."""
    assert hear(webhook(), BOT) == []


def test_nobody_can_be_read_off_the_repr() -> None:
    """A traceback or a log line that shows a value shows no person, token or word."""
    body = webhook(
        event(),
        event("unfollow", number=2),
        event("join", number=3, source={"type": "group", "groupId": GROUP}),
        event("unsend", number=4, unsend={"messageId": "c4nary"}),
        event(number=5, mode="standby"),
        event(number=6, message={"type": "text", "id": "c4nary", "text": "退会"}),
    )

    shown = repr(hear(body, BOT))

    assert not any(secret in shown for secret in (PERSON, GROUP, "退会", "c4nary", "0" * 31))
