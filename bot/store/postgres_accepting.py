"""The SQL behind taking events in (PostgreSQL).

Two round trips in the usual case: everything a decision rests on is read by one statement, and
written by one other that begins by taking the person's row, if that is still as it was read.
Was somebody else faster, it is all done again behind a lock on the row, so that a person who
sends twenty messages at once, through several nodes, gets on all the same.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from bot.store.port import Accepted, Arrival, Decide, Outcome
from bot.store.postgres_clock import timed
from bot.store.postgres_pool import AgainError, Pool, Session, TakenError
from bot.store.weighing import NOBODY, Known, Taken, known_from, weigh

KNOWN = timed("""
SELECT millis($4),
       EXISTS (SELECT 1 FROM inbox WHERE user_key = $1 AND event_key = $2),
       EXISTS (SELECT 1 FROM inbox WHERE user_key = $1 AND event_key = $3),
       mine.received,
       EXISTS (SELECT 1 FROM deferred AS theirs
               WHERE theirs.user_key = $1 AND theirs.event_key <> $2
                 AND (mine.at IS NULL
                      OR (theirs.at, theirs.event_key) < (mine.at, mine.event_key))),
       EXISTS (SELECT 1 FROM outbox WHERE user_key = $1 AND letter IS NOT NULL),
       person.version, state, faults, last_seq, started_at, last_at, erased_at, touched,
       crowd_since, crowd
FROM (SELECT 1) AS always
LEFT JOIN person ON person.user_key = $1
LEFT JOIN deferred AS mine ON mine.user_key = $1 AND mine.event_key = $2
""")

LOCK = "SELECT 1 FROM person WHERE user_key = $1 FOR UPDATE"

# Everything else in the statement happens only for the row that this returns.
_TAKE_THE_NEW = """
    INSERT INTO person (user_key, version, state, faults, last_seq, started_at, last_at,
                        erased_at, touched, crowd_since, crowd)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (user_key) DO NOTHING
    RETURNING user_key
"""

_TAKE_THE_KNOWN = """
    UPDATE person
    SET version = $2::bigint, state = $3, faults = $4, last_seq = $5, started_at = $6, last_at = $7,
        erased_at = $8, touched = $9, crowd_since = $10, crowd = $11
    WHERE user_key = $1 AND version = $2::bigint - 1
    RETURNING user_key
