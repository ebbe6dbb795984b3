"""The SQL behind remembering, counting and forgetting people (PostgreSQL)."""

from __future__ import annotations

from typing import Any

from bot.store.port import Backlog, Purged, Terms
from bot.store.postgres_clock import timed
from bot.store.postgres_pool import Pool, Session

RECALL = "SELECT state FROM person WHERE user_key = $1"

PING = """
INSERT INTO meta (name, value) VALUES ('beat', '1')
ON CONFLICT (name) DO UPDATE SET value = (meta.value::bigint + 1)::text
"""

PATIENCE = "SET LOCAL statement_timeout = '30s'"
"""For a sweep nobody waits for: a slow disk must not keep it from ever getting done."""

# What is to go is chosen first, once and for all: a SELECT … LIMIT within the DELETE may be planned
# as the inner side of a nested loop, which executes it again and again. Each time it finds others,
# for the rows before are gone, and more than the limit go.
# A row that is just being used is passed over: waiting for it could only make somebody else wait.
PURGE = timed("""
WITH clock AS MATERIALIZED (
    SELECT millis($6) AS now
), old_events AS MATERIALIZED (
    SELECT user_key, event_key FROM inbox WHERE received < (SELECT now - $1 FROM clock)
    LIMIT $5 FOR UPDATE SKIP LOCKED
), old_undecided AS MATERIALIZED (
    SELECT user_key, event_key FROM deferred WHERE received < (SELECT now - $1 FROM clock)
    LIMIT $5 FOR UPDATE SKIP LOCKED
), old_conversations AS MATERIALIZED (
    SELECT user_key FROM person
    WHERE touched < (SELECT now - $2 FROM clock) AND state IS NOT NULL
    LIMIT $5 FOR UPDATE SKIP LOCKED
), old_answers AS MATERIALIZED (
    SELECT user_key, seq FROM outbox WHERE received < (SELECT now - $3 FROM clock)
    LIMIT $5 FOR UPDATE SKIP LOCKED
), old_tombstones AS MATERIALIZED (
    SELECT user_key FROM person
    WHERE touched < (SELECT now - $4 FROM clock) AND state IS NULL
    LIMIT $5 FOR UPDATE SKIP LOCKED
), events AS (
    DELETE FROM inbox WHERE (user_key, event_key) IN (SELECT * FROM old_events) RETURNING 1
), undecided AS (
    DELETE FROM deferred WHERE (user_key, event_key) IN (SELECT * FROM old_undecided) RETURNING 1
), conversations AS (
    DELETE FROM person WHERE user_key IN (SELECT * FROM old_conversations) RETURNING 1
), answers AS (
    DELETE FROM outbox WHERE (user_key, seq) IN (SELECT * FROM old_answers) RETURNING 1
), tombstones AS (
    DELETE FROM person WHERE user_key IN (SELECT * FROM old_tombstones) RETURNING 1
), allowances AS ( -- a handful, so nobody counts them
    DELETE FROM allowance WHERE day < (SELECT now / 86400000 - 1 FROM clock)
)
SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM undecided),
       (SELECT count(*) FROM conversations), (SELECT count(*) FROM answers),
       (SELECT count(*) FROM tombstones)
""")

BACKLOG = timed("""
WITH clock AS MATERIALIZED (SELECT millis($1) AS now)
SELECT (SELECT count(*) FROM outbox WHERE status = 'waiting'),
       (SELECT count(*) FROM deferred),
       greatest(0, now - least((SELECT min(next_at) FROM outbox WHERE status = 'waiting'),
                               (SELECT min(next_at) FROM deferred), now))
FROM clock
""")


async def recall(pool: Pool, user_key: bytes) -> bytes | None:
    """`Store.recall`."""
    row = await pool.row(RECALL, user_key, harmless=True)
    return None if row is None else row[0]


async def purge(pool: Pool, terms: Terms, limit: int, now: int | None) -> Purged:
    """`Store.purge`."""

    async def purged(session: Session) -> Any:
        async with session.transaction():
            await session.row(PATIENCE)
            ages = (terms.events, terms.conversations, terms.answers, terms.tombstones)
            return await session.row(PURGE, *ages, limit, now)

    return Purged(*await pool.run(purged))


async def backlog(pool: Pool, now: int | None) -> Backlog:
    """`Store.backlog`."""
    return Backlog(*await pool.row(BACKLOG, now, harmless=True))


async def ping(pool: Pool) -> None:
    """`Store.ping`."""
    await pool.row(PING)
