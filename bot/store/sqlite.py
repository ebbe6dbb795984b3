"""The store in one SQLite file: no other service to run, and durable to a power cut.

The standard library's driver would begin transactions late and lose updates; here every
transaction begins with ``BEGIN IMMEDIATE`` and ends on the disk (``synchronous=FULL``, for in
WAL mode ``NORMAL`` may lose the last commits when the power goes, https://sqlite.org/pragma.html).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Self

from bot.store import accepting, delivering
from bot.store.port import (
    Accepted,
    Arrival,
    Claim,
    Decide,
    Horizon,
    Purged,
    Settlement,
    StoreRefusedError,
)
from bot.store.schema import upgrade
from bot.store.sole import SoleOwner
from bot.store.writer import Writer

OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING."""

OPEN_SECONDS = 1.0
"""How long another program's lock is waited for on opening."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only unlinked
    "PRAGMA journal_size_limit = 67108864",  # bytes; a burst must not leave a huge WAL behind
    "PRAGMA cache_size = -16384",  # KiB
    "PRAGMA temp_store = MEMORY",
)


class SqliteStore:
    """`bot.store.port.Store` in one file, or, with no path, in memory for as long as it lives."""

    def __init__(self, writer: Writer, owner: SoleOwner | None) -> None:
        self._writer = writer
        self._owner = owner

    @classmethod
    def open(cls, path: Path | None, on_disk_error: Callable[[], None] = lambda: None) -> Self:
        """Open *path*, making it when it is not there, and take back what a dead process left.

        Raises StoreRefusedError when it is in use, unusable or of a newer version.
        """
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreRefusedError("SQLiteが古すぎます。3.35以上を使うPythonで起動してください。")
        owner = SoleOwner(path) if path else None
        try:
            connection = _connected(path)
        except BaseException:
            if owner:
                owner.close()
            raise
        return cls(Writer(connection, on_disk_error), owner)

    async def accept(self, arrival: Arrival, decide: Decide) -> Accepted:
        """See `Store.accept`."""
        return await self._writer.do(partial(accepting.accept, arrival=arrival, decide=decide))

    async def recall(self, user_key: bytes) -> bytes | None:
        """See `Store.recall`."""
        return await self._writer.do(partial(accepting.recall, user_key=user_key))

    async def claim(self, user_key: bytes, now: int, lease_until: int) -> Claim | None:
        """See `Store.claim`."""
        return await self._writer.do(
            partial(delivering.claim, user_key=user_key, now=now, lease_until=lease_until)
        )

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """See `Store.settle`."""
        return await self._writer.do(partial(delivering.settle, claim=claim, settlement=settlement))

    async def waiting(self, now: int, limit: int) -> list[bytes]:
        """See `Store.waiting`."""
        return await self._writer.do(partial(delivering.waiting, now=now, limit=limit))

    async def purge(self, horizon: Horizon, limit: int) -> Purged:
        """See `Store.purge`."""
        return await self._writer.do(partial(accepting.purge, horizon=horizon, limit=limit))

    async def ping(self) -> None:
        """See `Store.ping`."""
        await self._writer.do(_beat)

    async def close(self) -> None:
        """See `Store.close`."""
        await self._writer.close()
        if self._owner:
            self._owner.close()
            self._owner = None


def _connected(path: Path | None) -> sqlite3.Connection:
    try:
        if path:  # nobody else on the machine may read it
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(
            path or ":memory:",
            isolation_level=None,
            check_same_thread=False,  # the loop's thread and the committing one take turns
            timeout=OPEN_SECONDS,
        )
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from None
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        upgrade(connection)
        delivering.take_back(connection)
        connection.execute("PRAGMA busy_timeout = 0")  # from here on `Writer` waits
    except sqlite3.Error as error:
        connection.close()
        raise _unusable(path, error) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _unusable(path: Path | None, error: Exception) -> StoreRefusedError:
    return StoreRefusedError(
        f"データベース{path}を開けません({error})。"
        "ファイルとフォルダーに書き込めるか、ほかのプログラムが使っていないか確かめてください。"
    )


def _beat(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO meta VALUES ('beat', '1')"
        " ON CONFLICT (name) DO UPDATE SET value = CAST(value + 1 AS TEXT)"
    )
