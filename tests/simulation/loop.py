"""An event loop that knows no real time: the next callback is drawn by lot, the clock jumps.

One seed, one run: everything that is left to chance in a real loop - which of the callbacks that
are ready goes first, how long a sleep took, when a process dies - is drawn from one generator.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from math import ceil
from random import Random
from typing import Any, Self, TypeVar

T = TypeVar("T")

NODE: ContextVar[str] = ContextVar("node", default="")
"""Whose code is running: the name of a node's process, "" for the world around the nodes. Tasks
and callbacks inherit it, so whatever a node begins belongs to the node."""

MOST_STEPS = 2_000_000
"""Callbacks in one run; a run has some thousands. Beyond it something spins."""


class SpinningError(Exception):
    """The run does not come to an end."""


class _Handle:
    """One callback that will be made, unless it is cancelled or its node is dead by then."""

    __slots__ = ("args", "callback", "context", "dropped")

    def __init__(
        self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> None:
        self.callback, self.args = callback, args
        self.context = copy_context() if context is None else context  # an empty one is falsy
        self.dropped = False

    def cancel(self) -> None:
        self.dropped = True

    def cancelled(self) -> bool:
        return self.dropped


class SimLoop(asyncio.AbstractEventLoop):
    """Runs one coroutine to its end, and everything it begins. ``trace`` is a running hash of
    every choice made, ``errors`` what reached the loop because nobody else took it."""

    @classmethod
    def seeded(cls, seed: str) -> Self:
        """A loop whose every choice follows from *seed*."""
        return cls(Random(seed))

    def __init__(self, random: Random) -> None:
        self.trace = 0
        self.steps = 0
        self.errors: list[str] = []
        self._draw = random.random
        self._ready: list[_Handle] = []
        self._timers: list[tuple[int, int, _Handle]] = []
        self._now = 0  # in µs: whole numbers, so that no two clocks differ by a rounding
        self._numbers = itertools.count()
        self._tasks: list[asyncio.Task[Any]] = []
        self._dead: set[str] = set()
        self._frozen: dict[str, int] = {}
        self._offsets: dict[str, int] = {}
        self._graveyard: list[_Handle] = []

    @property
    def now(self) -> float:
        """The virtual time in seconds, on nobody's clock."""
        return self._now / 1e6

    # --- what can befall a node -----------------------------------------------------------

    def kill(self, node: str) -> None:
        """End *node* as SIGKILL does: nothing of it runs any more, no ``finally`` either."""
        self._dead.add(node)

    def freeze(self, node: str, seconds: float) -> None:
        """Stop *node* for a while, as SIGSTOP or a starved machine does. It goes on when the last
        of several such whiles is over: what is put off is put off to one moment."""
        until = self._now + round(seconds * 1e6)
        self._frozen[node] = max(until, self._frozen.get(node, 0))

    def shift(self, node: str, seconds: float) -> None:
        """Begin *node*'s monotonic clock at *seconds*: no two machines agree on it."""
        self._offsets[node] = round(seconds * 1e6)

    # --- running --------------------------------------------------------------------------

    def run_until_complete(self, future: Coroutine[Any, Any, T]) -> T:  # type: ignore[override]
        """Run until *future*, a coroutine, is done; its result."""
        asyncio._set_running_loop(self)
        try:
            main: asyncio.Task[T] = self.create_task(future)
            while not main.done():
                self._step()
            return main.result()
        finally:
            asyncio._set_running_loop(None)

    def _step(self) -> None:
        ready = self._ready
        if not ready:
            self._let_time_pass()
        chosen = int(self._draw() * len(ready))
        ready[chosen], ready[-1] = ready[-1], ready[chosen]
        handle = ready.pop()
        if handle.dropped:
            return
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise SpinningError(f"{MOST_STEPS} steps taken by {self.now:.3f} s")
        self.trace = hash((self.trace, chosen, len(ready), self._now))
        node = handle.context.get(NODE, "")
        if node in self._dead:
            self._graveyard.append(handle)  # what is collected as garbage runs its ``finally``
        elif node in self._frozen and self._frozen[node] > self._now:
            self._set(self._frozen[node], handle)
        else:
            handle.context.run(handle.callback, *handle.args)

    def _let_time_pass(self) -> None:
        """Jump to the moment at which something is to happen next."""
        timers = self._timers
        if not timers:
            raise SpinningError("nothing is left to do, and nothing will ever happen")
        self._now = timers[0][0]
        while timers and timers[0][0] <= self._now:
            self._ready.append(heapq.heappop(timers)[2])

    def _set(self, moment: int, handle: _Handle) -> None:
        """Make *handle* ready at *moment*."""
        if moment <= self._now:
            self._ready.append(handle)
        else:
            heapq.heappush(self._timers, (moment, next(self._numbers), handle))

    def failed(self) -> list[str]:
        """What was raised by tasks that nobody asks for their result, and anything like it."""
        unheard = [
            task
            for task in self._tasks
            if task.done() and not task.cancelled() and task._log_traceback
        ]
        return [*self.errors, *(repr(task.exception()) for task in unheard)]

    def close(self) -> None:
        """Let go of what was killed or never finished, when nobody looks at the world any more."""
        for task in self._tasks:
            if not task.done():
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                with suppress(BaseException):
                    task.get_coro().close()
        self._tasks.clear()
        self._graveyard.clear()
        self._ready.clear()
        self._timers.clear()

    # --- what asyncio asks of a loop -------------------------------------------------------

    def time(self) -> float:
        """Seconds on the monotonic clock of whoever asks."""
        return (self._now + self._offsets.get(NODE.get(), 0)) / 1e6

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> _Handle:
        """Make *callback* ready; some time, in some order, it will be made."""
        handle = _Handle(callback, args, context)
        self._ready.append(handle)
        return handle

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> _Handle:
        """Make *callback* ready at *when*, by the caller's monotonic clock."""
        handle = _Handle(callback, args, context)
        moment = ceil(when * 1e6)
        if moment / 1e6 < when:
            moment += 1  # never early, be it by a rounding
        self._set(moment - self._offsets.get(NODE.get(), 0), handle)
        return handle

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> _Handle:
        """Make *callback* ready in *delay* seconds."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def create_future(self) -> asyncio.Future[Any]:
        """A future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(  # type: ignore[override]
        self,
        coro: Coroutine[Any, Any, T],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> asyncio.Task[T]:
        """A task, kept until the end of the run."""
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        self._tasks.append(task)
        return task

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Run *func* as a callback of this loop: a thread would bring real time in."""
        future: asyncio.Future[T] = self.create_future()

        def run() -> None:
            try:
                result = func(*args)
            except Exception as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self.call_soon(run)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Note what nobody handled."""
        self.errors.append(f"{context.get('message')}: {context.get('exception')!r}")

    def get_debug(self) -> bool:
        """Never."""
        return False
