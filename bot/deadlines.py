"""Time limits of one length for very many tasks, with one timer for them all.

`asyncio.timeout` does the same for one task, with a timer each; for something that every event
goes through twice and that ends in time a million times over, that is most of what it costs.
"""

from __future__ import annotations

import asyncio
from types import TracebackType


class Deadlines:
    """Gives out limits of *seconds* each, in the event loop it is made in."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.loop = asyncio.get_running_loop()
        self._running: dict[Limit, None] = {}  # all of one length: the first begun ends first
        self._is_watching = False

    def limit(self) -> Limit:
        """A limit for the block that ``with`` begins: TimeoutError is raised from there."""
        return Limit(self)

    def begin(self, limit: Limit) -> float:
        """Watch over *limit*; when it ends, by the loop's clock."""
        self._running[limit] = None
        loop = self.loop
        until = loop.time() + self._seconds
        if not self._is_watching:
            self._is_watching = True
            loop.call_at(until, self._look)
        return until

    def end(self, limit: Limit) -> None:
        """Watch over it no more."""
        self._running.pop(limit, None)

    def _look(self) -> None:
        loop = self.loop
        while self._running:
            first = next(iter(self._running))
            if first.until > loop.time():
                loop.call_at(first.until, self._look)
                return
            del self._running[first]
            first.expire()
        self._is_watching = False


class Limit:
    """One task's time limit; what it cancels for being late is turned into TimeoutError."""

    __slots__ = ("_cancelling", "_deadlines", "_is_over", "_task", "until")

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._is_over = False

    def __enter__(self) -> None:
        task = asyncio.current_task(self._deadlines.loop)
        if task is None:
            raise RuntimeError("a time limit is for a task")
        self._task, self._cancelling = task, task.cancelling()
        self.until = self._deadlines.begin(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._deadlines.end(self)
        # As asyncio.timeout: who else asked for the task's end has precedence.
        if (
            self._is_over
            and self._task.uncancel() <= self._cancelling
            and kind is asyncio.CancelledError
        ):
            raise TimeoutError from error

    def expire(self) -> None:
        """The time is over."""
        self._is_over = True
        self._task.cancel()
