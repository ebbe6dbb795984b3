"""Connections to PostgreSQL: few, kept, replaced when they break.

asyncpg's own pool gives a connection back in a task of its own and resets it with a round trip;
both cost more than the statements here need. Nothing here leaves anything in a session.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import asyncpg

from bot.store.port import StoreDownError

T = TypeVar("T")

CONNECTIONS = 10
"""Of one node. A statement takes about a millisecond, so more would only queue in the server."""

CONNECT_SECONDS = 1.0
"""How long a new connection may take; LINE waits two seconds for everything."""

BUDGET_SECONDS = 1.7
"""After so long an operation is given up, whatever it waits for: the answer to LINE is due."""

SETTINGS = {
    "application_name": "taikai",
    "lock_timeout": "1000",
    "statement_timeout": "1500",
    "idle_in_transaction_session_timeout": "2000",  # a frozen node must not keep a person's row
    # Nor must a node whose machine vanished in the middle of a message: noticed in eleven seconds.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    # One plan for each statement, by its index, whatever the statistics of a young table say.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",  # compiling takes a hundred times as long as the statements here
}
"""Given to the server with each connection; times in milliseconds, of keepalives in seconds."""

PAUSE_SECONDS = 0.05
"""Between two attempts: a server that is starting again, or a deadlock, needs a moment."""

ATTEMPTS = 3
"""One and two more, where it is certain that nothing was done."""


class AgainError(StoreDownError):
    """Somebody else was in the way; nothing was done, and another attempt may work."""


class UnreachedError(AgainError):
    """There is no connection, so nothing was sent."""


class TakenError(StoreDownError):
    """A row of that key is there already, so nothing was done."""


class LostError(StoreDownError):
    """The connection broke while a statement was under way: nobody knows whether it was done."""


_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.ReadOnlySQLTransactionError,  # this server is no longer the one to write to
)
_DOWN = (*_LOST, asyncpg.PostgresError, asyncpg.InternalClientError)


def _told(error: BaseException) -> StoreDownError:
    """*error* in the words of the port: its kind alone, for its text may quote what is stored."""
    kind = type(error).__name__
    if isinstance(error, asyncpg.UniqueViolationError):
        return TakenError(kind)
    if isinstance(error, _AGAIN):
        return AgainError(kind)
    return LostError(kind) if isinstance(error, _LOST) else StoreDownError(kind)


class Session:
    """One connection, for a little while. Raises StoreDownError and its kinds, nothing else."""

    __slots__ = ("_connection",)

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def row(self, statement: str, *values: object) -> Any:
        """The first row, None when there is none."""
        try:
            return await self._connection.fetchrow(statement, *values)
        except _DOWN as error:
            raise _told(error) from None

    async def rows(self, statement: str, *values: object) -> list[Any]:
        """All rows."""
        try:
            found: list[Any] = await self._connection.fetch(statement, *values)
        except _DOWN as error:
            raise _told(error) from None
        return found

    async def many(self, statement: str, calls: list[tuple[Any, ...]]) -> list[Any]:
        """The rows that *statement* returns for the values of each of *calls*, in their order.

        One round trip and one transaction: all of it or nothing.
        """
        try:
            found: list[Any] = await self._connection.fetchmany(statement, calls)
        except _DOWN as error:
            raise _told(error) from None
        return found

    async def value(self, statement: str, *values: object) -> Any:
        """The first value of the first row, None when there is none."""
        row = await self.row(statement, *values)
        return None if row is None else row[0]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All statements within take effect together, or, when anything is raised, none."""
        transaction = self._connection.transaction()
        try:
            await transaction.start()
        except _DOWN as error:
            raise _told(error) from None
        try:
            yield
        except BaseException:
            try:
                await transaction.rollback()
            except _DOWN:
                self._connection.terminate()  # which rolls back too
            raise
        try:
            await transaction.commit()
        except _DOWN as error:
            raise _told(error) from None


class Pool:
    """At most *size* connections, made when they are needed. For one event loop."""

    def __init__(self, url: str, size: int, *made: asyncpg.Connection) -> None:
        """*made* are connections to *url* that are there already."""
        self._url = url
        self._free = asyncio.Semaphore(size)
        self._idle = list(made)

    async def run(self, work: Callable[[Session], Awaitable[T]], *, harmless: bool = False) -> T:
        """The result of *work*, tried again where that is safe.

        ``harmless`` work only reads, so it may be repeated even when a connection broke.
        """
        again = (AgainError, LostError) if harmless else AgainError
        for attempt in range(1, ATTEMPTS):
            try:
                return await self.once(work)
            except again:
                await asyncio.sleep(PAUSE_SECONDS * (attempt - 1))
        return await self.once(work)

    async def row(self, statement: str, *values: object, harmless: bool = False) -> Any:
        """The first row of one statement, None when there is none; see `run`."""
        return await self.run(lambda session: session.row(statement, *values), harmless=harmless)

    async def rows(self, statement: str, *values: object) -> list[Any]:
        """All rows of one statement that only reads; see `run`."""
        return await self.run(lambda session: session.rows(statement, *values), harmless=True)

    async def close(self) -> None:
        """Say goodbye; to be called when nothing is under way any more."""
        while self._idle:
            with suppress(*_DOWN):
                await self._idle.pop().close(timeout=CONNECT_SECONDS)

    async def once(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """The result of *work*, in one attempt. Cancelled half-way, its connection is given up."""
        async with self._free:
            connection = await self._taken()
            try:
                result = await work(Session(connection))
            except LostError:
                connection.terminate()
                raise
            except Exception:
                self._idle.append(connection)
                raise
            except BaseException:  # cancelled half-way: an answer may come that nobody will read
                connection.terminate()
                raise
            self._idle.append(connection)
            return result

    async def _taken(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()  # the one used last: the rest may age
            if not connection.is_closed():
                return connection
            connection.terminate()
        return await connected(self._url)


async def connected(url: str) -> asyncpg.Connection:
    """A new connection. Raises UnreachedError."""
    try:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings=SETTINGS)
    except (*_DOWN, ValueError) as error:
        raise UnreachedError(type(error).__name__) from None
