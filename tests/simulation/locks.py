"""Locks as a database hands them out: first come, first served, and let go when a client dies."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from tests.simulation.loop import NODE


@dataclass(slots=True)
class _Lock:
    holder: str
    queue: deque[tuple[str, asyncio.Future[None]]] = field(default_factory=deque)


class Locks:
    """One lock for every key somebody asks for."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, _Lock] = {}

    def __len__(self) -> int:
        """How many are held."""
        return len(self._locks)

    async def acquire(self, key: Hashable) -> None:
        """Wait for the lock of *key*, in the order of asking."""
        node = NODE.get()
        lock = self._locks.get(key)
        if lock is None:
            self._locks[key] = _Lock(node)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        lock.queue.append((node, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # ours, but nobody wants it any more
                self.release(key)
            raise

    def release(self, key: Hashable) -> None:
        """Let the next one have it."""
        lock = self._locks[key]
        while lock.queue:
            lock.holder, turn = lock.queue.popleft()
            if not turn.done():  # it may have been cancelled
                turn.set_result(None)
                return
        del self._locks[key]

    def forget(self, node: str) -> None:
        """*node* died: its connections break, and what they held or waited for is free."""
        for key, lock in list(self._locks.items()):
            lock.queue = deque(item for item in lock.queue if item[0] != node)
            if lock.holder == node:
                self.release(key)

    def hand_over(self, key: Hashable) -> None:
        """From now on the database itself holds it: its holder is gone, a commit is not."""
        self._locks[key].holder = ""
