"""The SQL behind events that are safe but not decided on yet (SQLite).

The table is nearly always empty: an event is put here when time is short, and is decided on as
soon as there is some. So it has an index for what is asked every few seconds, who is due, and
none by age: the purge reads all of it, which is quickest while there is little, and every event
put here at the worst of moments costs one index less to write.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bot.store.port import Arrival, Deferred
from bot.store.rules import FAR, believed

_DEFER = """
INSERT INTO deferred (user_key, event_key, message_key, at, received, leaving, event, next_at)
SELECT :user_key, :event_key, :message_key, :at, :now, :leaving, :event, :now
WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE user_key = :user_key AND event_key = :event_key)
  AND NOT EXISTS (SELECT 1 FROM inbox WHERE user_key = :user_key AND event_key = :message_key)
ON CONFLICT DO NOTHING
"""

# For what _DEFER did not take: it is known, and stays as it is, or its message was taken back.
_UNSENT = """
INSERT INTO inbox (user_key, event_key, received, outcome)
SELECT :user_key, :event_key, :now, 'unsent'
WHERE NOT EXISTS (SELECT 1 FROM deferred WHERE user_key = :user_key AND event_key = :event_key)
ON CONFLICT DO NOTHING
"""

_DEFERRED = """
SELECT event_key, message_key, at, leaving, event FROM deferred
WHERE user_key = ? ORDER BY at, event_key
"""

_BEHIND = """
SELECT user_key FROM deferred WHERE next_at <= :now OR next_at > :far
GROUP BY user_key ORDER BY min(next_at) LIMIT :limit
"""


def defer(connection: sqlite3.Connection, events: Sequence[Deferred], now: int) -> None:
    """`Store.defer`, inside a transaction."""
    for each in events:
        values = {
            "user_key": each.arrival.user_key,
            "event_key": each.arrival.event_key,
            "message_key": each.arrival.message_key,
            "at": believed(each.arrival.at, now),
            "leaving": each.arrival.leaving,
            "event": each.event,
            "now": now,
        }
        if not connection.execute(_DEFER, values).rowcount:
            connection.execute(_UNSENT, values)


def deferred(connection: sqlite3.Connection, user_key: bytes) -> list[Deferred]:
    """`Store.deferred`, inside a transaction."""
    return [
        Deferred(Arrival(user_key, event_key, at, False, bool(leaving), message_key), event)
        for event_key, message_key, at, leaving, event in connection.execute(_DEFERRED, (user_key,))
    ]


def postpone(connection: sqlite3.Connection, user_key: bytes, pause: int, now: int) -> None:
    """`Store.postpone`, inside a transaction."""
    connection.execute(
        "UPDATE deferred SET next_at = ? WHERE user_key = ?", (now + pause, user_key)
    )


def behind(connection: sqlite3.Connection, limit: int, now: int) -> list[bytes]:
    """`Store.behind`, inside a transaction."""
    values = {"now": now, "far": now + FAR, "limit": limit}
    return [user_key for (user_key,) in connection.execute(_BEHIND, values)]
