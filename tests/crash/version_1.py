"""A database file in the layout of version 1, and what each later version must make of it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

LAYOUT = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE inbox (
    user_key BLOB NOT NULL, event_key BLOB NOT NULL, received INTEGER NOT NULL,
    outcome TEXT NOT NULL, PRIMARY KEY (user_key, event_key)
) WITHOUT ROWID;
CREATE INDEX inbox_by_age ON inbox (received);
CREATE TABLE conversation (
    user_key BLOB PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL,
    faults INTEGER NOT NULL, started_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    touched INTEGER NOT NULL
);
CREATE INDEX conversation_by_age ON conversation (touched);
CREATE TABLE outbox (
    user_key BLOB NOT NULL, seq INTEGER NOT NULL, event_key BLOB NOT NULL,
    event_at INTEGER NOT NULL, received INTEGER NOT NULL, token_born INTEGER NOT NULL,
    letter BLOB, status TEXT NOT NULL, plain INTEGER NOT NULL DEFAULT 0,
    ambiguous INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
    claimed INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL,
    PRIMARY KEY (user_key, seq),
    CHECK ((status = 'waiting') = (letter IS NOT NULL))
);
CREATE INDEX outbox_of_person ON outbox (user_key, seq) WHERE status = 'waiting';
CREATE INDEX outbox_due ON outbox (next_at) WHERE status = 'waiting';
CREATE INDEX outbox_by_age ON outbox (received);
CREATE TABLE tombstone (
    user_key BLOB PRIMARY KEY, erased_at INTEGER NOT NULL, received INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', '1'), ('beat', '7');
"""

NOW = 1_795_000_000_000
"""A moment in November 2026, in milliseconds."""

TABLES = {
    "inbox": ("user_key", "event_key", "received", "outcome"),
    "outbox": (
        "user_key", "seq", "event_key", "event_at", "received", "token_born", "letter", "status",
        "plain", "push", "ambiguous", "tries", "claimed", "next_at",
    ),
    "person": (
        "user_key", "version", "state", "faults", "last_seq", "started_at", "last_at",
        "erased_at", "touched",
    ),
}  # fmt: skip
"""The columns into which everything of version 1 goes."""

Rows = dict[str, list[tuple[Any, ...]]]


def make(path: Path, people: int, random: Random) -> None:
    """Write a file in which *people* are in every situation version 1 knew."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(LAYOUT)
        for _ in range(people):
            _write(connection, random)
        connection.commit()


def _write(connection: sqlite3.Connection, random: Random) -> None:
    def when() -> int:
        return NOW - random.randrange(86_400_000)

    who, kind = random.randbytes(16), random.choice(("here", "here", "gone", "back", "group"))
    if kind in ("here", "back"):
        row = (random.randint(1, 99), random.randbytes(80), random.randrange(2))
        connection.execute(
            "INSERT INTO conversation VALUES (?, ?, ?, ?, ?, ?, ?)",
            (who, *row, when(), when(), when()),
        )
    if kind in ("gone", "back"):
        connection.execute("INSERT INTO tombstone VALUES (?, ?, ?)", (who, when(), when()))
    first = random.randint(1, 5)
    for seq in range(first, first + random.randint(1 if kind == "group" else 0, 4)):
        status = random.choice(("waiting", "sent", "sent", "parked", "unconfirmed", "dead"))
        waits, event_key = status == "waiting", random.randbytes(16)
        flags = [random.randrange(2) for _ in range(2)] + [random.randrange(4)]
        connection.execute(
            "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (who, seq, event_key, when(), when(), when(), random.randbytes(60) if waits else None,
             status, *flags, random.randrange(2) if waits else 0, when()),
        )  # fmt: skip
        connection.execute(
            "INSERT INTO inbox VALUES (?, ?, ?, 'applied')", (who, event_key, when())
        )
    connection.execute(
        "INSERT INTO inbox VALUES (?, ?, ?, ?)",
        (who, random.randbytes(16), when(), random.choice(("late", "stale", "erased"))),
    )


def expected(path: Path) -> Rows:
    """What the version-1 file at *path* must hold once it was opened, sorted.

    Nothing less and nothing more, but for the answers that were claimed: their sender is gone,
    so each is doubtful and due at once.
    """
    with closing(sqlite3.connect(path)) as connection:
        inbox = connection.execute("SELECT * FROM inbox").fetchall()
        conversations = {r[0]: r[1:] for r in connection.execute("SELECT * FROM conversation")}
        tombstones = {r[0]: r[1:] for r in connection.execute("SELECT * FROM tombstone")}
        old = connection.execute("SELECT * FROM outbox").fetchall()
    outbox, answers = [], defaultdict(list)
    for *first, plain, ambiguous, tries, claimed, next_at in old:
        answers[first[0]].append((first[1], first[4]))
        rest = (1, tries, 0, 0) if claimed else (ambiguous, tries, 0, next_at)
        outbox.append((*first, plain, 0, *rest))
    people = []
    for who in conversations.keys() | tombstones.keys() | answers.keys():
        erased_at, buried = tombstones.get(who, (None, None))
        last_seq = max((seq for seq, _ in answers[who]), default=0)
        heard = max((received for _, received in answers[who]), default=None)
        if who in conversations:
            version, state, faults, started_at, last_at, touched = conversations[who]
        else:
            version, state, faults, last_at = 1, None, 0, None
            started_at, touched = erased_at or 0, heard if buried is None else buried
        people.append(
            (who, version, state, faults, last_seq, started_at, last_at, erased_at, touched)
        )
    return {"inbox": sorted(inbox), "outbox": sorted(outbox), "person": sorted(people)}


def found(path: Path) -> Rows:
    """What the file at *path* holds in the present layout, sorted."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"))
            for table, columns in TABLES.items()
        }
