"""The SQL behind taking events in (SQLite)."""

from __future__ import annotations

import sqlite3

from bot.store.port import Accepted, Arrival, Decide, Outcome
from bot.store.weighing import Known, Taken, known_from, weigh

_KNOWN = """
SELECT EXISTS (SELECT 1 FROM inbox WHERE user_key = ?1 AND event_key = ?2),
       EXISTS (SELECT 1 FROM inbox WHERE user_key = ?1 AND event_key = ?3),
       mine.received,
       EXISTS (SELECT 1 FROM deferred AS theirs
               WHERE theirs.user_key = ?1 AND theirs.event_key <> ?2
                 AND (mine.at IS NULL
                      OR (theirs.at, theirs.event_key) < (mine.at, mine.event_key))),
       EXISTS (SELECT 1 FROM outbox WHERE user_key = ?1 AND status = 'waiting'),
       person.version, state, faults, last_seq, started_at, last_at, erased_at, touched,
       crowd_since, crowd
FROM (SELECT 1) AS always
LEFT JOIN person ON person.user_key = ?1
LEFT JOIN deferred AS mine ON mine.user_key = ?1 AND mine.event_key = ?2
"""

_PERSON = """
INSERT INTO person (user_key, version, state, faults, last_seq, started_at, last_at, erased_at,
                    touched, crowd_since, crowd)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (user_key) DO UPDATE SET
    version = excluded.version, state = excluded.state, faults = excluded.faults,
    last_seq = excluded.last_seq, started_at = excluded.started_at,
    last_at = excluded.last_at, erased_at = excluded.erased_at, touched = excluded.touched,
    crowd_since = excluded.crowd_since, crowd = excluded.crowd
"""

_ANSWER = """
INSERT INTO outbox (user_key, seq, event_key, event_at, received, token_born, letter, status,
                    plain, push, ambiguous, tries, claimed, next_at)
VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, 0, 0, ?, ?, ?)
"""

_REFRESH = """
UPDATE outbox SET received = max(received, :received), token_born = max(token_born, :token_born)
WHERE user_key = :user_key AND event_key = :event_key AND status = 'waiting'
"""

_RECORD = "INSERT INTO inbox (user_key, event_key, received, outcome) VALUES (?, ?, ?, ?)"

_DECIDED = "DELETE FROM deferred WHERE user_key = ? AND event_key = ?"

_ERASE = (
    "INSERT INTO inbox (user_key, event_key, received, outcome)"
    " SELECT user_key, event_key, received, 'dropped' FROM deferred"
    " WHERE user_key = :user_key AND at <= :at AND event_key <> :event_key ON CONFLICT DO NOTHING",
    "DELETE FROM outbox WHERE user_key = :user_key AND event_at <= :at",
    "DELETE FROM deferred WHERE user_key = :user_key AND at <= :at",
)

_TAKE_BACK = """
DELETE FROM deferred WHERE user_key = ? AND message_key = ? RETURNING event_key
"""


def accept(
    connection: sqlite3.Connection, arrival: Arrival, decide: Decide, lease: int | None, now: int
) -> Accepted:
    """`Store.accept`, inside a transaction somebody else began and ends."""
    known = _known(connection, arrival, now)
    taken = weigh(known, arrival, decide, lease)
    if taken.record is not None:
        _write(connection, arrival, taken, lease or 0, was_deferred=known.deferred is not None)
    elif taken.refresh:
        if known.deferred is not None:
            connection.execute(_DECIDED, (arrival.user_key, arrival.event_key))
        connection.execute(
            _REFRESH,
            {
                "user_key": arrival.user_key,
                "event_key": arrival.event_key,
                "received": taken.received,
                "token_born": taken.token_born,
            },
        )
    return taken.accepted


def _known(connection: sqlite3.Connection, arrival: Arrival, now: int) -> Known:
    values = (arrival.user_key, arrival.event_key, arrival.message_key)
    return known_from(connection.execute(_KNOWN, values).fetchone(), now)


def _write(
    connection: sqlite3.Connection, arrival: Arrival, taken: Taken, lease: int, was_deferred: bool
) -> None:
    user_key, event_key = arrival.user_key, arrival.event_key
    if taken.erase:
        values = {"user_key": user_key, "event_key": event_key, "at": taken.at}
        for statement in _ERASE:
            connection.execute(statement, values)
    if (person := taken.person) is not None:
        connection.execute(
            _PERSON,
            (
                user_key,
                person.version,
                person.state,
                person.faults,
                person.last_seq,
                person.started_at,
                person.last_at,
                person.erased_at,
                person.touched,
                person.crowd.since,
                person.crowd.count,
            ),
        )
    if taken.letter is not None:
        claim = taken.accepted.claim
        connection.execute(
            _ANSWER,
            (
                user_key,
                taken.seq,
                event_key,
                taken.at,
                taken.received,
                taken.token_born,
                taken.letter,
                1 if claim else 0,
                1 if claim else 0,
                claim.now + lease if claim else taken.received,
            ),
        )
    if was_deferred:
        connection.execute(_DECIDED, (user_key, event_key))
    assert taken.record is not None
    connection.execute(_RECORD, (user_key, event_key, taken.received, str(taken.record)))


def note(connection: sqlite3.Connection, arrival: Arrival, outcome: Outcome, now: int) -> Outcome:
    """`Store.note`, inside a transaction."""
    known = connection.execute(
        f"{_RECORD} ON CONFLICT DO NOTHING",
        (arrival.user_key, arrival.event_key, now, outcome.value),
    )
    return outcome if known.rowcount else Outcome.DUPLICATE


def unsend(connection: sqlite3.Connection, arrival: Arrival, now: int) -> Outcome:
    """`Store.unsend`, inside a transaction."""
    assert arrival.message_key is not None
    if note(connection, arrival, Outcome.APPLIED, now) is Outcome.DUPLICATE:
        return Outcome.DUPLICATE
    taken_back = connection.execute(_TAKE_BACK, (arrival.user_key, arrival.message_key))
    keys = [arrival.message_key, *(key for (key,) in taken_back.fetchall())]
    connection.executemany(
        f"{_RECORD} ON CONFLICT DO NOTHING",
        [(arrival.user_key, key, now, Outcome.UNSENT.value) for key in keys],
    )
    return Outcome.APPLIED
