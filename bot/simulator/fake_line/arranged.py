"""What was arranged to go wrong next, in its order."""

from __future__ import annotations

import threading
from collections import deque
from enum import StrEnum
from itertools import groupby
from typing import Generic, TypeVar

Kind = TypeVar("Kind", bound=StrEnum)


class Arranged(Generic[Kind]):
    """Troubles of one *kind* that are still to come, first come first served.

    Safe to use from several threads.
    """

    def __init__(self, kind: type[Kind]) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._next: deque[Kind] = deque()

    def inject(self, trouble: Kind | str, times: int = 1) -> None:
        """Let *trouble* happen to the next *times*. Raises ValueError for an unknown one."""
        with self._lock:
            self._next.extend([self._kind(trouble)] * times)

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._next.clear()

    def take(self) -> Kind | None:
        """What happens to the one that is under way now; None when it works."""
        with self._lock:
            return self._next.popleft() if self._next else None

    @property
    def waiting(self) -> list[tuple[Kind, int]]:
        """What is still to come: each trouble, and to how many in a row."""
        with self._lock:
            return [(trouble, len(list(same))) for trouble, same in groupby(self._next)]

    def __len__(self) -> int:
        with self._lock:
            return len(self._next)
