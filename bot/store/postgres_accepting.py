"""The SQL behind taking events in (PostgreSQL).

Two round trips in the usual case, shared with whoever else is waiting (`postgres_groups`):
everything a decision rests on is read by one statement, and written by one other that begins by
taking the person's row, if that is still as it was read and nobody holds it. Was somebody else
faster, it is all done again behind a lock on the row, so that a person who sends twenty messages
at once, through several nodes, gets on all the same.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from bot.store.port import Accepted, Arrival, Decide, Outcome
from bot.store.postgres_clock import timed
from bot.store.postgres_groups import Groups
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

# A row that somebody holds counts as not taken: others share the round trip and would wait too.
_TAKE_THE_KNOWN = """
    UPDATE person
    SET version = $2::bigint, state = $3, faults = $4, last_seq = $5, started_at = $6, last_at = $7,
        erased_at = $8, touched = $9, crowd_since = $10, crowd = $11
    WHERE user_key = $1 AND EXISTS (
        SELECT 1 FROM person WHERE user_key = $1 AND version = $2::bigint - 1
        FOR UPDATE SKIP LOCKED)
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


def _all_of(take: str, more: str = "") -> str:
    return f"WITH taken AS ({take}){_ANSWER_AND_RECORD}{more} SELECT count(*) FROM taken"  # noqa: S608 - ours


BEGIN = _all_of(_TAKE_THE_NEW)
BEGIN_AND_CLEAR = _all_of(_TAKE_THE_NEW, _CLEAR)
GO_ON = _all_of(_TAKE_THE_KNOWN)
GO_ON_AND_CLEAR = _all_of(_TAKE_THE_KNOWN, _CLEAR)

RECORD = timed("""
WITH recorded AS (
    INSERT INTO inbox (user_key, event_key, received, outcome) VALUES ($1, $2, millis($3), $4)
    ON CONFLICT (user_key, event_key) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM recorded
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
SELECT count(*) FROM recorded
"""

# An event may be deferred by one node while another decides on it.
REFRESH = """
WITH decided AS (
    DELETE FROM deferred WHERE user_key = $1 AND event_key = $2
), refreshed AS (
    UPDATE outbox
    SET received = greatest(received, $3), token_born = greatest(token_born, $4)
    WHERE user_key = $1 AND event_key = $2 AND letter IS NOT NULL
)
SELECT 1
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
    pool: Pool,
    groups: Groups,
    arrival: Arrival,
    decide: Decide,
    lease: int | None,
    now: int | None,
) -> Accepted:
    """`Store.accept`."""
    about = (arrival.user_key, arrival.event_key, arrival.message_key, now)
    known = _known(await groups.row(KNOWN, *about, harmless=True))
    taken = weigh(known, arrival, decide, lease)
    writing = _writing(arrival, known, taken, lease)
    if writing is None:
        return taken.accepted
    with suppress(TakenError):
        [done] = await groups.row(*writing)
        if done:
            return taken.accepted

    async def behind_a_lock(session: Session) -> Accepted:
        async with session.transaction():
            await session.row(LOCK, arrival.user_key)
            # A statement of its own, so that it sees what whoever held the lock has done.
            known = _known(await session.row(KNOWN, *about))
            taken = weigh(known, arrival, decide, lease)
            writing = _writing(arrival, known, taken, lease)
            try:
                if writing is None or await session.value(*writing):
                    return taken.accepted
            except TakenError:
                pass
            raise AgainError("overtaken")  # the row came, or an event without a decision did

    return await pool.run(behind_a_lock)


def _known(row: Any) -> Known:
    return known_from(row[1:], row[0])


def _writing(
    arrival: Arrival, known: Known, taken: Taken, lease: int | None
) -> tuple[Any, ...] | None:
    """The statement that writes all that *taken* says, and its values; None for nothing.

    It returns one number: 0 when something else than *known* is there by now.
    """
    user_key, event_key = arrival.user_key, arrival.event_key
    if taken.refresh:
        if known.answer_waits or known.deferred is not None:
            return (REFRESH, user_key, event_key, taken.received, taken.token_born)
        return None
    if taken.record is None:
        return None
    if taken.person is None:
        record = RECORD if known.deferred is None else RECORD_THE_DEFERRED
        return (record, user_key, event_key, taken.received, taken.record.value)
    clear = taken.erase or known.deferred is not None
    if known.person is NOBODY:
        statement = BEGIN_AND_CLEAR if clear else BEGIN
    else:
        statement = GO_ON_AND_CLEAR if clear else GO_ON
    person, claim = taken.person, taken.accepted.claim
    writing = (
        statement, user_key, person.version, person.state, person.faults, person.last_seq,
        person.started_at, person.last_at, person.erased_at, person.touched,
        person.crowd.since, person.crowd.count, event_key, taken.at, taken.received,
        taken.token_born, taken.letter, 1 if claim else 0,
        claim.now + (lease or 0) if claim else taken.received, taken.record.value,
    )  # fmt: skip
    return (*writing, taken.at if taken.erase else None) if clear else writing


async def note(groups: Groups, arrival: Arrival, outcome: Outcome, now: int | None) -> Outcome:
    """`Store.note`."""
    about = (arrival.user_key, arrival.event_key, now, outcome.value)
    [recorded] = await groups.row(RECORD, *about)
    return outcome if recorded else Outcome.DUPLICATE


async def unsend(pool: Pool, arrival: Arrival, now: int | None) -> Outcome:
    """`Store.unsend`."""
    about = (arrival.user_key, arrival.event_key, arrival.message_key, now)
    taken_back = await pool.row(TAKE_BACK, *about)
    return Outcome.DUPLICATE if taken_back is None else Outcome.APPLIED
