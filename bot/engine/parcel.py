"""What was heard, packed to be decided on later: sealed like everything else that is kept.

Personal data typed by mistake is not put away even then.
"""

from __future__ import annotations

from dataclasses import astuple

import orjson

from bot.engine.vault import DEFERRED, UnreadableError, Vault
from bot.line.heard import Heard, Joined, Left
from flows.conversation import Event, Followed, Pressed, Sent, Typed
from flows.understanding.personal import WITHHELD, holds_personal_data

EVENTS: dict[str, type[Event]] = {kind.__name__: kind for kind in (Followed, Pressed, Sent, Typed)}


def packed(item: Heard | Joined | Left, vault: Vault, user_key: bytes, event_key: bytes) -> bytes:
    """*item*, sealed; its id and time are kept beside it."""
    match item:
        case Heard():
            event = _without_personal_data(item.event)
            fields = [type(event).__name__, *astuple(event)]
            content: list[object] = ["heard", item.person, item.reply_token, fields]
        case Joined():
            content = ["joined", item.place, item.reply_token]
        case Left():
            content = ["left", item.person]
    return vault.seal(orjson.dumps(content), DEFERRED, user_key, event_key)


def _without_personal_data(event: Event) -> Event:
    if isinstance(event, Typed) and holds_personal_data(event.text):
        return Typed(WITHHELD)
    return event


def unpacked(
    parcel: bytes, at: int, vault: Vault, user_key: bytes, event_key: bytes
) -> Heard | Joined | Left:
    """What `packed` was given, but for its id. Raises UnreadableError for anything else."""
    plain = vault.open(parcel, DEFERRED, user_key, event_key)
    try:
        match orjson.loads(plain):
            case ["heard", person, reply_token, [kind, *fields]]:
                return Heard("", at, False, person, reply_token, EVENTS[kind](*fields))
            case ["joined", place, reply_token]:
                return Joined("", at, place, reply_token)
            case ["left", person]:
                return Left("", at, person)
    except (ValueError, TypeError, KeyError):
        pass
    raise UnreadableError
