"""How fast answers may go out: a token bucket that learns from LINE's own refusals."""

from __future__ import annotations

import math

MOST = 1_900.0
"""Replies a second: LINE takes 2,000 of a channel (#rate-limits), whoever sends them."""

LEAST = 10.0
"""A second: slower would only let reply tokens die."""

RECOVERY = 100.0
"""How much faster it gets each second after a refusal."""

BURST = 0.25
"""Seconds' worth of answers that may go at once after a quiet moment."""


class Pace:
    """A token bucket. Nodes know nothing of each other: each slows down when LINE refuses it
    and speeds up again slowly, so that together they settle at what LINE takes. A bucket
    shared through the database would cost every answer a transaction.
    """

    def __init__(self, now: float) -> None:
        """*now* is any clock that never goes back, in seconds; the same in every call."""
        self._rate = MOST
        self._tokens = MOST * BURST
        self._seen = now
        self._slowed = -math.inf

    @property
    def rate(self) -> float:
        """Answers a second, at present."""
        return self._rate

    def wait(self, now: float, longest: float = math.inf) -> float:
        """Take one token; seconds to wait before using it. Takes none if more than *longest*."""
        self._refill(now)
        wait = max(0.0, (1.0 - self._tokens) / self._rate)
        if wait <= longest:
            self._tokens -= 1.0
        return wait

    def slow_down(self, now: float) -> None:
        """LINE said it was too fast. All it says so within a second is one refusal: most of
        what it refuses then was on its way already."""
        self._refill(now)
        self._tokens = min(self._tokens, 0.0)
        if now - self._slowed >= 1.0:
            self._slowed = now
            self._rate = max(LEAST, self._rate / 2)

    def _refill(self, now: float) -> None:
        passed = max(0.0, now - self._seen)
        self._seen = now
        self._rate = min(MOST, self._rate + RECOVERY * passed)
        self._tokens = min(self._tokens + self._rate * passed, self._rate * BURST)
