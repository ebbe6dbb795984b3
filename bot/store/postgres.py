"""The store in PostgreSQL, shared by any number of nodes.

The primary of it: what a replica shows may be old. Nothing is kept in a session between two
calls and no lock outlives a transaction, so a pooler that hands out connections by transaction
may stand in between, if it keeps prepared statements apart (PgBouncer from 1.21 on, with
``max_prepared_statements``) and lets the settings of `bot.store.postgres_pool.SETTINGS` pass
(``ignore_startup_parameters``; then give them to the role with ``ALTER ROLE … SET``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Self, TypeVar

import asyncpg

from bot.clock import Clock, millis
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
    StoreDownError,
    Terms,
)
from bot.store.postgres_order import Order
from bot.store.postgres_pool import BUDGET_SECONDS, CONNECTIONS, SETTINGS, Pool

T = TypeVar("T")

SWEEP_SECONDS = 35.0
"""How long one slice of a purge, or renaming one person, may take: nobody waits for it."""


class PostgresStore:
    """`bot.store.port.Store` on a PostgreSQL server. For one event loop.

    A call that comes while an earlier one for the same person is under way waits for it here,
    holding no connection. Only `defer` does not, which is called when time is short; it is safe,
    for the event that is being decided on then waits behind the older one, or goes before it.
    """

    def __init__(self, pool: Pool, clock: Clock | None) -> None:
        self._pool = pool
        self._clock = clock
        self._order = Order()
        self._under_way = 0
        self._at_rest = asyncio.Event()
        self._closing = False

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
        call = partial(accepting.accept, self._pool, arrival, decide, lease, self._now())
        return await self._in_order(arrival.user_key, call)

    async def note(self, arrival: Arrival, outcome: Outcome) -> Outcome:
        """See `Store.note`."""
        call = partial(accepting.note, self._pool, arrival, outcome, self._now())
        return await self._in_order(arrival.user_key, call)

    async def unsend(self, arrival: Arrival) -> Outcome:
        """See `Store.unsend`."""
        call = partial(accepting.unsend, self._pool, arrival, self._now())
        return await self._in_order(arrival.user_key, call)

    async def defer(self, events: Sequence[Deferred]) -> None:
        """See `Store.defer`."""
        call: Callable[[], Awaitable[None]]
        call = partial(_within, BUDGET_SECONDS, deferring.defer, self._pool, events, self._now())
        for who in {each.arrival.user_key for each in events}:
            call = partial(self._order.next, who, call, overtaking=True)
        await self._finishing(call)

    async def deferred(self, user_key: bytes) -> list[Deferred]:
        """See `Store.deferred`."""
        return await self._in_order(user_key, partial(deferring.deferred, self._pool, user_key))

    async def postpone(self, user_key: bytes, pause: int) -> None:
        """See `Store.postpone`."""
        call = partial(deferring.postpone, self._pool, user_key, pause, self._now())
        await self._in_order(user_key, call)

    async def behind(self, limit: int) -> list[bytes]:
        """See `Store.behind`."""
        return await self._for_all(partial(deferring.behind, self._pool, limit, self._now()))

    async def recall(self, user_key: bytes) -> bytes | None:
        """See `Store.recall`."""
        return await self._in_order(user_key, partial(keeping.recall, self._pool, user_key))

    async def claim(self, user_key: bytes, lease: int) -> Claim | None:
        """See `Store.claim`."""
        call = partial(delivering.claim, self._pool, user_key, lease, self._now())
        return await self._in_order(user_key, call)

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """See `Store.settle`."""
        call = partial(delivering.settle, self._pool, claim, settlement, self._now())
        return await self._in_order(claim.user_key, call)

    async def waiting(self, limit: int) -> list[bytes]:
        """See `Store.waiting`."""
        return await self._for_all(partial(delivering.waiting, self._pool, limit, self._now()))

    async def adopt(self, old: bytes, new: bytes, reseal: Reseal) -> bool:
        """See `Store.adopt`."""
        if old == new:
            return False
        call = partial(_within, SWEEP_SECONDS, adopting.adopt, self._pool, old, new, reseal)
        first, second = sorted((old, new))  # in one order everywhere: no two wait for each other
        call = partial(self._order.next, first, partial(self._order.next, second, call))
        return await self._finishing(call)

    async def allow(self, user_key: bytes, day: int, most: int) -> bool:
        """See `Store.allow`."""
        call = partial(delivering.allow, self._pool, user_key, day, most)
        return await self._in_order(user_key, call)

    async def purge(self, terms: Terms, limit: int) -> Purged:
        """See `Store.purge`."""
        call = partial(keeping.purge, self._pool, terms, limit, self._now())
        return await self._for_all(call, SWEEP_SECONDS)

    async def backlog(self) -> Backlog:
        """See `Store.backlog`."""
        return await self._for_all(partial(keeping.backlog, self._pool, self._now()))

    async def ping(self) -> None:
        """See `Store.ping`."""
        await self._for_all(partial(keeping.ping, self._pool))

    async def close(self) -> None:
        """See `Store.close`."""
        self._closing = True
        while self._under_way:
            self._at_rest.clear()
            await self._at_rest.wait()
        await self._pool.close()

    async def _in_order(self, who: bytes, call: Callable[[], Awaitable[T]]) -> T:
        call = partial(_within, BUDGET_SECONDS, call)
        return await self._finishing(partial(self._order.next, who, call))

    async def _for_all(
        self, call: Callable[[], Awaitable[T]], seconds: float = BUDGET_SECONDS
    ) -> T:
        return await self._finishing(partial(_within, seconds, call))

    async def _finishing(self, call: Callable[[], Awaitable[T]]) -> T:
        """The result of *call*, which `close` waits for once it has begun."""
        if self._closing:
            raise StoreDownError("closed")
        self._under_way += 1
        try:
            return await call()
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._at_rest.set()

    def _now(self) -> int | None:
        return None if self._clock is None else millis(self._clock.now())


async def _within(seconds: float, call: Callable[..., Awaitable[T]], *values: object) -> T:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await call(*values)
    except TimeoutError:
        if limit.expired():
            raise StoreDownError("out of time") from None
        raise