"""

_ANSWER_AND_RECORD = """
, answered AS (
    INSERT INTO outbox (user_key, seq, event_key, event_at, received, token_born, letter,
                        status, plain, push, ambiguous, tries, claimed, next_at)
    SELECT user_key, $5, $12, $13, $14, $15, $16, 'waiting', 0, 0, 0, $17, $17, $18
    FROM taken WHERE $16::bytea IS NOT NULL
), recorded AS (
    INSERT INTO inbox (user_key, event_key, received, outcome)
    SELECT user_key, $12, $14, $19 FROM taken
)"""

_CLEAR = """
, decided AS (
    DELETE FROM deferred
    WHERE user_key = $1 AND (event_key = $12 OR at <= $20) AND EXISTS (SELECT 1 FROM taken)
    RETURNING event_key
), dropped AS (
    INSERT INTO inbox (user_key, event_key, received, outcome)
    SELECT $1, event_key, $14, 'dropped' FROM decided WHERE event_key <> $12
    ON CONFLICT (user_key, event_key) DO NOTHING
), erased AS (
    DELETE FROM outbox
    WHERE user_key = $1 AND event_at <= $20 AND EXISTS (SELECT 1 FROM taken)
)"""


def _writing(take: str, more: str = "") -> str:
    return f"WITH taken AS ({take}){_ANSWER_AND_RECORD}{more} SELECT count(*) FROM taken"  # noqa: S608


BEGIN = _writing(_TAKE_THE_NEW)
BEGIN_AND_CLEAR = _writing(_TAKE_THE_NEW, _CLEAR)
GO_ON = _writing(_TAKE_THE_KNOWN)
GO_ON_AND_CLEAR = _writing(_TAKE_THE_KNOWN, _CLEAR)

RECORD = timed("""
INSERT INTO inbox (user_key, event_key, received, outcome)
VALUES ($1, $2, millis($3), $4)
ON CONFLICT (user_key, event_key) DO NOTHING
RETURNING 1
""")

RECORD_THE_DEFERRED = """
WITH recorded AS (
    INSERT INTO inbox (user_key, event_key, received, outcome) VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_key, event_key) DO NOTHING
    RETURNING user_key
), decided AS (
    DELETE FROM deferred
    WHERE user_key = $1 AND event_key = $2 AND EXISTS (SELECT 1 FROM recorded)
)
SELECT 1 FROM recorded
"""

# An event may be deferred by one node while another decides on it.
REFRESH = """
WITH decided AS (DELETE FROM deferred WHERE user_key = $1 AND event_key = $2)
UPDATE outbox
SET received = greatest(received, $3), token_born = greatest(token_born, $4)
WHERE user_key = $1 AND event_key = $2 AND letter IS NOT NULL
"""

TAKE_BACK = timed("""
WITH clock AS (SELECT millis($4) AS now), heard AS (
    INSERT INTO inbox (user_key, event_key, received, outcome)
    SELECT $1, $2, now, 'applied' FROM clock
    ON CONFLICT (user_key, event_key) DO NOTHING
    RETURNING received
), taken_back AS (
    DELETE FROM deferred
    WHERE user_key = $1 AND message_key = $3 AND EXISTS (SELECT 1 FROM heard)
    RETURNING event_key
), listed AS (
    INSERT INTO inbox (user_key, event_key, received, outcome)
    SELECT $1, gone.key, heard.received, 'unsent'
    FROM heard, (SELECT $3::bytea AS key UNION SELECT event_key FROM taken_back) AS gone
    ON CONFLICT (user_key, event_key) DO NOTHING
)
SELECT 1 FROM heard
""")


async def accept(
    pool: Pool, arrival: Arrival, decide: Decide, lease: int | None, now: int | None
) -> Accepted:
    """`Store.accept`."""
    known = await pool.run(partial(_known, arrival=arrival, now=now), harmless=True)
    taken = weigh(known, arrival, decide, lease)
    write = partial(_written, arrival=arrival, known=known, taken=taken, lease=lease)
    with suppress(TakenError):
        if await pool.run(write):
            return taken.accepted

    async def behind_a_lock(session: Session) -> Accepted:
        async with session.transaction():
            await session.row(LOCK, arrival.user_key)
            # A statement of its own, so that it sees what whoever held the lock has done.
            known = await _known(session, arrival, now)
            taken = weigh(known, arrival, decide, lease)
            try:
                if await _written(session, arrival, known, taken, lease):
                    return taken.accepted
            except TakenError:
                pass
            raise AgainError("overtaken")  # the row came, or an event without a decision did

    return await pool.run(behind_a_lock)


async def _known(session: Session, arrival: Arrival, now: int | None) -> Known:
    row = await session.row(KNOWN, arrival.user_key, arrival.event_key, arrival.message_key, now)
    present, *found = row
    return known_from(found, present)


async def _written(
    session: Session, arrival: Arrival, known: Known, taken: Taken, lease: int | None
) -> bool:
    """Write all that *taken* says. False when something else than *known* is there by now."""
    user_key, event_key = arrival.user_key, arrival.event_key
    if taken.refresh:
        if known.answer_waits or known.deferred is not None:
            await session.row(REFRESH, user_key, event_key, taken.received, taken.token_born)
        return True
    if taken.record is None:
        return True
    if taken.person is None:
        record = RECORD if known.deferred is None else RECORD_THE_DEFERRED
        values = (user_key, event_key, taken.received, taken.record.value)
        return await session.row(record, *values) is not None
    person, claim = taken.person, taken.accepted.claim
    all_values: list[object] = [
        user_key, person.version, person.state, person.faults, person.last_seq,
        person.started_at, person.last_at, person.erased_at, person.touched,
        person.crowd.since, person.crowd.count, event_key, taken.at, taken.received,
        taken.token_born, taken.letter, 1 if claim else 0,
        claim.now + (lease or 0) if claim else taken.received, taken.record.value,
    ]  # fmt: skip
    clear = taken.erase or known.deferred is not None
    if clear:
        all_values.append(taken.at if taken.erase else None)
    new = known.person is NOBODY
    if new:
        statement = BEGIN_AND_CLEAR if clear else BEGIN
    else:
        statement = GO_ON_AND_CLEAR if clear else GO_ON
    return bool(await session.value(statement, *all_values))


async def note(pool: Pool, arrival: Arrival, outcome: Outcome, now: int | None) -> Outcome:
    """`Store.note`."""

    async def recorded(session: Session) -> Any:
        values = (arrival.user_key, arrival.event_key, now, outcome.value)
        return await session.row(RECORD, *values)

    return outcome if await pool.run(recorded) else Outcome.DUPLICATE


async def unsend(pool: Pool, arrival: Arrival, now: int | None) -> Outcome:
    """`Store.unsend`."""

    async def taken_back(session: Session) -> Any:
        values = (arrival.user_key, arrival.event_key, arrival.message_key, now)
        return await session.row(TAKE_BACK, *values)

    return Outcome.APPLIED if await pool.run(taken_back) else Outcome.DUPLICATE
