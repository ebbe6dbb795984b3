"""SIGKILL in the middle of an upgrade of the file: it is the old one or the new one, whole."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

from bot.store.schema import VERSION
from tests.crash import version_1
from tests.crash.upgrading import upgraded

PEOPLE = 4_000
KILLS = 12
"""So many in the middle of it; a kill that comes after the end counts as none."""

MOST = 60
"""Attempts at them."""


def fresh(original: Path, path: Path) -> None:
    """Put the old file at *path*, and nothing beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copy(original, path)


def version(path: Path, aside: Path) -> int:
    """The layout's version as a reader finds it after the kill; the file itself is not touched.

    Raises AssertionError for a damaged file.
    """
    fresh(path, aside)
    wal = path.with_name(path.name + "-wal")
    if wal.exists():
        shutil.copy(wal, aside.with_name(aside.name + "-wal"))
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        query = "SELECT value FROM meta WHERE name = 'schema'"
        return int(connection.execute(query).fetchone()[0])


def test_an_upgrade_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    """Whatever the moment, the file opens afterwards, is upgraded, and holds every row."""
    random = Random(2026)
    original, path, aside = (tmp_path / f"{name}.db" for name in ("original", "taikai", "aside"))
    version_1.make(original, PEOPLE, random)
    expected = version_1.expected(original)
    fresh(original, path)
    whole = upgraded(path)
    assert whole is not None
    assert version_1.found(path) == expected

    fresh(original, path)
    left: list[int] = []
    for _ in range(MOST):
        if len(left) == KILLS:
            break
        if upgraded(path, kill_after=random.uniform(0, whole)) is None:
            left.append(version(path, aside))
        if version(path, aside) == VERSION:
            assert upgraded(path) is not None
            assert version_1.found(path) == expected
            fresh(original, path)

    assert len(left) == KILLS
    assert set(left) <= {1, VERSION}
    assert left.count(1) >= KILLS / 2, "most kills came after the commit"
    assert upgraded(path) is not None
    assert version_1.found(path) == expected
