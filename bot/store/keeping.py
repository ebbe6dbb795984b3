"""The SQL behind remembering and forgetting people (SQLite)."""

from __future__ import annotations

import sqlite3

from bot.store.port import Backlog, Purged, Terms
from bot.store.rules import DAY

_EVENTS = (
    "DELETE FROM inbox WHERE (user_key, event_key) IN"
    " (SELECT user_key, event_key FROM inbox WHERE received < ? LIMIT ?)",
    "DELETE FROM deferred WHERE (user_key, event_key) IN"
    " (SELECT user_key, event_key FROM deferred WHERE received < ? LIMIT ?)",
)
_CONVERSATIONS = (
    "DELETE FROM person WHERE user_key IN"
    " (SELECT user_key FROM person WHERE touched < ? AND state IS NOT NULL LIMIT ?)"
)
_TOMBSTONES = (
    "DELETE FROM person WHERE user_key IN"
    " (SELECT user_key FROM person WHERE touched < ? AND state IS NULL LIMIT ?)"
)
_ANSWERS = (
    "DELETE FROM outbox WHERE (user_key, seq) IN"
    " (SELECT user_key, seq FROM outbox WHERE received < ? LIMIT ?)"
)

_ALLOWANCES = "DELETE FROM allowance WHERE day < ?"

_BACKLOG = """
SELECT (SELECT count(*) FROM outbox WHERE status = 'waiting'), (SELECT count(*) FROM deferred),
       min((SELECT coalesce(min(next_at), :now) FROM outbox WHERE status = 'waiting'),
           (SELECT coalesce(min(next_at), :now) FROM deferred))
"""


def recall(connection: sqlite3.Connection, user_key: bytes) -> bytes | None:
    """`Store.recall`, inside a transaction."""
    row = connection.execute("SELECT state FROM person WHERE user_key = ?", (user_key,)).fetchone()
    return None if row is None or row[0] is None else bytes(row[0])


def purge(connection: sqlite3.Connection, terms: Terms, limit: int, now: int) -> Purged:
    """`Store.purge`, inside a transaction."""

    def removed(statement: str, term: int) -> int:
        return connection.execute(statement, (now - term, limit)).rowcount

    connection.execute(_ALLOWANCES, (now // DAY - 1,))  # a handful, so nobody counts them
    return Purged(
        events=sum(removed(statement, terms.events) for statement in _EVENTS),
        conversations=removed(_CONVERSATIONS, terms.conversations),
        answers=removed(_ANSWERS, terms.answers),
        tombstones=removed(_TOMBSTONES, terms.tombstones),
    )


def backlog(connection: sqlite3.Connection, now: int) -> Backlog:
    """`Store.backlog`, inside a transaction."""
    answers, events, oldest = connection.execute(_BACKLOG, {"now": now}).fetchone()
    return Backlog(answers, events, max(0, now - oldest))


def empty_log(connection: sqlite3.Connection) -> None:
    """Bring the log of changes over to the file and cut it off: until then it still holds what
    was erased. Outside of a transaction; another program's reading leaves it for the next time."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
