"""The SQL behind accepting an event, erasing a person and forgetting with time (SQLite)."""

from __future__ import annotations

import sqlite3

from bot.store import rules
from bot.store.port import (
    Accepted,
    Arrival,
    Decide,
    Erase,
    Horizon,
    Keep,
    Outcome,
    Purged,
    Save,
    Situation,
)

_KNOWN = """
SELECT inbox.outcome, tombstone.erased_at, conversation.state, conversation.faults,
       conversation.last_at, (SELECT max(seq) FROM outbox WHERE outbox.user_key = :user_key)
FROM (SELECT :user_key AS user_key, :event_key AS event_key) AS given
LEFT JOIN inbox ON inbox.user_key = given.user_key AND inbox.event_key = given.event_key
LEFT JOIN tombstone ON tombstone.user_key = given.user_key
LEFT JOIN conversation ON conversation.user_key = given.user_key
"""

_SAVE = """
INSERT INTO conversation (user_key, version, state, faults, started_at, last_at, touched)
VALUES (:user_key, 1, :state, 0, :at, :at, :received)
ON CONFLICT (user_key) DO UPDATE SET
    version = version + 1, state = :state, faults = 0,
    last_at = max(last_at, :at), touched = max(touched, :received)
"""

_KEEP = """
UPDATE conversation
SET faults = :faults, last_at = max(last_at, :at), touched = max(touched, :received)
WHERE user_key = :user_key
"""

_ANSWER = """
INSERT INTO outbox
    (user_key, seq, event_key, event_at, received, token_born, letter, status, next_at)
VALUES (:user_key, :seq, :event_key, :at, :received, :token_born, :letter, 'waiting', :received)
"""

_REFRESH = """
UPDATE outbox SET received = max(received, :received), token_born = max(token_born, :token_born)
WHERE user_key = :user_key AND event_key = :event_key AND status = 'waiting'
"""

_TOMBSTONE = """
INSERT INTO tombstone (user_key, erased_at, received) VALUES (:user_key, :at, :received)
ON CONFLICT (user_key) DO UPDATE SET
    erased_at = max(erased_at, :at), received = max(received, :received)
"""


def accept(connection: sqlite3.Connection, arrival: Arrival, decide: Decide) -> Accepted:
    """`Store.accept`, inside a transaction somebody else began and ends."""
    values: dict[str, object] = {
        "user_key": arrival.user_key,
        "event_key": arrival.event_key,
        "at": arrival.at,
        "received": arrival.received,
        "token_born": rules.token_born(arrival),
    }
    row = connection.execute(_KNOWN, values).fetchone()
    known, erased_at, state, faults, last_at, last_seq = row
    if known is not None:
        connection.execute(_REFRESH, values)
        return Accepted(Outcome.DUPLICATE, answer_waits=False)

    verdict = rules.verdict_on(arrival, erased_at, last_at)
    if verdict in (Outcome.DROPPED, Outcome.STALE):
        _remember(connection, values, verdict)
        return Accepted(verdict, answer_waits=False)

    seq = (last_seq or 0) + 1
    decision = decide(Situation(state, faults or 0, seq, late=verdict is Outcome.LATE))
    match decision.change:
        case Save(new_state):
            connection.execute(_SAVE, values | {"state": new_state})
        case Keep(new_faults):
            connection.execute(_KEEP, values | {"faults": new_faults})
        case Erase():
            _erase(connection, values)
    if decision.letter is not None:
        connection.execute(_ANSWER, values | {"seq": seq, "letter": decision.letter})
    _remember(connection, values, decision.outcome)
    return Accepted(decision.outcome, answer_waits=decision.letter is not None)


def _remember(connection: sqlite3.Connection, values: dict[str, object], outcome: Outcome) -> None:
    connection.execute(
        "INSERT INTO inbox VALUES (:user_key, :event_key, :received, :outcome)",
        values | {"outcome": outcome.value},
    )


def _erase(connection: sqlite3.Connection, values: dict[str, object]) -> None:
    """Remove what was kept when the event happened, and leave a tombstone.

    Whoever left and came back before we heard of the leaving keeps what was begun since.
    """
    connection.execute(
        "DELETE FROM conversation WHERE user_key = :user_key AND started_at <= :at", values
    )
    connection.execute("DELETE FROM outbox WHERE user_key = :user_key AND event_at <= :at", values)
    connection.execute(_TOMBSTONE, values)


def recall(connection: sqlite3.Connection, user_key: bytes) -> bytes | None:
    """`Store.recall`, inside a transaction."""
    row = connection.execute(
        "SELECT state FROM conversation WHERE user_key = ?", (user_key,)
    ).fetchone()
    return None if row is None else bytes(row[0])


def purge(connection: sqlite3.Connection, horizon: Horizon, limit: int) -> Purged:
    """`Store.purge`, inside a transaction."""

    def removed(statement: str, before: int) -> int:
        return connection.execute(statement, (before, limit)).rowcount

    return Purged(
        inbox=removed(
            "DELETE FROM inbox WHERE (user_key, event_key) IN"
            " (SELECT user_key, event_key FROM inbox WHERE received < ? LIMIT ?)",
            horizon.inbox,
        ),
        conversations=removed(
            "DELETE FROM conversation WHERE user_key IN"
            " (SELECT user_key FROM conversation WHERE touched < ? LIMIT ?)",
            horizon.conversations,
        ),
        outbox=removed(
            "DELETE FROM outbox WHERE (user_key, seq) IN"
            " (SELECT user_key, seq FROM outbox WHERE received < ? LIMIT ?)",
            horizon.outbox,
        ),
        tombstones=removed(
            "DELETE FROM tombstone WHERE user_key IN"
            " (SELECT user_key FROM tombstone WHERE received < ? LIMIT ?)",
            horizon.tombstones,
        ),
    )
