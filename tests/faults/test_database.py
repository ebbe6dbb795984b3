"""The database is locked, full, read-only, broken or brought back from a backup."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.store.rules import TOKEN_LIFE
from bot.store.sqlite import SqliteStore
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.made import RunningClock
from tests.engine.posting import event, request, tell
from tests.engine.running import Process, serving
from tests.faults import nodes
from tests.faults.looking import WAITING, rows, soon


def is_ready(base: str) -> bool:
    """Whether the server says that it can take events in."""
    return request(base, "GET", "/readyz", headers={})[0] == 200


# --- row 17: locked ------------------------------------------------------------------------------

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
print("free", flush=True)
"""


@contextmanager
def held_by_another_process(path: Path) -> Iterator[None]:
    """Somebody has opened the file with a tool and left it locked."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdin
        assert holder.stdout.readline() == "held\n"
        yield
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "free\n"


def test_locked_by_another_process(tmp_path: Path) -> None:
    """Row 17: 503 within LINE's two seconds, well again without a restart, and whatever had been
    asked of the database meanwhile counts once."""
    happenings = [event(f"{who}", who=who) for who in range(3)]
    with FakeLine() as line, Process(tmp_path, LINE_API_BASE=line.base) as node:
        with held_by_another_process(tmp_path / "taikai.db"):
            begun = time.monotonic()
            assert tell(node.base, *happenings) == 503
            assert time.monotonic() - begun < 2.0
            assert not is_ready(node.base)
            assert request(node.base, "GET", "/healthz", headers={})[0] == 200
            assert line.attempts == []
        assert tell(node.base, *happenings) == 200
        assert sorted(line.wait_for(3)) == ["1:0", "1:1", "1:2"]
        assert rows(tmp_path / "taikai.db", "SELECT version FROM person") == [(1,)] * 3
        assert soon(lambda: is_ready(node.base))


# --- rows 18 and 19: full, read-only, no longer to be trusted ------------------------------------


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_disk_that_takes_no_more(tmp_path: Path, fault: str) -> None:
    """Rows 18 and 19: 503 and not ready while it lasts; nobody is answered for what was not
    stored; with room again it goes on by itself."""
    with (
        FakeLine() as line,
        Process(tmp_path, run=nodes.on_a_failing_disk, LINE_API_BASE=line.base) as node,
    ):
        assert tell(node.base, event("まえ")) == 200
        assert line.wait_for(1) == ["1:まえ"]
        assert soon(lambda: rows(tmp_path / "taikai.db", WAITING) == [])
        (tmp_path / fault).touch()
        happening = event("あと")
        assert tell(node.base, happening) == 503
        assert soon(lambda: not is_ready(node.base))
        assert request(node.base, "GET", "/healthz", headers={})[0] == 200
        assert len(line.attempts) == 1

        (tmp_path / fault).unlink()
        assert tell(node.base, happening) == 200
        assert line.wait_for(2) == ["1:まえ", "2:あと"]
        assert soon(lambda: is_ready(node.base))
        assert node.terminate() == 0

    assert rows(tmp_path / "taikai.db", "SELECT outcome FROM inbox") == [("applied",)] * 2


def test_a_database_at_its_largest(tmp_path: Path) -> None:
    """Row 18: SQLite's own limit of pages, as a full disk would stop it; raised, all is well."""
    store = SqliteStore.open(tmp_path / "taikai.db")
    pages = store._writer._connection.execute("PRAGMA page_count").fetchone()[0]
    with FakeLine() as line:
        settings = standin.settings(line_api_base=line.base)
        with serving(settings=settings, store=store) as base:
            line.rule = lambda token, texts: "429"  # nothing is sent, so no room is freed
            store._writer._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
            taken = 0
            while (status := tell(base, event("あ" * 900, who=taken))) == 200:
                taken += 1
            assert (status, taken > 0) == (503, True)
            line.rule = lambda token, texts: None
            store._writer._connection.execute("PRAGMA max_page_count = 100000")
            assert tell(base, event("まだいる", who=10**6)) == 200
            assert line.wait_until(lambda: len(line.delivered) == taken + 1, 15)
    assert rows(tmp_path / "taikai.db", "SELECT count(*) FROM inbox") == [(taken + 1,)]


