"""The SQL behind delivering answers (PostgreSQL).

Answers are claimed person by person, oldest first. Claiming single answers instead would send
two answers of one person at the same time, and so out of order.

What waits has a letter, and nothing else has one. Statements about one person ask for the letter:
asked for the status, PostgreSQL would go through the index of all that waits for anybody.
"""

from __future__ import annotations

from bot.store.port import Claim, Finished, Retry, Settlement
from bot.store.postgres_clock import timed
from bot.store.postgres_groups import Groups
from bot.store.postgres_pool import Pool
from bot.store.weighing import claim_from

# Who waited for another's claim looks at the row again as that left it, and finds it not due.
# A push that died in flight is not ambiguous: its retry key keeps it from being read twice.
CLAIM = timed("""
WITH clock AS MATERIALIZED (SELECT millis($3) AS now)
UPDATE outbox
SET ambiguous = CASE WHEN claimed = 1 AND push = 0 THEN 1 ELSE ambiguous END,
    claimed = 1, tries = tries + 1, next_at = clock.now + $2
FROM clock
WHERE user_key = $1 AND letter IS NOT NULL
  AND seq = (SELECT min(seq) FROM outbox WHERE user_key = $1 AND letter IS NOT NULL)
  AND (next_at <= clock.now OR next_at > clock.now + FAR)
RETURNING seq, event_key, letter, received, token_born, ambiguous, plain, push, tries, clock.now
""")

# An attempt is named by all of these: an erased person's numbers go on, but rows may be gone.
_THE_ATTEMPT = """
    user_key = $1 AND seq = $2 AND event_key = $3 AND tries = $4
    AND claimed = 1 AND letter IS NOT NULL
"""

# A power cut that takes a settlement back is no harm: the lease runs out, and the same token is
# tried again. So nobody waits for the disk here.
_WITHOUT_THE_DISK = "(SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL"

_MORE = """
    EXISTS (SELECT 1 FROM outbox WHERE user_key = $1 AND letter IS NOT NULL
            AND seq NOT IN (SELECT seq FROM done))
"""

FINISH = f"""
WITH done AS (
    UPDATE outbox SET status = $5, letter = NULL, claimed = 0
    WHERE {_THE_ATTEMPT} AND {_WITHOUT_THE_DISK}
    RETURNING seq
)
SELECT {_MORE}
"""  # noqa: S608 - all parts are written above

# Made for sharing a round trip: an answer that somebody holds counts as not done.
FINISH_UNLESS_HELD = f"""
WITH done AS (
    UPDATE outbox SET status = $5, letter = NULL, claimed = 0
    WHERE user_key = $1 AND seq = $2
      AND EXISTS (SELECT 1 FROM outbox WHERE {_THE_ATTEMPT} FOR UPDATE SKIP LOCKED)
      AND {_WITHOUT_THE_DISK}
    RETURNING seq
)
SELECT EXISTS (SELECT 1 FROM done), {_MORE}
"""  # noqa: S608 - ours

RETRY = timed(f"""
WITH done AS (
    UPDATE outbox
    SET claimed = 0, next_at = millis($9) + $5, ambiguous = $6, push = $7,
        letter = coalesce($8, letter), plain = CASE WHEN $8::bytea IS NULL THEN plain ELSE 1 END
    WHERE {_THE_ATTEMPT} AND {_WITHOUT_THE_DISK}
    RETURNING seq
)
SELECT EXISTS (SELECT 1 FROM outbox WHERE user_key = $1 AND letter IS NOT NULL)
    OR EXISTS (SELECT 1 FROM done)
""")  # noqa: S608 - ours

WAITING = timed("""
WITH clock AS MATERIALIZED (SELECT millis($2) AS now)
SELECT user_key FROM outbox AS answer, clock
WHERE status = 'waiting' AND (next_at <= clock.now OR next_at > clock.now + FAR)
  AND seq = (SELECT min(seq) FROM outbox
             WHERE user_key = answer.user_key AND letter IS NOT NULL)
ORDER BY next_at LIMIT $1
""")

ALLOW = """
WITH gone AS (DELETE FROM allowance WHERE user_key = $1 AND day < $2)
INSERT INTO allowance (user_key, day, used) VALUES ($1, $2, 1)
ON CONFLICT (user_key, day) DO UPDATE SET used = allowance.used + 1 WHERE allowance.used < $3
RETURNING 1
"""


async def claim(pool: Pool, user_key: bytes, lease: int, now: int | None) -> Claim | None:
    """`Store.claim`."""
    row = await pool.row(CLAIM, user_key, lease, now)
    return None if row is None else claim_from(user_key, row[:-1], row[-1])


async def settle(
    pool: Pool, groups: Groups, claim: Claim, settlement: Settlement, now: int | None
) -> bool:
    """`Store.settle`."""
    attempt = (claim.user_key, claim.seq, claim.event_key, claim.tries)
    match settlement:
        case Finished(status):
            done, more = await groups.row(FINISH_UNLESS_HELD, *attempt, status.value)
            if not done:  # somebody holds the row, or the lease is lost
                [more] = await pool.row(FINISH, *attempt, status.value)
        case Retry(pause, ambiguous, letter, push):
            said = (int(ambiguous), int(push), letter)
            [more] = await pool.row(RETRY, *attempt, pause, *said, now)
    return bool(more)


async def waiting(pool: Pool, limit: int, now: int | None) -> list[bytes]:
    """`Store.waiting`."""
    return [row[0] for row in await pool.rows(WAITING, limit, now)]


async def allow(pool: Pool, user_key: bytes, day: int, most: int) -> bool:
    """`Store.allow`."""
    return most > 0 and await pool.row(ALLOW, user_key, day, most) is not None
