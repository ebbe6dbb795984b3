"""A model of a shared database: rows of people, locks, commits, and everything that takes time.

A transaction reads committed rows under the person's lock, works on a copy, and replaces the
rows that it changed in one instant: the commit. Between any two of these anything else may
happen, and the database may go away: before the commit nothing was changed, after it everything
was, and the client hears the same of both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from typing import TypeVar

from bot.store.port import StoreDownError
from tests.simulation.locks import Locks
from tests.simulation.loop import NODE
from tests.simulation.rows import Rows, with_changes

T = TypeVar("T")
Work = Callable[[Rows, int], T]
"""Reads and changes one person's rows at a time in ms, and says what came of it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What an observer outside sees of a transaction: whose rows changed, when, and how."""

    user_key: bytes
    now: int
    before: Rows
    after: Rows
    node: str


class Weather:
    """What a database does to those who use it; this one is always there, and quick."""

    def takes(self) -> float | None:
        """Seconds until the next thing happens, None when it happens at once."""
        return 0.0

    def is_down(self) -> bool:
        """Whether nothing can be read or written just now."""
        return False

    def loses_answer(self) -> bool:
        """Whether the client never hears of the commit that was just made."""
        return False

    def lands_after(self) -> float | None:
        """Seconds after which a commit takes effect whose client is gone; None for never."""
        return None


@dataclass(slots=True, eq=False)
class _Flight:
    """A commit on its way from *node* to the disk."""

    node: str
    user_key: bytes
    before: Rows = field(default_factory=Rows)
    after: Rows = field(default_factory=Rows)
    landing: bool = False


class Database:
    """Holds everybody's rows. ``now`` tells its time in ms, which is never wrong."""

    def __init__(self, now: Callable[[], int], weather: Weather) -> None:
        self.now = now
        self.weather = weather
        self.people: dict[bytes, Rows] = {}
        self.observers: list[Callable[[Commit], None]] = []
        self.locks = Locks()
        self.order = Locks()
        self._flights: list[_Flight] = []

    async def transaction(self, user_key: bytes, work: Work[T], *, locking: bool = True) -> T:
        """What *work* returns, after it is committed; StoreDownError when that is not known.

        What one process asks about one person reaches the database in that order, as the port
        promises; without *locking* it then happens in one instant, whoever holds the lock.
        """
        place = (NODE.get(), user_key)
        await self.order.acquire(place)
        try:
            await self.pause()
            if locking:
                result = await self._behind_a_lock(user_key, work)
            else:
                before, after, result = self.worked(user_key, work)
                self.commit(user_key, before, after)
            if self.weather.loses_answer():
                raise StoreDownError("the connection broke at the commit")
            await self.pause()
            return result
        finally:
            self.order.release(place)

    async def _behind_a_lock(self, user_key: bytes, work: Work[T]) -> T:
        flight = _Flight(NODE.get(), user_key)
        await self.locks.acquire(user_key)
        try:
            while True:
                await self.pause()
                flight.before, flight.after, result = self.worked(user_key, work)
                self._flights.append(flight)
                await self.pause()
                self._flights.remove(flight)
                if self.commit(user_key, flight.before, flight.after):
                    return result
                # Somebody who needed no lock put in the same key: all over again.
        except asyncio.CancelledError:
            if flight in self._flights:
                self._left_alone(flight)
            raise
        finally:
            if not flight.landing:
                if flight in self._flights:
                    self._flights.remove(flight)
                self.locks.release(user_key)

    def forget(self, node: str) -> None:
        """*node* died. What it had sent may still take effect; what it had not never will."""
        for flight in [flight for flight in self._flights if flight.node == node]:
            self._left_alone(flight)
            if not flight.landing:
                self._flights.remove(flight)
        self.locks.forget(node)
        self.order.forget(node)

    def _left_alone(self, flight: _Flight) -> None:
        """Nobody waits for *flight* any more: it lands by itself, or never."""
        seconds = self.weather.lands_after()
        if seconds is None or flight.landing:
            return
        flight.landing = True
        self.locks.hand_over(flight.user_key)

        def land() -> None:
            self._flights.remove(flight)
            self.commit(flight.user_key, flight.before, flight.after)
            self.locks.release(flight.user_key)

        asyncio.get_running_loop().call_later(seconds, land, context=Context())

    def worked(self, user_key: bytes, work: Work[T]) -> tuple[Rows, Rows, T]:
        """The rows before and after *work*, and its result; nobody sees them yet."""
        before = self.people.get(user_key, Rows())
        after = before.copy()
        return before, after, work(after, self.now())

    def commit(self, user_key: bytes, before: Rows, after: Rows) -> bool:
        """Make what changed visible to everybody, at once and for good.

        False, and nothing, when an event it records was recorded by somebody else meanwhile.
        """
        current = self.people.get(user_key, Rows())
        if (after.inbox.keys() - before.inbox.keys()) & current.inbox.keys():
            return False
        merged = with_changes(current, before, after)
        if merged == current:
            return True
        if merged:
            self.people[user_key] = merged
        else:
            self.people.pop(user_key, None)
        commit = Commit(user_key, self.now(), current, merged, NODE.get())
        for observer in self.observers:
            observer(commit)
        return True

    async def pause(self) -> None:
        """Some time goes by; StoreDownError if the database is away then."""
        if (seconds := self.weather.takes()) is not None:
            await asyncio.sleep(seconds)
        if self.weather.is_down():
            raise StoreDownError("down")
