"""What only the SQLite driver promises: one owner, on the disk, sound when the disk is not."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.engine.retention import TERMS
from bot.engine.turn import forget
from bot.store import accepting, deferring, delivering
from bot.store.port import (
    Finished,
    Outcome,
    Retry,
    Status,
    StoreDownError,
    StoreRefusedError,
)
from bot.store.rules import HOUR
from bot.store.schema import VERSION
from bot.store.sqlite import SqliteStore
from bot.store.writer import Writer
from dev import ROOT
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    HandClock,
    arrival,
    claimed,
    deferred,
    event,
    never,
    saying,
)

CID, DAN = b"c" * 16, b"d" * 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database may be."""
    return tmp_path / "taikai.db"


def look(path: Path, query: str) -> list[tuple[object, ...]]:
    """What another connection sees: only what was committed."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def written(path: Path) -> bytes:
    """All that the files hold, as bytes."""
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


async def test_an_accepted_event_is_committed_when_accept_returns(path: Path) -> None:
    """200 is said after it; nothing may still be on its way."""
    store = SqliteStore.open(path, HandClock())
    await store.accept(arrival(1), saying("one"))

    assert look(path, "SELECT outcome FROM inbox") == [("applied",)]
    assert look(path, "SELECT status, letter FROM outbox") == [("waiting", b"one")]
    await store.close()


async def test_a_commit_survives_a_power_cut(path: Path) -> None:
    """In WAL mode only synchronous=FULL writes every commit through to the disk."""
    store = SqliteStore.open(path, HandClock())

    assert await store._writer.do(lambda c: c.execute("PRAGMA synchronous").fetchone()) == (2,)
    assert await store._writer.do(lambda c: c.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
    assert await store._writer.do(lambda c: c.execute("PRAGMA secure_delete").fetchone()) == (1,)
    await store.close()


async def test_what_a_dead_process_had_claimed_is_taken_back_as_ambiguous(path: Path) -> None:
    """The lock on the file proves it dead, so nobody has to wait for its lease."""
    dead = SqliteStore.open(path, HandClock())
    await dead.accept(arrival(1), saying("claimed"))
    await dead.accept(arrival(2, who=BEN), saying("untouched"))
    await dead.accept(arrival(3, who=CID), saying("made and claimed"), LEASE)
    await dead.accept(arrival(4, who=DAN), saying("pushed"))
    await dead.claim(ANN, LEASE)
    await dead.settle(await claimed(dead, DAN), Retry(0, ambiguous=False, push=True))
    await dead.claim(DAN, LEASE)
    await dead.close()

    store = SqliteStore.open(path, HandClock())
    claims = [await claimed(store, who) for who in (ANN, BEN, CID, DAN)]
    await store.close()

    assert [(claim.letter, claim.ambiguous) for claim in claims] == [
        (b"claimed", True),
        (b"untouched", False),
        (b"made and claimed", True),
        (b"pushed", False),  # its retry key protects it
    ]


async def test_a_finished_answer_leaves_no_letter_in_its_row(path: Path) -> None:
    """Neither words nor token outlive the sending."""
    store = SqliteStore.open(path, HandClock())
    await store.accept(arrival(1), saying("secret words"))
    await store.settle(await claimed(store), Finished(Status.SENT))
    await store.close()

    assert look(path, "SELECT status, letter FROM outbox") == [("sent", None)]
    assert all(b"secret words" not in file.read_bytes() for file in path.parent.iterdir())


async def test_what_was_erased_is_soon_gone_from_the_log_of_changes_too(path: Path) -> None:
    """A purge that finds nothing more to remove empties it, with work going on beside it."""
    clock = HandClock()
    store = SqliteStore.open(path, clock)
    await store.accept(arrival(1), saying("w" * 999))
    await store.accept(arrival(2, at=NOW + 1, leaving=True), forget)
    assert b"w" * 999 in written(path)

    others = [store.accept(arrival(n, who=BEN), saying(str(n))) for n in range(3, 9)]
    purging = asyncio.create_task(store.purge(TERMS, 100))
    accepted = await asyncio.gather(*others)
    await purging

    assert b"w" * 999 not in written(path)
    assert [each.outcome for each in accepted] == [Outcome.APPLIED] * 6
    await store.close()


def test_a_second_process_on_the_same_file_is_refused(path: Path) -> None:
    """Two owners would send twice; the message names the file and says what to do."""
    owner = "\n".join(
        [
            "import sys, pathlib",
            "from bot.store.sqlite import SqliteStore",
            "store = SqliteStore.open(pathlib.Path(sys.argv[1]))",
            "print('open', flush=True)",
            "sys.stdin.read()",
        ]
    )
    with subprocess.Popen(
        [sys.executable, "-c", owner, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(StoreRefusedError, match=r"taikai\.db.*使っています.*DATABASE_URL"):
            SqliteStore.open(path)
        process.kill()

    reopened = SqliteStore.open(path)  # the kernel let go of the lock
    asyncio.run(reopened.close())


@pytest.mark.parametrize("works_with", [VERSION + 1, VERSION + 7, None])
async def test_a_database_of_a_newer_version_is_refused(path: Path, works_with: int | None) -> None:
    """It may hold what this version would destroy; nothing in it is changed."""
    await SqliteStore.open(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (str(VERSION + 1),))
        connection.execute("DELETE FROM meta WHERE name = 'works_with'")
        if works_with:
            connection.execute("INSERT INTO meta VALUES ('works_with', ?)", (str(works_with),))
    before = look(path, "SELECT * FROM meta ORDER BY name")

    with pytest.raises(StoreRefusedError, match="新しいバージョン"):
        SqliteStore.open(path)

    assert look(path, "SELECT * FROM meta ORDER BY name") == before


async def test_a_newer_layout_that_still_suits_this_version_is_used_as_it_is(path: Path) -> None:
    """Nodes are replaced one by one: the older ones go on while the layout already grows."""
    await SqliteStore.open(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema'", (str(VERSION + 1),))
        connection.execute("UPDATE meta SET value = ? WHERE name = 'works_with'", (str(VERSION),))
        for table in ("person", "inbox", "outbox", "deferred", "allowance"):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN not_yet_known TEXT DEFAULT 'x'")
        connection.execute("CREATE TABLE not_yet_known (user_key BLOB PRIMARY KEY)")

    store = SqliteStore.open(path, HandClock())
    assert (await store.accept(arrival(1), saying("one"))).outcome is Outcome.APPLIED
    await store.defer([deferred(2, at=NOW + 1)])
    assert await store.deferred(ANN) == [deferred(2, at=NOW + 1)]
    assert (await store.accept(arrival(2, at=NOW + 1), saying(None))).outcome is Outcome.APPLIED
    assert await store.allow(ANN, 1, 1)
    await store.settle(await claimed(store), Finished(Status.SENT))
    await store.close()

    assert look(path, "SELECT value FROM meta WHERE name = 'schema'") == [(str(VERSION + 1),)]


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    """A wrong DATABASE_URL must not add tables to somebody else's file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")

    with pytest.raises(StoreRefusedError, match="別のプログラム"):
        SqliteStore.open(path)

    assert look(path, "SELECT name FROM sqlite_master") == [("theirs",)]


