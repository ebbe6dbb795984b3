"""The store in one SQLite file: no other service to run, and durable to a power cut.

The standard library's driver would begin transactions late and lose updates; here every
transaction begins with ``BEGIN IMMEDIATE`` and ends on the disk (``synchronous=FULL``, for in
WAL mode ``NORMAL`` may lose the last commits when the power goes, https://sqlite.org/pragma.html).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Self

from bot.clock import Clock, SystemClock, present
from bot.store import accepting, adopting, deferring, delivering, keeping, schema
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
    Retry,
    Settlement,
    StoreRefusedError,
    Terms,
)
from bot.store.sole import SoleOwner
from bot.store.writer import Work, Writer

OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING."""

OPEN_SECONDS = 1.0
"""How long another program's lock is waited for on opening."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only unlinked
    "PRAGMA journal_size_limit = 67108864",  # bytes; a burst must not leave a huge WAL behind
    # Pages, 16 MiB: what is changed again and again is brought over to the file once. A tenth of
    # the time of a commit; beyond it nothing is gained.
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA cache_size = -16384",  # KiB
    "PRAGMA temp_store = MEMORY",
)


SPELLING = {"bytes": "BLOB", "compact": " WITHOUT ROWID"}
"""How SQLite spells what `bot.store.schema` leaves open."""


class SqliteStore:
    """`bot.store.port.Store` in one file, or, with no path, in memory for as long as it lives."""

    def __init__(self, writer: Writer, clock: Clock, owner: SoleOwner | None) -> None:
        self._writer = writer
        self._clock = clock
        self._owner = owner

    @classmethod
    def open(
        cls,
        path: Path | None,
        clock: Clock | None = None,
        on_disk_error: Callable[[], None] = lambda: None,
    ) -> Self:
        """Open *path*, making it when it is not there, and take back what a dead process left.

        *clock* is the store's; the machine's by default. Raises StoreRefusedError when the file
        is in use, unusable or of a newer version.
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
        return cls(Writer(connection, on_disk_error), clock or SystemClock(), owner)

    async def accept(self, arrival: Arrival, decide: Decide, lease: int | None = None) -> Accepted:
        """See `Store.accept`."""
        return await self._writer.do(
            lambda connection: accepting.accept(connection, arrival, decide, lease, self._now()),
            undo=self._give_back,
        )

    async def note(self, arrival: Arrival, outcome: Outcome) -> Outcome:
        """See `Store.note`."""
        return await self._writer.do(
            lambda connection: accepting.note(connection, arrival, outcome, self._now())
        )

    async def unsend(self, arrival: Arrival) -> Outcome:
        """See `Store.unsend`."""
        return await self._writer.do(
            lambda connection: accepting.unsend(connection, arrival, self._now())
        )

    async def defer(self, events: Sequence[Deferred]) -> None:
        """See `Store.defer`."""
        await self._writer.do(lambda connection: deferring.defer(connection, events, self._now()))

    async def deferred(self, user_key: bytes) -> list[Deferred]:
        """See `Store.deferred`."""
        return await self._writer.do(partial(deferring.deferred, user_key=user_key))

    async def postpone(self, user_key: bytes, pause: int) -> None:
        """See `Store.postpone`."""
        await self._writer.do(
            lambda connection: deferring.postpone(connection, user_key, pause, self._now())
        )

    async def behind(self, limit: int) -> list[bytes]:
        """See `Store.behind`."""
        return await self._writer.do(
            lambda connection: deferring.behind(connection, limit, self._now())
        )

    async def recall(self, user_key: bytes) -> bytes | None:
        """See `Store.recall`."""
        return await self._writer.do(partial(keeping.recall, user_key=user_key))

    async def claim(self, user_key: bytes, lease: int) -> Claim | None:
        """See `Store.claim`."""
        return await self._writer.do(
            lambda connection: delivering.claim(connection, user_key, lease, self._now())
        )

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """See `Store.settle`."""
        return await self._writer.do(
            lambda connection: delivering.settle(connection, claim, settlement, self._now())
        )

    async def waiting(self, limit: int) -> list[bytes]:
        """See `Store.waiting`."""
        return await self._writer.do(
            lambda connection: delivering.waiting(connection, limit, self._now())
        )

    async def adopt(self, old: bytes, new: bytes, reseal: Reseal) -> bool:
        """See `Store.adopt`."""
        return await self._writer.do(partial(adopting.adopt, old=old, new=new, reseal=reseal))

    async def allow(self, user_key: bytes, day: int, most: int) -> bool:
        """See `Store.allow`."""
        return await self._writer.do(
            partial(delivering.allow, user_key=user_key, day=day, most=most)
        )

    async def purge(self, terms: Terms, limit: int) -> Purged:
        """See `Store.purge`. When nothing is left to remove, it is gone from the log too."""
        purged = await self._writer.do(
            lambda connection: keeping.purge(connection, terms, limit, self._now())
        )
        if not purged.total:
            await self._writer.do(keeping.empty_log, alone=True)
        return purged

    async def backlog(self) -> Backlog:
        """See `Store.backlog`."""
        return await self._writer.do(lambda connection: keeping.backlog(connection, self._now()))

    async def ping(self) -> None:
        """See `Store.ping`."""
        await self._writer.do(_beat)

    async def close(self) -> None:
        """See `Store.close`."""
        await self._writer.close()
        if self._owner:
            self._owner.close()
            self._owner = None

    def _give_back(self, accepted: Accepted) -> Work[bool] | None:
        """Let go of a claim that came too late for whoever asked for it."""
        if (claim := accepted.claim) is None:
            return None
        return lambda connection: delivering.settle(
            connection, claim, Retry(0, claim.ambiguous), self._now()
        )

    def _now(self) -> int:
        return present(self._clock)


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
        _upgrade(connection)
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


def _upgrade(connection: sqlite3.Connection) -> None:
    """Bring the file to this version's layout, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection)
        if found < schema.VERSION:
            for statement in schema.changes(found, SPELLING):
                connection.execute(statement)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    """The version of the layout found; 0 for an empty file."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return 0
    if "meta" not in tables:
        raise StoreRefusedError(
            "このファイルは別のプログラムのデータベースです。DATABASE_URLを確かめてください。"
        )
    told = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    return schema.must_be_usable(told.get("schema"), told.get("works_with"))


def _beat(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO meta (name, value) VALUES ('beat', '1')"
        " ON CONFLICT (name) DO UPDATE SET value = CAST(value + 1 AS TEXT)"
    )
