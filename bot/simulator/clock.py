"""A clock that can be stopped and turned, for the app and the fake LINE alike."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from bot.clock import TOKYO, SystemClock


class SimClock:
    """A `bot.clock.Clock` that runs like the machine's, unless told otherwise.

    It goes on running after `set` and `advance`, so that whatever waits a moment gets to its
    end; `freeze` stops it. Safe to use from several threads.
    """

    def __init__(self, start: datetime | None = None) -> None:
        """Start at *start* (aware), or at the present."""
        self._lock = threading.Lock()
        self._system = SystemClock()
        self._offset = timedelta()
        self._frozen: datetime | None = None
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """The simulated moment, aware, in Asia/Tokyo."""
        with self._lock:
            return self._now()

    def set(self, moment: datetime) -> None:
        """Make it *moment* now. Raises ValueError for a time without a zone."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment.isoformat()} names no time zone")
        with self._lock:
            moment = moment.astimezone(TOKYO)
            if self._frozen is not None:
                self._frozen = moment
            else:
                self._offset = moment - self._system.now()

    def advance(self, by: timedelta) -> None:
        """Let *by* pass at once. Raises ValueError for a step backwards."""
        if by < timedelta():
            raise ValueError(f"time does not run backwards: {by}")
        with self._lock:
            if self._frozen is not None:
                self._frozen += by
            else:
                self._offset += by

    def freeze(self, at: datetime | None = None) -> None:
        """Stop, at *at* (aware) or where it is."""
        with self._lock:
            self._frozen = at.astimezone(TOKYO) if at is not None else self._now()

    def unfreeze(self) -> None:
        """Run on from the moment it was stopped at."""
        with self._lock:
            if self._frozen is not None:
                self._offset = self._frozen - self._system.now()
                self._frozen = None

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        with self._lock:
            return self._frozen is not None

    def _now(self) -> datetime:
        return self._frozen if self._frozen is not None else self._system.now() + self._offset
