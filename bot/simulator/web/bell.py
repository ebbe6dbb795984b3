"""A bell between threads and an event loop: it wakes the streams of the open pages."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Bell:
    """Rung from any thread, heard by whoever waits in one event loop."""

    def __init__(self) -> None:
        self.is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next = asyncio.Event()

    def open(self) -> None:
        """Be heard in the running event loop from now on."""
        self._loop = asyncio.get_running_loop()

    def next_ring(self) -> asyncio.Event:
        """The event the next ring sets. In the loop only."""
        return self._next

    def ring(self) -> None:
        """Wake everybody who waits. Before `open` and after the loop's end nobody does."""
        if self._loop is None:
            return
        with suppress(RuntimeError):  # the loop may end at any moment: asking first would not help
            self._loop.call_soon_threadsafe(self._strike)

    def close(self) -> None:
        """Ring for the last time."""
        self.is_closed = True
        self.ring()

    def _strike(self) -> None:
        rung, self._next = self._next, asyncio.Event()
        rung.set()