def test_what_is_no_database_is_refused(path: Path) -> None:
    """Nor is any other file overwritten."""
    path.write_bytes(b"my diary " * 1000)

    with pytest.raises(StoreRefusedError, match="開けません"):
        SqliteStore.open(path)

    assert path.read_bytes() == b"my diary " * 1000


def test_a_missing_folder_is_refused_by_name(tmp_path: Path) -> None:
    """The operator learns which setting to mend."""
    with pytest.raises(StoreRefusedError, match=r"nowhere.*DATABASE_URL"):
        SqliteStore.open(tmp_path / "nowhere" / "taikai.db")


async def test_nobody_else_on_the_machine_may_read_the_files(path: Path) -> None:
    """Database, log and lock belong to the server's user alone."""
    store = SqliteStore.open(path, HandClock())
    await store.accept(arrival(1), saying("one"))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    await store.close()

    assert set(modes) == {"taikai.db", "taikai.db-wal", "taikai.db-shm", "taikai.db.lock"}
    assert set(modes.values()) == {0o600}


async def test_a_locked_database_is_waited_for_and_then_given_up(path: Path) -> None:
    """Within LINE's two seconds, with nothing changed, and well again when the lock is gone."""
    store = SqliteStore.open(path, HandClock())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    begun = asyncio.get_running_loop().time()

    with pytest.raises(StoreDownError):
        await store.accept(arrival(1), never)

    assert 0.9 < asyncio.get_running_loop().time() - begun < 1.5
    waiting = asyncio.create_task(store.accept(arrival(1), saying("one")))
    await asyncio.sleep(0.1)
    other.execute("COMMIT")
    other.close()
    assert (await waiting).outcome is Outcome.APPLIED
    await store.close()


