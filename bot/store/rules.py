"""When an event may change something. The same for every database, so written once."""

from __future__ import annotations

from bot.store.port import Arrival, Outcome

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
"""No lease and no pause is longer. A waiting answer due later than this was written before the
clock was set back, and is due now."""


def believed(at: int, received: int) -> int:
    """The time of an event as far as our own clock lets us believe it."""
    return max(0, min(at, received + CLOCK_TOLERANCE))


def verdict_on(arrival: Arrival, erased_at: int | None, last_at: int | None) -> Outcome | None:
    """Why *arrival* may not do what it says, or None when it may.

    ``erased_at`` is the time of the event that erased the person, ``last_at`` that of the newest
    event handled; both by LINE's clock, so that only like is compared with like.
    """
    if erased_at is not None and arrival.at <= erased_at:
        return Outcome.DROPPED
    if arrival.leaving:
        return None
    if arrival.received - arrival.at > STALE_AFTER:
        return Outcome.STALE
    if last_at is not None and arrival.at < last_at:
        return Outcome.LATE
    return None


def token_born(arrival: Arrival) -> int:
    """From when to count the age of the reply token that came with *arrival*.

    LINE counts from its delivery, which is before we read it, so the event's own time is the
    safe side. A redelivery within `TOKEN_LIFE` starts the count anew: there the receipt counts.
    """
    if arrival.redelivered and arrival.received - arrival.at < TOKEN_LIFE:
        return arrival.received
    return min(arrival.at, arrival.received)
