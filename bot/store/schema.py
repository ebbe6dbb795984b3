"""The tables in SQLite, and the version of their layout.

Every primary key begins with ``user_key`` and no row points to another person's, so the same
layout can be spread over many databases by that key.
"""

from __future__ import annotations

import sqlite3

from bot.store.port import StoreRefusedError

VERSION = 1

TABLES = """
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Every event ever heard, for as long as LINE might deliver it again. No content.
CREATE TABLE inbox (
    user_key  BLOB NOT NULL,
    event_key BLOB NOT NULL,
    received  INTEGER NOT NULL,
    outcome   TEXT NOT NULL,
    PRIMARY KEY (user_key, event_key)
) WITHOUT ROWID;
CREATE INDEX inbox_by_age ON inbox (received);

-- Where each person is. started_at and last_at are times of events, touched is ours.
CREATE TABLE conversation (
    user_key   BLOB PRIMARY KEY,
    version    INTEGER NOT NULL,
    state      BLOB NOT NULL,
    faults     INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    touched    INTEGER NOT NULL
);
CREATE INDEX conversation_by_age ON conversation (touched);

-- Answers. While claimed, claimed = 1 and next_at is the end of the lease.
CREATE TABLE outbox (
    user_key   BLOB NOT NULL,
    seq        INTEGER NOT NULL,
    event_key  BLOB NOT NULL,
    event_at   INTEGER NOT NULL,
    received   INTEGER NOT NULL,
    token_born INTEGER NOT NULL,
    letter     BLOB,
    status     TEXT NOT NULL,
    plain      INTEGER NOT NULL DEFAULT 0,
    ambiguous  INTEGER NOT NULL DEFAULT 0,
    tries      INTEGER NOT NULL DEFAULT 0,
    claimed    INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER NOT NULL,
    PRIMARY KEY (user_key, seq),
    CHECK ((status = 'waiting') = (letter IS NOT NULL))
);
CREATE INDEX outbox_of_person ON outbox (user_key, seq) WHERE status = 'waiting';
CREATE INDEX outbox_due ON outbox (next_at) WHERE status = 'waiting';
CREATE INDEX outbox_by_age ON outbox (received);

-- What is left of an erased person: nothing older than erased_at may bring them back.
CREATE TABLE tombstone (
    user_key  BLOB PRIMARY KEY,
    erased_at INTEGER NOT NULL,
    received  INTEGER NOT NULL
) WITHOUT ROWID;
"""


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring the database to `VERSION` in one transaction; StoreRefusedError for a newer one.

    The connection is in autocommit mode (``isolation_level=None``).
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _version(connection)
        if found == 0:
            for statement in TABLES.split(";"):
                connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES ('schema', ?)", (str(VERSION),))
        elif found != VERSION:
            raise StoreRefusedError(
                f"データベースの形式({found})が、このプログラム({VERSION})より新しいものです。"
                "新しいバージョンのプログラムで起動してください。"
            )
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    """The version of the layout found; 0 for an empty database."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if "meta" not in tables:
        if tables:
            raise StoreRefusedError(
                "このファイルは別のプログラムのデータベースです。DATABASE_URLを確かめてください。"
            )
        return 0
    row = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    if row is None or not str(row[0]).isdigit():
        raise StoreRefusedError("データベースの形式が読めません。DATABASE_URLを確かめてください。")
    return int(row[0])
