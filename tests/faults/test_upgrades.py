"""The layout of the database changes: killed half-way, beside an older program, or not at all."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from bot.store import schema
from bot.store.sqlite import SqliteStore
from dev import ROOT
from tests.faults.looking import rows
from tests.store import test_from_version_1 as old

UPGRADE = """
import os, pathlib, sys
from bot.store.sqlite import SqliteStore
import asyncio
print("begun", flush=True)
sys.stdin.readline()
asyncio.run(SqliteStore.open(pathlib.Path(sys.argv[1])).close())
print("done", flush=True)
"""
EVENTS = 30_000
KILLS = 8


def grown(path: Path) -> Path:
    """A database of the first version with so many events that its upgrade takes a moment."""
    old.written(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO inbox VALUES (randomblob(16), ?, 1795316400000, 'applied')",
            [(number.to_bytes(16, "big"),) for number in range(EVENTS)],
        )
    return path


def test_an_upgrade_killed_at_any_moment(tmp_path: Path) -> None:
    """Row 5: either the old layout is there, whole, or the new one is, whole; the next start
    finishes it, and nothing is lost."""
    path = grown(tmp_path / "taikai.db")
    dice, ends = random.Random(7), []
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", UPGRADE, str(path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout
            assert process.stdin
            assert process.stdout.readline() == "begun\n"
            process.stdin.write("\n")
            process.stdin.flush()
            time.sleep(dice.random() * 0.12)
            process.kill()
        [(found,)] = rows(path, "SELECT value FROM meta WHERE name = 'schema'")
        ends.append(found)
        assert rows(path, "SELECT count(*) FROM inbox") == [(EVENTS + 7,)]
        assert rows(path, "PRAGMA integrity_check") == [("ok",)]

    asyncio.run(SqliteStore.open(path).close())

    assert ends[0] == "1", "the first was killed before it was done"
    assert rows(path, "SELECT value FROM meta WHERE name = 'schema'") == [(str(schema.VERSION),)]
    assert rows(path, "SELECT count(*) FROM inbox") == [(EVENTS + 7,)]
    assert len(rows(path, "SELECT 1 FROM person")) == 4
