"""When an event may change something. The same for every database, so written once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.port import Outcome

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

STALE_AFTER = DAY
"""A signature never expires, so an old body could be played back at any time. Event ids are
remembered for longer than this, so nothing this young can pass as new a second time."""

TOKEN_LIFE = 20 * MINUTE
"""No reply token works longer than this after its event, redelivered or not
(reference/messaging-api/#send-reply-message-reply-token)."""

CLOCK_TOLERANCE = MINUTE
"""How far ahead of our clock an event's own time is believed. One event from the far future
would otherwise make every later one look late."""

FAR = 2 * MINUTE
"""No lease and no pause is longer. A waiting answer due later than this was
written before the clock was set back, and is due now."""

CROWD_WINDOW = 10_000
"""Milliseconds over which one person's events are counted together."""

CROWD_LIMIT = 20
"""Events of one person within `CROWD_WINDOW` that are each answered: two a second is faster
than anybody can read. The next one is answered for all that follow it."""


@dataclass(slots=True)
class Crowd:
    """How many events of a person came since the window ``since`` (ms) began."""

    since: int
    count: int


def crowd(before: Crowd, now: int) -> Crowd:
    """`Crowd` with one more event at *now*; a new window where the old one is over."""
    if 0 <= now - before.since < CROWD_WINDOW:
        return Crowd(before.since, before.count + 1)
    return Crowd(now, 1)


def believed(at: int, received: int) -> int:
    """The time of an event as far as our own clock lets us believe it."""
    return max(0, min(at, received + CLOCK_TOLERANCE))


def verdict_on(
    at: int, received: int, leaving: bool, erased_at: int | None, last_at: int | None
) -> Outcome | None:
    """Why an event may not do what it says, or None when it may.

    It happened ``at``; ``received`` is when it first reached us, ``erased_at`` the time of the
    event that erased the person, ``last_at`` that of the newest event handled; all but the
    second by LINE's clock, so that only like is compared with like.
    """
    if erased_at is not None and at <= erased_at:
        return Outcome.DROPPED
    if leaving:
        return None
    if received - at > STALE_AFTER:
        return Outcome.STALE
    if last_at is not None and at < last_at:
        return Outcome.LATE
    return None


def token_born(at: int, received: int, redelivered: bool) -> int:
    """From when to count the age of the reply token of an event that happened *at*.

    LINE counts from its delivery, which is before we read it, so the event's own time is the
    safe side. A redelivery within `TOKEN_LIFE` starts the count anew, but never beyond that life:
    in its last minute a token has only what is left of it.
    """
    if redelivered and received - at < TOKEN_LIFE:
        return min(received, at + TOKEN_LIFE - MINUTE)
    return min(at, received)
