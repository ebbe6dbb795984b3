"""What can go wrong between the bot and LINE, one call at a time."""

from __future__ import annotations

import threading
from collections import deque
from enum import StrEnum
from itertools import groupby


class Fault(StrEnum):
    """What happens to a call. ``…-after``: LINE did what it was asked, the bot never learns it.

    In ``restart`` the bot itself ends between saving an answer and learning that it was sent;
    another begins on the same database.
    """

    ERROR = "500"
    ERROR_AFTER = "500-after"
    RATE_LIMIT = "429"
    MONTHLY_LIMIT = "429-monthly"
    UNAUTHORIZED = "401"
    TIMEOUT = "timeout"
    TIMEOUT_AFTER = "timeout-after"
    RESET = "reset"
    RESET_AFTER = "reset-after"
    RESTART = "restart"
    RESTART_AFTER = "restart-after"

    @property
    def accepts(self) -> bool:
        """Whether LINE carries the call out all the same."""
        return self.value.endswith("-after")

    @property
    def cuts(self) -> bool:
        """Whether the connection is cut, instead of left open without a word."""
        return self.value.startswith(("reset", "restart"))

    @property
    def restarts(self) -> bool:
        """Whether the bot ends and another begins."""
        return self.value.startswith("restart")


class Faults:
    """The faults of the next calls that send something, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: deque[Fault] = deque()

    def inject(self, fault: Fault | str, times: int = 1) -> None:
        """Let the next *times* calls end in *fault*. Raises ValueError for an unknown one."""
        with self._lock:
            self._next.extend([Fault(fault)] * times)

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._next.clear()

    def take(self) -> Fault | None:
        """The fault of the call that is being made; None when it works."""
        with self._lock:
            return self._next.popleft() if self._next else None

    @property
    def waiting(self) -> list[tuple[Fault, int]]:
        """What the next calls end in: each fault and how many calls in a row it strikes."""
        with self._lock:
            return [(fault, len(list(same))) for fault, same in groupby(self._next)]

    def __len__(self) -> int:
        with self._lock:
            return len(self._next)