def test_a_sync_that_failed_once(tmp_path: Path) -> None:
    """Row 19: EIO on fsync means that nobody knows what is on the disk. 503, and the process
    ends by itself; the next one reads what is there, and what LINE sends again counts once."""
    happenings = [event("一", ago=2), event("二", ago=1)]
    with FakeLine() as line:
        node = Process(tmp_path, run=nodes.on_a_failing_disk, LINE_API_BASE=line.base)
        with node:
            assert tell(node.base, happenings[0]) == 200
            assert line.wait_for(1) == ["1:一"]
            assert soon(lambda: rows(tmp_path / "taikai.db", WAITING) == [])
            (tmp_path / "sync").touch()
            assert tell(node.base, happenings[1]) == 503
            assert node.wait() == 1, "whoever runs it must start it again"
        assert not (tmp_path / "sync").exists()
        assert '"disk failed"' in node.log.read_text("utf-8")

        with Process(tmp_path, LINE_API_BASE=line.base) as node:
            for happening in happenings:
                assert tell(node.base, happening) == 200
            assert line.wait_for(2) == ["1:一", "2:二"]
            assert node.terminate() == 0

    assert len(line.delivered) == 2


# --- row 51: brought back from a backup -----------------------------------------------------------


def backed_up(path: Path, to: Path) -> None:
    """A copy made while the server runs, as an operator makes it."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


@pytest.mark.parametrize(("fault", "status"), [("429", "parked"), ("500 before", "unconfirmed")])
def test_answers_of_a_backup_are_never_said_again(tmp_path: Path, fault: Any, status: str) -> None:
    """Row 51: what waited when the backup was made was said soon after. Brought back later than
    its token lives, it is parked, or unconfirmed where LINE was asked before; LINE is not even
    asked, and nothing is pushed, for no token of it can work any more. (Where push is allowed,
    whoever restores begins with TAIKAI_PUSH=off: an answer said by reply has no retry key.)"""
    clock = RunningClock()
    path, backup = tmp_path / "taikai.db", tmp_path / "backup.db"
    with FakeLine() as line:
        settings = standin.settings(line_api_base=line.base)
        line.rule = lambda token, texts: fault
        store = SqliteStore.open(path, clock)
        with serving(settings=settings, store=store) as base:
            assert tell(base, *(event("やあ", who=who) for who in range(3))) == 200
            assert line.wait_until(lambda: len(line.attempts) >= 1)
            assert soon(lambda: rows(path, "SELECT 1 FROM outbox WHERE claimed = 1") == [])
            backed_up(path, backup)
            line.rule = lambda token, texts: None
            assert line.wait_until(lambda: len(line.delivered) == 3, 15)
        asyncio.run(store.close())
        asked = len(line.attempts)

        brought_back(backup, path)
        assert rows(path, "SELECT status FROM outbox") == [("waiting",)] * 3
        clock.move(milliseconds=TOKEN_LIFE)
        store = SqliteStore.open(path, clock)
        with serving(settings=settings, store=store) as base:
            assert soon(lambda: rows(path, WAITING) == [])
            assert tell(base, event("また", ago=-TOKEN_LIFE / 1000)) == 200
        asyncio.run(store.close())

    assert (status, None) in rows(path, "SELECT DISTINCT status, letter FROM outbox")
    assert len(line.attempts) - asked <= 1, "only the new event's own answer"
    assert line.pushes == []
    assert [text for text in line.texts() if text == "1:やあ"] == ["1:やあ"] * 3


def test_answers_of_a_young_backup_are_refused_by_line(tmp_path: Path) -> None:
    """Row 51: brought back at once, the tokens still live but are used up: said once."""
    path, backup = tmp_path / "taikai.db", tmp_path / "backup.db"
    with FakeLine() as line:
        settings = standin.settings(line_api_base=line.base)
        line.rule = lambda token, texts: "429"
        store = SqliteStore.open(path)
        with serving(settings=settings, store=store) as base:
            assert tell(base, event("やあ")) == 200
            assert line.wait_until(lambda: len(line.attempts) >= 1)
            backed_up(path, backup)
            line.rule = lambda token, texts: None
            assert line.wait_for(1, 15.0) == ["1:やあ"]
        asyncio.run(store.close())

        brought_back(backup, path)
        store = SqliteStore.open(path)
        with serving(settings=settings, store=store):
            assert soon(lambda: rows(path, WAITING) == [], 15)
        asyncio.run(store.close())

    assert line.texts() == ["1:やあ"]
    assert line.pushes == []


def brought_back(backup: Path, path: Path) -> None:
    """Put the backup in the place of what is there."""
    for left in path.parent.glob("taikai.db*"):
        left.unlink()
    shutil.copy(backup, path)
