"""Our reader and LINE's own parser say the same about every well-formed event."""

from __future__ import annotations

from typing import Any

import pytest
from linebot.v3.webhook import WebhookParser
from linebot.v3.webhooks import (
    FollowEvent,
    JoinEvent,
    MessageEvent,
    PostbackEvent,
    TextMessageContent,
    UnfollowEvent,
    UnsendEvent,
)

from bot.line.hear import hear
from bot.line.heard import Heard, Ignored, Joined, Left, Unsent
from bot.line.postback import encode
from flows.conversation import Event, Followed, Pressed, Sent, Typed
from tests.line.webhooks import BOT, GROUP, MESSAGES, ROOM, event, webhook

PRESS = Pressed("example-navi", "choosing", "choose", "薬|%", 12)

WELL_FORMED = {
    **{kind: event(message=message) for kind, message in MESSAGES.items()},
    "redelivered": event(deliveryContext={"isRedelivery": True}),
    "postback": event("postback", postback={"data": encode(PRESS)}),
    "follow": event("follow", follow={"isUnblocked": False}),
    "unfollow": event("unfollow", replyToken=None),
    "join a group": event("join", source={"type": "group", "groupId": GROUP}),
    "unsend": event("unsend", replyToken=None, unsend={"messageId": "325708"}),
    "join a room": event("join", source={"type": "room", "roomId": ROOM}),
}


def sdk(body: bytes) -> list[Any]:
    """What the SDK's parser makes of *body*. Signatures are proven elsewhere."""
    parser = WebhookParser("secret", skip_signature_verification=lambda: True)
    return list(parser.parse(body.decode(), "unchecked"))


def in_the_flows_words(theirs: Any) -> Event:
    match theirs:
        case MessageEvent(message=TextMessageContent(text=text)):
            return Typed(text)
        case MessageEvent(message=message):
            return Sent(message.type)
        case PostbackEvent(postback=postback):
            assert postback.data == encode(PRESS)
            return PRESS
        case FollowEvent():
            return Followed()
    raise AssertionError(f"the SDK read {type(theirs).__name__}")


@pytest.mark.parametrize("name", WELL_FORMED)
def test_both_read_the_same(name: str) -> None:
    """Id, time, redelivery, person or place, reply token and content agree."""
    body = webhook(WELL_FORMED[name])

    [ours], [theirs] = hear(body, BOT), sdk(body)

    assert not isinstance(ours, Ignored)
    assert (ours.event_id, ours.at) == (theirs.webhook_event_id, theirs.timestamp)
    match ours:
        case Heard():
            assert ours.person == theirs.source.user_id
            assert ours.reply_token == theirs.reply_token
            assert ours.redelivered == theirs.delivery_context.is_redelivery
            assert ours.event == in_the_flows_words(theirs)
            if isinstance(theirs, MessageEvent):
                assert ours.message == theirs.message.id
        case Left():
            assert isinstance(theirs, UnfollowEvent)
            assert ours.person == theirs.source.user_id
        case Unsent():
            assert isinstance(theirs, UnsendEvent)
            assert ours.person == theirs.source.user_id
            assert ours.message == theirs.unsend.message_id
        case Joined():
            assert isinstance(theirs, JoinEvent)
            assert ours.place == getattr(theirs.source, f"{theirs.source.type}_id")
            assert ours.reply_token == theirs.reply_token


def test_a_whole_batch_is_read_in_the_same_order() -> None:
    """A body may mix events of different people and types."""
    body = webhook(*(WELL_FORMED[name] | {"webhookEventId": name} for name in WELL_FORMED))

    ours = [arrival.event_id for arrival in hear(body, BOT)]

    assert ours == [theirs.webhook_event_id for theirs in sdk(body)] == list(WELL_FORMED)
