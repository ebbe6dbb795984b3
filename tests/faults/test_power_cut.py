"""The power fails at any moment: what was acknowledged is there, and the database opens."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import sqlite
from bot.store.port import Finished, Outcome, Status, StoreDownError
from bot.store.sqlite import SqliteStore
from tests.faults.disk import (
    SQLITE_FULL,
    SQLITE_IOERR_FSYNC,
    SQLITE_IOERR_WRITE,
    Disk,
    Sync,
    watched,
)
from tests.store.rows import NOW, HandClock, arrival, counting, event

CUTS = 60
SEED = 20_261_122


def worked(folder: Path) -> tuple[Disk, dict[int, int]]:
    """A busy minute on a watched disk: the disk, and after how many of its operations each
    event was acknowledged."""
    acknowledged: dict[int, int] = {}

    async def take(store: SqliteStore, disk: Disk, number: int) -> None:
        who = bytes([number % 7]) * 16
        await store.accept(arrival(number, who, NOW + number), counting("x" * (number % 900)))
        acknowledged[number] = len(disk.ops)
        if number % 3 == 0 and (claim := await store.claim(who, 1_000)):
            await store.settle(claim, Finished(Status.SENT))

    async def work(disk: Disk) -> None:
        clock = HandClock()
        store = SqliteStore.open(folder / "taikai.db", clock)
        for start in range(0, 400, 8):
            clock.at += 8
            await asyncio.gather(*(take(store, disk, start + each) for each in range(8)))
            if start == 200:  # what the log holds goes into the database now and then
                await store._writer.do(lambda c: None)
                store._writer._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        acknowledged[-1] = len(disk.ops)
        await store.close()

    with watched(folder) as disk:
        asyncio.run(work(disk))
    return disk, acknowledged


def lost(disk: Disk, acknowledged: dict[int, int], folder: Path, dice: random.Random) -> set[int]:
    """Which acknowledged events are gone after a power cut at some moment; the database opens."""
    end = acknowledged[-1]
    moment = dice.randrange(end + 1)
    for name, content in disk.after_power_cut(moment, dice).items():
        (folder / name).write_bytes(content)
    path = folder / "taikai.db"
    asyncio.run(SqliteStore.open(path, HandClock()).close())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        known = {key for (key,) in connection.execute("SELECT event_key FROM inbox")}
        for who, state, version in connection.execute(
            "SELECT user_key, state, version FROM person"
        ):
            of_them = {event(n) for n in range(400) if bytes([n % 7]) * 16 == who} & known
            assert int(state) == version == len(of_them), "a decision without its event, or twice"
    return {
        number
        for number, after in acknowledged.items()
        if number >= 0 and after <= moment and event(number) not in known
    }


def cut_after_cut(folder: Path) -> tuple[int, Disk]:
    """How many events were lost in all of many power cuts."""
    disk, acknowledged = worked(folder)
    dice, count = random.Random(SEED), 0
    for number in range(CUTS):
        after = folder / f"cut{number}"
        after.mkdir()
        count += len(lost(disk, acknowledged, after, dice))
    return count, disk


def test_no_acknowledged_event_is_lost_in_a_power_cut(tmp_path: Path) -> None:
    """Row 20: sixty cuts anywhere, unsynced writes lost or torn in any combination."""
    count, disk = cut_after_cut(tmp_path)

    assert count == 0
    assert sum(isinstance(op, Sync) for op in disk.ops) >= 50


def test_the_cuts_find_what_a_weaker_setting_loses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 20: with synchronous=NORMAL the same cuts lose acknowledged events, so they can tell."""
    weaker = tuple(pragma.replace("= FULL", "= NORMAL") for pragma in sqlite.PRAGMAS)
    monkeypatch.setattr(sqlite, "PRAGMAS", weaker)

    count, _ = cut_after_cut(tmp_path)

    assert count > 0


async def test_a_disk_that_cannot_sync_stops_the_store_for_good(tmp_path: Path) -> None:
    """Row 19: after EIO nothing is acknowledged any more, though a second sync would succeed."""
    told: list[str] = []
    with watched(tmp_path) as disk:
        store = SqliteStore.open(tmp_path / "taikai.db", HandClock(), lambda: told.append("failed"))
        await store.accept(arrival(1), counting("one"))
        disk.sync_fails = SQLITE_IOERR_FSYNC
        with pytest.raises(StoreDownError, match="SQLITE_IOERR_FSYNC"):
            await store.accept(arrival(2, at=NOW + 1), counting("two"))
        disk.sync_fails = 0
        with pytest.raises(StoreDownError):
            await store.ping()
        await store.close()

    assert told == ["failed"]
    reopened = SqliteStore.open(tmp_path / "taikai.db", HandClock())
    again = await reopened.accept(arrival(1), counting("one"))
    assert again.outcome is Outcome.DUPLICATE
    assert (await reopened.accept(arrival(2, at=NOW + 1), counting("two"))).outcome in (
        Outcome.APPLIED,
        Outcome.DUPLICATE,  # the write may have reached the disk after all; both are right
    )
    await reopened.close()


@pytest.mark.parametrize("code", [SQLITE_FULL, SQLITE_IOERR_WRITE])
async def test_a_disk_that_takes_nothing_acknowledges_nothing_and_heals(
    tmp_path: Path, code: int
) -> None:
    """Rows 18 and 19: nothing by halves while it lasts, and no restart is needed afterwards."""
    with watched(tmp_path) as disk:
        store = SqliteStore.open(tmp_path / "taikai.db", HandClock())
        await store.accept(arrival(1), counting("one"))
        disk.write_fails = code
        for number in (2, 3):
            with pytest.raises(StoreDownError):
                await store.accept(arrival(number, at=NOW + number), counting("x"))
        with pytest.raises(StoreDownError):
            await store.ping()
        disk.write_fails = 0
        await store.ping()
        assert (await store.accept(arrival(2, at=NOW + 2), counting("two"))).outcome is (
            Outcome.APPLIED
        )
        assert await store.recall(arrival().user_key) == b"2"
        await store.close()
