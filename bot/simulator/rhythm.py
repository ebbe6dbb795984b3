"""When people do things: one after the other, and never two in the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import millis
from bot.simulator.clock import SimClock
from bot.store.rules import CROWD_LIMIT, CROWD_WINDOW

BREATH = timedelta(milliseconds=2 * CROWD_WINDOW / CROWD_LIMIT)
"""Simulated time from one thing a person does to the next; half of it, and the bot would answer
many things at once. What comes in one webhook was done at once, and the wait comes after it."""


class Rhythm:
    """Keeps, for each chat, when its last event was and when its next may be; by *clock*."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._latest: dict[str, int] = {}
        self._ready: dict[str, datetime] = {}

    def moment(self, chat: str) -> int:
        """Now, in ms since 1970, later than any moment of *chat* before."""
        with self._lock:
            at = max(millis(self._clock.now()), self._latest.get(chat, 0) + 1)
            self._latest[chat] = at
        return at

    def breathe(self, chats: Sequence[str]) -> None:
        """Let the time pass that people need before they do something in each of *chats*."""
        with self._lock:
            now = self._clock.now()
            wait = max((self._ready.get(chat, now) - now for chat in chats), default=timedelta())
            if wait > timedelta():
                self._clock.advance(wait)
            for chat, done in Counter(chats).items():
                self._ready[chat] = self._clock.now() + done * BREATH
