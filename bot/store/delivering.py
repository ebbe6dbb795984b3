"""The SQL behind delivering answers (SQLite).

Answers are claimed person by person, oldest first. Claiming single answers instead would send
two answers of one person at the same time, and so out of order.
"""

from __future__ import annotations

import sqlite3

from bot.store.port import Claim, Finished, Retry, Settlement
from bot.store.rules import FAR
from bot.store.weighing import claim_from

# A push that died in flight is not ambiguous: its retry key keeps it from being read twice.
_CLAIM = """
UPDATE outbox
SET ambiguous = CASE WHEN claimed AND NOT push THEN 1 ELSE ambiguous END,
    claimed = 1, tries = tries + 1, next_at = :lease_until
WHERE user_key = :user_key
  AND seq = (SELECT min(seq) FROM outbox WHERE user_key = :user_key AND status = 'waiting')
  AND (next_at <= :now OR next_at > :far)
RETURNING seq, event_key, letter, received, token_born, ambiguous, plain, push, tries
"""

# An attempt is named by all of these: an erased person's numbers go on, but rows may be gone.
_THE_ATTEMPT = """
WHERE user_key = ?1 AND seq = ?2 AND event_key = ?3 AND tries = ?4
  AND claimed = 1 AND status = 'waiting'
"""

_FINISH = f"UPDATE outbox SET status = ?5, letter = NULL, claimed = 0 {_THE_ATTEMPT}"  # noqa: S608 - ours

_RETRY = f"""
UPDATE outbox
SET claimed = 0, next_at = ?5, ambiguous = ?6, push = ?7,
    letter = coalesce(?8, letter), plain = CASE WHEN ?8 IS NULL THEN plain ELSE 1 END
{_THE_ATTEMPT}
"""  # noqa: S608 - both parts are written above

# The oldest was claimed, so what else waits is newer: the older ones need not be looked through.
_MORE = """
SELECT EXISTS (SELECT 1 FROM outbox WHERE user_key = ? AND seq >= ? AND status = 'waiting')
"""

_WAITING = """
SELECT user_key FROM outbox AS row
WHERE status = 'waiting' AND (next_at <= :now OR next_at > :far)
  AND seq = (SELECT min(seq) FROM outbox WHERE user_key = row.user_key AND status = 'waiting')
ORDER BY next_at LIMIT :limit
"""

_ALLOW = """
INSERT INTO allowance (user_key, day, used) VALUES (:user_key, :day, 1)
ON CONFLICT (user_key, day) DO UPDATE SET used = used + 1 WHERE used < :most
"""


def claim(connection: sqlite3.Connection, user_key: bytes, lease: int, now: int) -> Claim | None:
    """`Store.claim`, inside a transaction."""
    values = {"user_key": user_key, "now": now, "lease_until": now + lease, "far": now + FAR}
    rows = connection.execute(_CLAIM, values).fetchall()
    return claim_from(user_key, rows[0], now) if rows else None


def settle(connection: sqlite3.Connection, claim: Claim, settlement: Settlement, now: int) -> bool:
    """`Store.settle`, inside a transaction."""
    attempt = (claim.user_key, claim.seq, claim.event_key, claim.tries)
    match settlement:
        case Finished(status):
            connection.execute(_FINISH, (*attempt, str(status)))
        case Retry(pause, ambiguous, letter, push):
            connection.execute(_RETRY, (*attempt, now + pause, ambiguous, push, letter))
    return bool(connection.execute(_MORE, (claim.user_key, claim.seq)).fetchone()[0])


def waiting(connection: sqlite3.Connection, limit: int, now: int) -> list[bytes]:
    """`Store.waiting`, inside a transaction."""
    values = {"now": now, "far": now + FAR, "limit": limit}
    return [user_key for (user_key,) in connection.execute(_WAITING, values)]


def allow(connection: sqlite3.Connection, user_key: bytes, day: int, most: int) -> bool:
    """`Store.allow`, inside a transaction."""
    if most < 1:
        return False
    connection.execute("DELETE FROM allowance WHERE user_key = ? AND day < ?", (user_key, day))
    counted = connection.execute(_ALLOW, {"user_key": user_key, "day": day, "most": most})
    return counted.rowcount > 0


def take_back(connection: sqlite3.Connection) -> None:
    """Take back the claims of a process that died; whether their answers arrived is unknown.

    Only for whoever just became the sole owner of the file: nobody else can hold a claim then.
    """
    connection.execute(
        "UPDATE outbox SET ambiguous = CASE WHEN push THEN ambiguous ELSE 1 END,"
        " claimed = 0, next_at = 0 WHERE claimed = 1"
    )
