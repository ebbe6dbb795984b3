"""The SQL behind events that are safe but not decided on yet (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.store.port import Arrival, Deferred
from bot.store.postgres_clock import timed
from bot.store.postgres_pool import Pool

LATEST = 2**62
"""No event is from later; the database counts to 2**63."""

DEFER = timed("""
WITH clock AS MATERIALIZED (SELECT millis($7) AS now), heard AS MATERIALIZED (
    SELECT heard.*, EXISTS (SELECT 1 FROM inbox WHERE user_key = heard.user_key
                            AND event_key = heard.message_key) AS unsent
    FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bytea[])
        AS heard (user_key, event_key, message_key, at, leaving, event)
    WHERE NOT EXISTS (SELECT 1 FROM inbox
                      WHERE user_key = heard.user_key AND event_key = heard.event_key)
), recorded AS (
    INSERT INTO inbox (user_key, event_key, received, outcome)
    SELECT user_key, event_key, clock.now, 'unsent'
    FROM clock, heard
    WHERE unsent AND NOT EXISTS (SELECT 1 FROM deferred WHERE user_key = heard.user_key
                                 AND event_key = heard.event_key)
    ON CONFLICT (user_key, event_key) DO NOTHING
)
INSERT INTO deferred (user_key, event_key, message_key, at, received, leaving, event, next_at)
SELECT user_key, event_key, message_key, least(at, clock.now + CLOCK_TOLERANCE), clock.now,
       leaving, event, clock.now
FROM clock, heard
WHERE NOT unsent
ON CONFLICT (user_key, event_key) DO NOTHING
""")

DEFERRED = """
SELECT event_key, message_key, at, leaving, event FROM deferred
WHERE user_key = $1 ORDER BY at, event_key
"""

POSTPONE = timed("UPDATE deferred SET next_at = millis($3) + $2 WHERE user_key = $1")

BEHIND = timed("""
WITH clock AS MATERIALIZED (SELECT millis($2) AS now)
SELECT user_key FROM deferred, clock
WHERE next_at <= clock.now OR next_at > clock.now + FAR
GROUP BY user_key ORDER BY min(next_at) LIMIT $1
""")


async def defer(pool: Pool, events: Sequence[Deferred], now: int | None) -> None:
    """`Store.defer`."""
    # In one order everywhere, so that two who keep the same events never wait in a circle.
    rows = sorted(
        (
            each.arrival.user_key,
            each.arrival.event_key,
            each.arrival.message_key,
            max(0, min(each.arrival.at, LATEST)),
            int(each.arrival.leaving),
            each.event,
        )
        for each in {(e.arrival.user_key, e.arrival.event_key): e for e in events[::-1]}.values()
    )

    if rows:
        await pool.row(DEFER, *map(list, zip(*rows, strict=True)), now)


async def deferred(pool: Pool, user_key: bytes) -> list[Deferred]:
    """`Store.deferred`."""
    return [
        Deferred(Arrival(user_key, event_key, at, False, bool(leaving), message_key), event)
        for event_key, message_key, at, leaving, event in await pool.rows(DEFERRED, user_key)
    ]


async def postpone(pool: Pool, user_key: bytes, pause: int, now: int | None) -> None:
    """`Store.postpone`."""
    await pool.row(POSTPONE, user_key, pause, now)


async def behind(pool: Pool, limit: int, now: int | None) -> list[bytes]:
    """`Store.behind`."""
    return [row[0] for row in await pool.rows(BEHIND, limit, now)]
