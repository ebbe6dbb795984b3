"""The database under the servers: how it is reached, read at the end, and made to fail."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from bot.clock import SystemClock
from bot.store.opening import upgrade
from tests.crash.history import Entry
from tests.postgres import Server, new_database, rows

COLUMNS = {
    "inbox": ("user_key", "event_key", "outcome"),
    "outbox": ("user_key", "seq", "event_key", "status", "ambiguous", "claimed"),
    "person": ("user_key", "version", "last_seq"),
    "deferred": ("user_key", "event_key"),
}
"""What the checker wants to know of each table."""

LEFT = (
    "SELECT (SELECT count(*) FROM outbox WHERE status = 'waiting')"
    " + (SELECT count(*) FROM deferred)"
)


class Database(Protocol):
    """What the harness needs of a database."""

    url: str

    def is_away(self) -> bool:
        """Whether its server is down."""
        ...

    def crash(self) -> None:
        """Make its server drop everything at once, as in a power cut."""
        ...

    def mend(self) -> None:
        """Start its server again."""
        ...

    def claimed(self) -> int:
        """How many answers are claimed, asked while no node runs; -1 when that says nothing."""
        ...

    async def left(self) -> int:
        """How much is still to be done."""
        ...

    async def rows(self) -> list[Entry]:
        """Every row, as the history keeps it."""
        ...


class SqliteFile:
    """A file, which has no server that could crash."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "taikai.db"
        self.url = f"sqlite:///{self._path}"

    def is_away(self) -> bool:
        """Never."""
        return False

    def crash(self) -> None:
        """Not possible."""
        raise NotImplementedError("a file has no server")

    def mend(self) -> None:
        """Not needed."""
        raise NotImplementedError("a file has no server")

    def claimed(self) -> int:
        """See `Database.claimed`: the one node that could have claimed them is gone."""
        (number,) = self._asked("SELECT count(*) FROM outbox WHERE claimed = 1")[0]
        return int(number)

    async def left(self) -> int:
        """See `Database.left`."""
        return int(self._asked(LEFT)[0][0])

    async def rows(self) -> list[Entry]:
        """See `Database.rows`."""
        return [entry for table in COLUMNS for entry in _entries(table, self._asked(_query(table)))]

    def _asked(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()


class Postgres:
    """A new, upgraded database on a server that can be crashed."""

    def __init__(self, server: Server) -> None:
        self.url = asyncio.run(_made(server))
        self._server = server
        self._is_away = False

    def is_away(self) -> bool:
        """See `Database.is_away`."""
        return self._is_away

    def crash(self) -> None:
        """See `Database.crash`."""
        self._is_away = True
        self._server.crash()

    def mend(self) -> None:
        """See `Database.mend`."""
        self._server.start()
        self._is_away = False

    def claimed(self) -> int:
        """Says nothing: another node may hold them."""
        return -1

    async def left(self) -> int:
        """See `Database.left`."""
        return int((await self._asked(LEFT))[0][0])

    async def rows(self) -> list[Entry]:
        """See `Database.rows`."""
        return [
            entry
            for table in COLUMNS
            for entry in _entries(table, await self._asked(_query(table)))
        ]

    async def _asked(self, query: str) -> list[Any]:
        return await rows(self.url, query)


async def _made(server: Server) -> str:
    url = await new_database(server.url())
    await upgrade(url, SystemClock())
    return url


def _query(table: str) -> str:
    return f"SELECT {', '.join(COLUMNS[table])} FROM {table}"


def _entries(table: str, rows: list[Any]) -> Iterator[Entry]:
    for row in rows:
        plain = [bytes(value).hex() if isinstance(value, bytes) else value for value in row]
        yield {"op": table, "type": "row"} | dict(zip(COLUMNS[table], plain, strict=True))
