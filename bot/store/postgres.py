"""The store in PostgreSQL, shared by any number of nodes.

The primary of it: what a replica shows may be old. Nothing is kept in a session between two
calls and no lock outlives a transaction, so a pooler that hands out connections by transaction
may stand in between, if it keeps prepared statements apart (PgBouncer from 1.21 on, with
``max_prepared_statements``) and lets the settings of `bot.store.postgres_pool.SETTINGS` pass
(``ignore_startup_parameters``; then give them to the role with ``ALTER ROLE … SET``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import asyncpg

from bot.clock import Clock, present
from bot.store import postgres_accepting as accepting
from bot.store import postgres_adopting as adopting
from bot.store import postgres_deferring as deferring
from bot.store import postgres_delivering as delivering
from bot.store import postgres_keeping as keeping
from bot.store import postgres_layout as layout
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
    Terms,
)
from bot.store.postgres_calls import Calls
from bot.store.postgres_groups import Groups
from bot.store.postgres_pool import CONNECTIONS, SETTINGS, Pool

SWEEP_SECONDS = 35.0
"""How long one slice of a purge, or renaming one person, may take: nobody waits for it."""


class PostgresStore:
    """`bot.store.port.Store` on a PostgreSQL server. For one event loop."""

    def __init__(self, pool: Pool, clock: Clock | None) -> None:
        self._pool = pool
        self._clock = clock
        self._calls = Calls()
        self._groups = Groups(pool)

    @classmethod
    async def open(
        cls, url: str, *, clock: Clock | None = None, connections: int = CONNECTIONS
    ) -> Self:
        """Connect to *url*, with at most so many *connections*.

        Without *clock*, as it should be where there are several nodes, the database's own counts.
        Raises StoreRefusedError when it cannot be reached or its layout does not fit.
        """
        try:
            connection = await asyncpg.connect(
                url, timeout=layout.OPEN_SECONDS, server_settings=SETTINGS
            )
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
            raise layout.refused(error) from None
        try:
            await layout.must_fit(connection)
        except BaseException:
            connection.terminate()
            raise
        return cls(Pool(url, connections, connection), clock)

    async def accept(self, arrival: Arrival, decide: Decide, lease: int | None = None) -> Accepted:
        """See `Store.accept`."""
        async with self._calls.about(arrival.user_key):
            return await accepting.accept(
                self._pool, self._groups, arrival, decide, lease, self._now()
            )

    async def note(self, arrival: Arrival, outcome: Outcome) -> Outcome:
        """See `Store.note`."""
        async with self._calls.about(arrival.user_key):
            return await accepting.note(self._groups, arrival, outcome, self._now())

    async def unsend(self, arrival: Arrival) -> Outcome:
        """See `Store.unsend`."""
        async with self._calls.about(arrival.user_key):
            return await accepting.unsend(self._pool, arrival, self._now())

    async def defer(self, events: Sequence[Deferred]) -> None:
        """See `Store.defer`. Called when time is short, so it waits for nobody.

        That is safe: an event that is just being decided on then waits behind the older one, or
        goes before it.
        """
        people = {each.arrival.user_key for each in events}
        async with self._calls.about(*people, overtaking=True):
            await deferring.defer(self._pool, events, self._now())

    async def deferred(self, user_key: bytes) -> list[Deferred]:
        """See `Store.deferred`."""
        async with self._calls.about(user_key):
            return await deferring.deferred(self._pool, user_key)

    async def postpone(self, user_key: bytes, pause: int) -> None:
        """See `Store.postpone`."""
        async with self._calls.about(user_key):
            await deferring.postpone(self._pool, user_key, pause, self._now())

    async def behind(self, limit: int) -> list[bytes]:
        """See `Store.behind`."""
        async with self._calls.about():
            return await deferring.behind(self._pool, limit, self._now())

    async def recall(self, user_key: bytes) -> bytes | None:
        """See `Store.recall`."""
        async with self._calls.about(user_key):
            return await keeping.recall(self._pool, user_key)

    async def claim(self, user_key: bytes, lease: int) -> Claim | None:
        """See `Store.claim`."""
        async with self._calls.about(user_key):
            return await delivering.claim(self._pool, user_key, lease, self._now())

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """See `Store.settle`."""
        async with self._calls.about(claim.user_key):
            return await delivering.settle(self._pool, self._groups, claim, settlement, self._now())

    async def waiting(self, limit: int) -> list[bytes]:
        """See `Store.waiting`."""
        async with self._calls.about():
            return await delivering.waiting(self._pool, limit, self._now())

    async def adopt(self, old: bytes, new: bytes, reseal: Reseal) -> bool:
        """See `Store.adopt`."""
        if old == new:
            return False
        both = sorted((old, new))  # in one order everywhere: no two wait for each other
        async with self._calls.about(*both, seconds=SWEEP_SECONDS):
            return await adopting.adopt(self._pool, old, new, reseal)

    async def allow(self, user_key: bytes, day: int, most: int) -> bool:
        """See `Store.allow`."""
        async with self._calls.about(user_key):
            return await delivering.allow(self._pool, user_key, day, most)

    async def purge(self, terms: Terms, limit: int) -> Purged:
        """See `Store.purge`."""
        async with self._calls.about(seconds=SWEEP_SECONDS):
            return await keeping.purge(self._pool, terms, limit, self._now())

    async def backlog(self) -> Backlog:
        """See `Store.backlog`."""
        async with self._calls.about():
            return await keeping.backlog(self._pool, self._now())

    async def ping(self) -> None:
        """See `Store.ping`."""
        async with self._calls.about():
            await keeping.ping(self._pool)

    async def close(self) -> None:
        """See `Store.close`."""
        await self._calls.close()
        await self._groups.close()
        await self._pool.close()

    def _now(self) -> int | None:
        return None if self._clock is None else present(self._clock)
