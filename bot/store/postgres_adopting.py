"""The SQL behind renaming a person (PostgreSQL).

Rows are read under the old name, sealed anew, written under the new one and removed. Each
statement is about one name, so the two may live in different partitions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.store.port import Reseal
from bot.store.postgres_pool import AgainError, Pool, Session

PERSON = """
SELECT version, state, faults, last_seq, started_at, last_at, erased_at, touched, crowd_since,
       crowd
FROM person WHERE user_key = $1 FOR UPDATE
"""

NEW = """
INSERT INTO person (user_key, version, state, faults, last_seq, started_at, last_at, erased_at,
                    touched, crowd_since, crowd)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (user_key) DO NOTHING
RETURNING 1
"""

# The number of the version goes on: whoever read the row before must notice.
TAKE_OVER = """
UPDATE person
SET version = greatest(version, $2) + 1, state = $3, faults = $4,
    last_seq = greatest(last_seq, $5), started_at = $6, last_at = $7,
    erased_at = greatest(erased_at, $8), touched = greatest(touched, $9),
    crowd_since = $10, crowd = $11
WHERE user_key = $1
RETURNING 1
"""

EVENTS = "SELECT event_key, received, outcome FROM inbox WHERE user_key = $1"
ADD_EVENTS = """
INSERT INTO inbox (user_key, event_key, received, outcome)
SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::text[])
ON CONFLICT (user_key, event_key) DO NOTHING
"""

UNDECIDED = """
SELECT event_key, message_key, at, received, leaving, event, next_at
FROM deferred WHERE user_key = $1
"""
ADD_UNDECIDED = """
INSERT INTO deferred (user_key, event_key, message_key, at, received, leaving, event, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (user_key, event_key) DO NOTHING
"""

ANSWERS = """
SELECT seq, event_key, event_at, received, token_born, letter, plain, push, ambiguous, tries,
       claimed, next_at
FROM outbox WHERE user_key = $1 AND letter IS NOT NULL FOR UPDATE
"""
ADD_ANSWER = """
INSERT INTO outbox (user_key, seq, event_key, event_at, received, token_born, letter, plain, push,
                    ambiguous, tries, claimed, next_at, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'waiting')
ON CONFLICT (user_key, seq) DO NOTHING
"""

REMOVE = tuple(
    f"DELETE FROM {table} WHERE user_key = $1"  # noqa: S608 - the names stand here
    for table in ("person", "inbox", "deferred", "outbox")
)


async def adopt(pool: Pool, old: bytes, new: bytes, reseal: Reseal) -> bool:
    """`Store.adopt`."""

    async def adopted(session: Session) -> bool:
        async with session.transaction():
            people = {key: await session.row(PERSON, key) for key in sorted((old, new))}
            events = await session.rows(EVENTS, old)
            undecided = await session.rows(UNDECIDED, old)
            if people[old] is None and not events and not undecided:
                return False
            if people[old] is not None and (people[new] is None or people[new]["state"] is None):
                await _move_person(session, new, people[old], people[new] is not None, reseal)
                await _move_answers(session, old, new, reseal)
            if events:
                await session.row(ADD_EVENTS, new, *map(list, zip(*events, strict=True)))
            for row in undecided:
                event = _resealed(reseal.event, row["event"], row["event_key"])
                if event is not None:
                    await session.row(ADD_UNDECIDED, new, *(dict(row) | {"event": event}).values())
            for statement in REMOVE:
                await session.row(statement, old)
            return True

    return await pool.run(adopted)


async def _move_person(session: Session, new: bytes, row: Any, there: bool, reseal: Reseal) -> None:
    values = dict(row)
    if values["state"] is not None:
        values["state"] = _resealed(reseal.state, values["state"])
    statement = TAKE_OVER if there else NEW
    if await session.row(statement, new, *values.values()) is None:
        raise AgainError("overtaken")  # the row came meanwhile; there was nothing to lock


async def _move_answers(session: Session, old: bytes, new: bytes, reseal: Reseal) -> None:
    for row in await session.rows(ANSWERS, old):
        letter = _resealed(reseal.letter, row["letter"], row["seq"], row["event_key"])
        if letter is not None:
            await session.row(ADD_ANSWER, new, *(dict(row) | {"letter": letter}).values())


def _resealed(reseal: Callable[..., bytes], *sealed: object) -> bytes | None:
    """None for what cannot be read under any key: then there is nothing to take along."""
    try:
        return reseal(*sealed)
    except Exception:
        return None
