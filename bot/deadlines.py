"""Time limits of one length for very many tasks, with one timer for them all.

`asyncio.timeout` does the same for one task, with a timer each; for something that every event
goes through twice and that ends in time a million times over, that is most of what it costs.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any


class Deadlines:
    """A limit of *seconds* for the block that each task begins ``with`` it.

    TimeoutError comes out of a block that is late. For the event loop it is made in; a task has
    one such block at a time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        # When each block ends, by the loop's clock, and how often its task's end had been asked
        # for when it began. All are of one length, so the first begun ends first.
        self._running: dict[asyncio.Task[Any], tuple[float, int]] = {}
        self._late: dict[asyncio.Task[Any], int] = {}
        self._is_watching = False

    def __enter__(self) -> None:
        task = asyncio.current_task(self._loop)
        if task is None or task in self._running:
            raise RuntimeError("a time limit is for one block of a task")
        until = self._loop.time() + self._seconds
        self._running[task] = until, task.cancelling()
        if not self._is_watching:
            self._is_watching = True
            self._loop.call_at(until, self._look)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        task = asyncio.current_task(self._loop)
        assert task is not None
        if self._running.pop(task, None) is not None:
            return
        # As asyncio.timeout: who else asked for the task's end has precedence.
        if task.uncancel() <= self._late.pop(task) and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _look(self) -> None:
        while self._running:
            task, (until, cancelling) = next(iter(self._running.items()))
            if until > self._loop.time():
                self._loop.call_at(until, self._look)
                return
            del self._running[task]
            self._late[task] = cancelling
            task.cancel()
        self._is_watching = False
