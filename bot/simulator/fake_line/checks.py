"""What our LINE refuses of a request's body. Stricter than LINE: what it lets pass, LINE does too.

Lengths, counts and forms come from `bot.line.limits`. The SDK's models are a second opinion,
made by others from LINE's own OpenAPI file: they know every property LINE knows.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from bot.line import limits
from bot.simulator.fake_line.refusals import Detail, RefusalError, invalid

LARGEST = 2_000_000
"""Bytes of a request LINE reads (#status-codes)."""

CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")
"""The id of a person, a group or a room."""

Body = dict[str, Any]


def read(content: bytes, content_type: str) -> Body:
    """The JSON object in *content*. Raises RefusalError for anything else."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RefusalError(400, "Content-Type must be application/json")
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise RefusalError(400, "The request body could not be parsed as JSON")
    return body


def must_be(body: Body, known: Mapping[str, type], required: tuple[str, ...]) -> None:
    """Refuse *body* unless it has the *required* of the *known* keys, and no others."""
    faults = [Detail("May not be empty", key) for key in required if not body.get(key)]
    faults += [Detail("Unknown field", key) for key in body if key not in known]
    faults += [
        Detail(f"Must be {kind.__name__}", key)
        for key, kind in known.items()
        if key in body and type(body[key]) is not kind
    ]
    if faults:
        raise invalid(faults)


def is_user_id(thing: str) -> bool:
    """Whether *thing* has the shape of a person's id."""
    return thing.startswith("U") and CHAT_ID.fullmatch(thing) is not None


def excess(what: str, thing: object) -> str | None:
    """By how much *thing* exceeds the limit *what*, in a sentence; None while it does not."""
    return limits.limit(what).excess(thing)


def retry_key(given: str | None) -> str | None:
    """The retry key *given*, in one spelling. Raises RefusalError for what is no UUID."""
    if given is None:
        return None
    try:
        return str(uuid.UUID(given))
    except ValueError:
        raise RefusalError(400, "X-Line-Retry-Key must be a UUID") from None


def messages_must_be_valid(messages: list[Any], *, second_opinion: bool) -> None:
    """Refuse *messages* that break a rule; with *second_opinion* also those the SDK refuses."""
    faults = [Detail(what, where) for where, what in map(_split, _broken(orjson.dumps(messages)))]
    if second_opinion and not faults:
        faults = [Detail(what, where) for where, what in _unlike_the_sdk(messages)]
    if faults:
        raise invalid(faults)


def warm_up() -> None:
    """Load the SDK's models now: it takes a second, which would outlast a caller's patience."""
    list(_unlike_the_sdk([{"type": "text", "text": "warm"}]))


@lru_cache(maxsize=2048)
def _broken(messages: bytes) -> Sequence[str]:
    """`limits.broken`; kept, as whoever walks through everything sends the same again."""
    return limits.broken(orjson.loads(messages))


def _split(breach: str) -> tuple[str, str]:
    where, _, what = breach.partition(": ")
    return where, what


def _unlike_the_sdk(messages: list[Any]) -> Iterator[tuple[str, str]]:
    """Where the SDK refuses *messages*, or reads less out of them than they say."""
    from linebot.v3.messaging.models import ReplyMessageRequest

    try:
        understood = ReplyMessageRequest.from_dict({"replyToken": "-", "messages": messages})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield "messages", f"the SDK refuses it ({str(error)[:200]})"
        return
    yield from _lost(messages, understood.to_dict()["messages"], "messages")


def _lost(said: Any, understood: Any, where: str) -> Iterator[tuple[str, str]]:
    """Each place where *understood* lacks what was *said*. The SDK drops what it does not know."""
    if isinstance(said, dict) and isinstance(understood, dict):
        for key, value in said.items():
            if key in understood:
                yield from _lost(value, understood[key], f"{where}.{key}")
            else:
                yield f"{where}.{key}", "Unknown field"
    elif isinstance(said, list) and isinstance(understood, list) and len(said) == len(understood):
        for number, (mine, theirs) in enumerate(zip(said, understood, strict=True)):
            yield from _lost(mine, theirs, f"{where}[{number}]")
    elif said != understood:
        yield where, "the SDK reads it as another value"