async def test_a_full_disk_takes_nothing_by_halves_and_heals(path: Path) -> None:
    """What did not fit left no trace; when there is room again it goes on without a restart."""
    clock = HandClock()
    store = SqliteStore.open(path, clock)
    pages = await store._writer.do(lambda c: c.execute("PRAGMA page_count").fetchone()[0])

    async def room(more: int) -> None:
        await store._writer.do(lambda c: c.execute(f"PRAGMA max_page_count = {pages + more}"))

    await room(2)
    taken, refused = [], 0
    for number in range(10):
        clock.at += 1
        try:
            await store.accept(arrival(number, at=NOW + number), saying("x" * 1500))
            taken.append(event(number))
        except StoreDownError:
            refused += 1
    assert refused
    assert look(path, "SELECT event_key FROM inbox ORDER BY received") == [(k,) for k in taken]
    assert look(path, "SELECT count(*) FROM outbox") == [(len(taken),)]
    with pytest.raises(StoreDownError):
        await store.accept(arrival(98, who=BEN), saying("x" * 1500))

    await room(100)
    accepted = await store.accept(arrival(99, at=NOW + 99), saying("x"))
    assert accepted.outcome is Outcome.APPLIED
    await store.close()


async def test_work_that_fails_halfway_leaves_nothing_of_itself(path: Path) -> None:
    """Alone or among others: what it had written goes, what the others wrote stays."""
    store = SqliteStore.open(path, HandClock())

    def halfway(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO meta VALUES ('half', 'way')")
        raise LookupError

    def whole(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO meta VALUES ('whole', 'way')")

    with pytest.raises(LookupError):
        await store._writer.do(halfway)
    results = await asyncio.gather(
        store._writer.do(halfway), store._writer.do(whole), return_exceptions=True
    )
    await store.close()

    assert [type(result) for result in results] == [LookupError, type(None)]
    assert look(path, "SELECT name FROM meta WHERE value = 'way'") == [("whole",)]


class Dying(sqlite3.Connection):
    """A connection whose commits fail with ``failure``."""

    failure: tuple[type[sqlite3.Error], int, str] | None = None

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql == "COMMIT" and self.failure:
            kind, code, name = self.failure
            error = kind("as a dying disk would say it")
            error.sqlite_errorcode, error.sqlite_errorname = code, name
            raise error
        return super().execute(sql, *values)


def dying() -> Dying:
    """Alive so far."""
    return sqlite3.connect(":memory:", factory=Dying, isolation_level=None, check_same_thread=False)


async def test_a_disk_that_cannot_sync_ends_all_writing() -> None:
    """After it a second sync would succeed without the data: only a new process may go on."""
    failures: list[str] = []
    connection = dying()
    writer = Writer(connection, on_disk_error=lambda: failures.append("failed"))
    code = sqlite3.SQLITE_IOERR_FSYNC
    connection.failure = (sqlite3.OperationalError, code, "SQLITE_IOERR_FSYNC")

    for _ in range(2):
        with pytest.raises(StoreDownError):
            await writer.do(lambda c: c.execute("CREATE TABLE t (x)"))
    connection.failure = None
    with pytest.raises(StoreDownError):
        await writer.do(lambda c: c.execute("SELECT 1"))

    assert failures == ["failed"]
    await writer.close()


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        (sqlite3.DatabaseError, sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"),
        (sqlite3.OperationalError, sqlite3.SQLITE_READONLY, "SQLITE_READONLY"),
        (sqlite3.OperationalError, sqlite3.SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"),
    ],
)
async def test_a_database_that_refuses_all_is_down_for_all(
    kind: type[sqlite3.Error], code: int, name: str
) -> None:
    """Everybody in the commit hears it at once; nobody's work is blamed; it may come back."""
    connection = dying()
    writer = Writer(connection)
    await writer.do(lambda c: c.execute("CREATE TABLE t (x)"))
    connection.failure = (kind, code, name)

    def work(c: sqlite3.Connection) -> None:
        c.execute("INSERT INTO t VALUES (1)")

    results = await asyncio.gather(*(writer.do(work) for _ in range(3)), return_exceptions=True)
    connection.failure = None
    await writer.do(work)

    assert [str(result) for result in results] == [name] * 3
    assert {type(result) for result in results} == {StoreDownError}
    assert await writer.do(lambda c: c.execute("SELECT count(*) FROM t").fetchone()) == (1,)
    await writer.close()


async def test_a_closed_store_refuses_work() -> None:
    """After close nothing is taken in that could not be written."""
    store = SqliteStore.open(None)
    await store.close()

    with pytest.raises(StoreDownError):
        await store.ping()


async def test_close_finishes_what_was_asked_before(path: Path) -> None:
    """Events whose webhook is still waiting are stored, not dropped."""
    store = SqliteStore.open(path, HandClock())
    asked = [
        asyncio.create_task(store.accept(arrival(n, at=NOW + n), saying("x"))) for n in range(200)
    ]
    await asyncio.sleep(0)

    await store.close()

    assert {(await task).outcome for task in asked} == {Outcome.APPLIED}
    assert look(path, "SELECT count(*) FROM inbox") == [(200,)]


async def test_work_goes_on_when_its_caller_no_longer_waits(path: Path) -> None:
    """A webhook that ran out of time was still accepted; its duplicate will be one."""
    store = SqliteStore.open(path, HandClock())
    task = asyncio.create_task(store.accept(arrival(1), saying("one")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (await store.accept(arrival(1), never)).outcome is Outcome.DUPLICATE
    await store.close()


async def test_a_claim_nobody_hears_of_is_let_go(path: Path) -> None:
    """Whoever asked for it gave up waiting; the answer is free at once, and not in doubt."""
    store = SqliteStore.open(path, HandClock())
    task = asyncio.create_task(store.accept(arrival(1), saying("one"), LEASE))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.ping()

    claim = await claimed(store)
    await store.close()

    assert (claim.letter, claim.ambiguous, claim.tries) == (b"one", False, 2)


async def test_every_table_is_keyed_by_person_and_every_hot_statement_names_one(
    path: Path,
) -> None:
    """So the tables can be spread over many databases by that key, with no other change."""
    store = SqliteStore.open(path, HandClock())
    await store.close()
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name != "meta"
        ]
        first_columns = {
            table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
            for table in tables
        }
        hot = [
            accepting._KNOWN,
            accepting._PERSON,
            accepting._ANSWER,
            accepting._REFRESH,
            accepting._RECORD,
            accepting._DECIDED,
            *accepting._ERASE,
            accepting._TAKE_BACK,
            deferring._DEFER,
            deferring._DEFERRED,
            delivering._CLAIM,
            delivering._FINISH,
            delivering._RETRY,
            delivering._MORE,
            delivering._ALLOW,
        ]
        plans = [
            (statement, row[3])
            for statement in hot
            for row in connection.execute("EXPLAIN QUERY PLAN " + statement, nothing(statement))
        ]

    assert set(tables) == {"inbox", "person", "outbox", "deferred", "allowance"}
    assert all(columns[0] == "user_key" for columns in first_columns.values())
    constants = ("SCAN CONSTANT ROW", "SCAN always")  # the values themselves, not a table
    searches = [p for p in plans if p[1].startswith(("SEARCH", "SCAN")) and p[1] not in constants]
    assert len({statement for statement, _ in searches}) > 8
    assert [plan for plan in searches if "user_key=?" not in plan[1]] == []


def nothing(statement: str) -> dict[str, None] | list[None]:
    """NULL for every value that *statement* asks for."""
    if names := set(re.findall(r":(\w+)", statement)):
        return dict.fromkeys(names)
    if numbers := re.findall(r"\?(\d+)", statement):
        return [None] * max(map(int, numbers))
    return [None] * statement.count("?")


async def test_a_clock_set_back_lets_no_answer_wait_for_it(path: Path) -> None:
    """What is due later than any pause of ours was written before, and is due now."""
    clock = HandClock()
    store = SqliteStore.open(path, clock)
    await store.accept(arrival(1), saying("one"))
    await store.defer([deferred(2, who=BEN)])
    await store.settle(await claimed(store), Retry(10_000, ambiguous=False))

    clock.at -= 2 * HOUR

    assert await store.waiting(10) == [ANN]
    assert await store.behind(10) == [BEN]
    assert (await claimed(store)).letter == b"one"
    await store.close()
