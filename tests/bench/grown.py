"""A database as it is after years: very many conversations, and event ids still remembered."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.clock import SystemClock
from bot.store.opening import upgrade

STATE_BYTES = 480
"""A sealed conversation in the middle of a case."""

_NUMBERS = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < :count)"

_PEOPLE = f"""{_NUMBERS}
INSERT INTO person (user_key, version, state, faults, last_seq, started_at, last_at, erased_at,
                    touched, crowd_since, crowd)
SELECT randomblob(16) AS key, 10, randomblob({STATE_BYTES}), 0, 10, :now, :now, NULL, :now, 0, 0
FROM n ORDER BY key
"""

_EVENTS = f"""{_NUMBERS}
INSERT INTO inbox (user_key, event_key, received, outcome)
SELECT user_key, randomblob(16), :now, 'applied' FROM person, n ORDER BY user_key
"""


def grow(path: Path, people: int, events_each: int) -> None:
    """Make the database *path* with *people* conversations and *events_each* ids for each.

    The layout is made by the store itself; the rows by SQLite, as the store would write them.
    """
    asyncio.run(upgrade(f"sqlite:///{path}", SystemClock()))
    now = time.time_ns() // 1_000_000
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_PEOPLE, {"count": people, "now": now})
        connection.execute(_EVENTS, {"count": events_each, "now": now})
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
