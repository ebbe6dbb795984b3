"""A webhook's bytes → what happened, event by event.

Our own lenient reader: it takes the few fields it needs, tolerates anything beside them, and
never lets one odd event harm its neighbours. The SDK's parser loses the whole body when one
event lacks a field, and the reply token of every type it does not know. LINE adds fields,
values and types without notice (development guidelines, "non-breaking changes").

Read here only what was verified: the signature comes first, over the same bytes.
"""

from __future__ import annotations

from bot.line.heard import Heard, Ignored, Joined, Left, Unsent, Why
from bot.line.postback import decode
from bot.line.unpack import unpack
from flows.conversation import Event, Followed, Sent, Typed

Arrival = Heard | Left | Joined | Unsent | Ignored

LONGEST_NAME = 255
"""Characters of an id or token we take for one. LINE's have at most 33."""

LATEST = 253_402_300_799_999
"""The last millisecond of the year 9999: beyond it no calendar reaches."""

KINDS = frozenset({"sticker", "image", "video", "audio", "file", "location"})
"""Types of message that are not text, as the flow names them."""


def hear(body: bytes, destination: str | None) -> list[Arrival]:
    """What the events of *body* say, in their order; never raises.

    With a *destination* (the bot's own user id), a body meant for another bot is ignored.
    """
    try:
        webhook = _fields(unpack(body))
    except ValueError:
        return [Ignored("", Why.UNPARSEABLE)]
    events = webhook.get("events")
    if not isinstance(events, list):
        return [Ignored("", Why.UNPARSEABLE)]
    if destination is not None and webhook.get("destination") != destination:
        return [_not_ours(_fields(event), Why.OTHER_DESTINATION) for event in events]
    return [_arrival(event) for event in events]


def _arrival(value: object) -> Arrival:
    """One event. Asks in the order in which an answer would be wrong, useless, impossible."""
    event = _fields(value)
    event_id = _event_id(event)
    if not event:
        return Ignored("", Why.UNPARSEABLE)
    if event.get("mode") == "standby":  # another bot holds this chat
        return _not_ours(event, Why.STANDBY)
    if not event_id:
        return Ignored("", Why.NO_EVENT_ID)
    at = _time(event.get("timestamp"))
    if at is None:
        return Ignored(event_id, Why.NO_TIME)

    source, reply_token = _fields(event.get("source")), _name(event.get("replyToken"))
    if event.get("type") == "join":
        return _joined(event_id, at, source, reply_token)
    left, unsent = event.get("type") == "unfollow", event.get("type") == "unsend"
    happened = _happened(event)
    if not left and not unsent and happened is None:
        return Ignored(event_id, Why.NOT_ANSWERED)
    if source.get("type") in ("group", "room"):
        return Ignored(event_id, Why.NOT_ONE_TO_ONE)
    person = _name(source.get("userId"))
    if not person or source.get("type") != "user":
        return Ignored(event_id, Why.NO_PERSON)
    if left:
        return Left(event_id, at, person)
    if happened is None:
        message = _name(_fields(event.get("unsend")).get("messageId"))
        if not message:
            return Ignored(event_id, Why.NOT_ANSWERED)
        return Unsent(event_id, at, person, message)
    if not reply_token:
        return Ignored(event_id, Why.NO_REPLY_TOKEN)
    redelivered = _fields(event.get("deliveryContext")).get("isRedelivery") is True
    message = _name(_fields(event.get("message")).get("id"))
    return Heard(event_id, at, redelivered, person, reply_token, happened, message)


def _not_ours(event: dict[str, object], reason: Why) -> Ignored:
    """An event we have no part in; who and when, so that its receipt can be recorded."""
    person = _name(_fields(event.get("source")).get("userId"))
    return Ignored(_event_id(event), reason, _time(event.get("timestamp")) or 0, person)


def _joined(event_id: str, at: int, source: dict[str, object], reply_token: str) -> Arrival:
    place = _name(source.get("groupId")) or _name(source.get("roomId"))
    if not place:
        return Ignored(event_id, Why.NO_PLACE)
    if not reply_token:
        return Ignored(event_id, Why.NO_REPLY_TOKEN)
    return Joined(event_id, at, place, reply_token)


def _happened(event: dict[str, object]) -> Event | None:
    """What the person did, in the flow's words; None where there is nothing to answer."""
    match event.get("type"):
        case "message":
            return _message(_fields(event.get("message")))
        case "postback":
            data = _fields(event.get("postback")).get("data")
            press = decode(data) if isinstance(data, str) else None
            return press or Sent("unknown_button")
        case "follow":
            return Followed()
    return None


def _message(message: dict[str, object]) -> Event:
    kind, text = message.get("type"), message.get("text")
    if kind == "text" and isinstance(text, str):
        return Typed(text)
    return Sent(kind) if isinstance(kind, str) and kind in KINDS else Sent("unknown")


def _fields(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _event_id(event: dict[str, object]) -> str:
    return _name(event.get("webhookEventId"))


def _name(value: object) -> str:
    """*value* if it can be an id or a token; "" if not, or if no database could keep it."""
    if isinstance(value, str) and len(value) <= LONGEST_NAME and "\0" not in value:
        return value
    return ""


def _time(value: object) -> int | None:
    """*value* if it is a whole number of milliseconds that a calendar can show."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LATEST:
        return value
    return None
