"""`bot.store.port.Store` on the model database: which operation takes which way through it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from bot.clock import Clock, SystemClock, millis
from bot.store.port import (
    Accepted,
    Arrival,
    Backlog,
    Claim,
    Decide,
    Deferred,
    Outcome,
    Purged,
    Reseal,
    Settlement,
    Status,
    StoreDownError,
    Terms,
)
from tests.simulation import keeping, operations
from tests.simulation.database import Database, Weather, Work
from tests.simulation.rows import Rows

T = TypeVar("T")


class ModelStore:
    """The store as one node has it: nodes come and go, the database stays."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._closed = False

    @classmethod
    def open(cls, clock: Clock | None = None) -> ModelStore:
        """One with a database of its own, always there, on any event loop."""
        told = clock or SystemClock()
        return cls(Database(lambda: millis(told.now()), Weather()))

    async def accept(self, arrival: Arrival, decide: Decide, lease: int | None = None) -> Accepted:
        """See `Store.accept`."""
        return await self._do(
            arrival.user_key, partial(operations.accepted, arrival, decide, lease)
        )

    async def note(self, arrival: Arrival, outcome: Outcome) -> Outcome:
        """See `Store.note`."""

        def noted(rows: Rows, now: int) -> Outcome:
            return operations.recorded(rows, arrival.event_key, now, outcome)

        return await self._do(arrival.user_key, noted, locking=False)

    async def unsend(self, arrival: Arrival) -> Outcome:
        """See `Store.unsend`."""
        work = partial(operations.taken_back, arrival)
        return await self._do(arrival.user_key, work, locking=False)

    async def defer(self, events: Sequence[Deferred]) -> None:
        """See `Store.defer`."""
        await self._ready()
        for each in events:  # one transaction, so one instant
            user_key = each.arrival.user_key
            before, after, _ = self.database.worked(user_key, partial(operations.deferred, each))
            self.database.commit(user_key, before, after)
        if self.database.weather.loses_answer():
            raise StoreDownError("the connection broke at the commit")
        await self.database.pause()

    async def deferred(self, user_key: bytes) -> list[Deferred]:
        """See `Store.deferred`."""
        return await self._do(user_key, partial(operations.put_away, user_key), locking=False)

    async def postpone(self, user_key: bytes, pause: int) -> None:
        """See `Store.postpone`."""
        await self._do(user_key, partial(operations.postponed, pause), locking=False)

    async def behind(self, limit: int) -> list[bytes]:
        """See `Store.behind`."""
        await self._ready()
        now = self.database.now()
        due = {
            user_key: min(dues)
            for user_key, rows in self.database.people.items()
            if (dues := [r.next_at for r in rows.deferred.values() if operations.is_due(r, now)])
        }
        return sorted(due, key=lambda user_key: (due[user_key], user_key))[:limit]

    async def recall(self, user_key: bytes) -> bytes | None:
        """See `Store.recall`."""
        return await self._do(user_key, lambda rows, _now: rows.person.state, locking=False)

    async def claim(self, user_key: bytes, lease: int) -> Claim | None:
        """See `Store.claim`."""
        work = partial(operations.claimed, user_key, lease)
        return await self._do(user_key, work, locking=False)

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """See `Store.settle`."""
        work = partial(operations.settled, claim, settlement)
        return await self._do(claim.user_key, work, locking=False)

    async def waiting(self, limit: int) -> list[bytes]:
        """See `Store.waiting`."""
        await self._ready()
        now, due = self.database.now(), {}
        for user_key, rows in self.database.people.items():
            first = rows.oldest()
            if first is not None and operations.is_due(first[1], now):
                due[user_key] = first[1].next_at
        return sorted(due, key=lambda user_key: (due[user_key], user_key))[:limit]

    async def adopt(self, old: bytes, new: bytes, reseal: Reseal) -> bool:
        """See `Store.adopt`."""
        await self._ready()
        return keeping.adopt(self.database, old, new, reseal)

    async def allow(self, user_key: bytes, day: int, most: int) -> bool:
        """See `Store.allow`."""
        return await self._do(user_key, partial(operations.allowed, day, most), locking=False)

    async def purge(self, terms: Terms, limit: int) -> Purged:
        """See `Store.purge`."""
        await self._ready()
        return keeping.purge(self.database, terms, limit)

    async def backlog(self) -> Backlog:
        """See `Store.backlog`."""
        await self._ready()
        now, everybody = self.database.now(), self.database.people.values()
        events = [row.next_at for rows in everybody for row in rows.deferred.values()]
        answers = [
            row.next_at
            for rows in everybody
            for row in rows.outbox.values()
            if row.status is Status.WAITING
        ]
        overdue = now - min([now, *answers, *events])
        return Backlog(len(answers), len(events), overdue)

    async def ping(self) -> None:
        """See `Store.ping`."""
        await self._ready()

    async def close(self) -> None:
        """See `Store.close`."""
        self._closed = True

    # --- ways through the database ---------------------------------------------------------

    async def _do(self, user_key: bytes, work: Work[T], *, locking: bool = True) -> T:
        self._must_be_open()
        return await self.database.transaction(user_key, work, locking=locking)

    async def _ready(self) -> None:
        self._must_be_open()
        await self.database.pause()

    def _must_be_open(self) -> None:
        if self._closed:
            raise StoreDownError("closed")
