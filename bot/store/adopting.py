"""The SQL behind renaming a person (SQLite).

Each statement is about one name, as in every database, though here it would not have to be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial

from bot.store.port import Reseal

_IS_KNOWN = """
SELECT EXISTS (SELECT 1 FROM person WHERE user_key = :old)
    OR EXISTS (SELECT 1 FROM inbox WHERE user_key = :old)
    OR EXISTS (SELECT 1 FROM deferred WHERE user_key = :old)
"""

_STATES = "SELECT user_key, state FROM person WHERE user_key IN (:old, :new)"

# What the new name has already without a conversation: an erasure, and the numbers of answers.
# The number of the version goes on: whoever read the row before must notice.
_TAKE_OVER = """
UPDATE person
SET state = :state,
    version = max(version, coalesce((SELECT version FROM person WHERE user_key = :new), 0)) + 1,
    last_seq = max(last_seq, coalesce((SELECT last_seq FROM person WHERE user_key = :new), 0)),
    erased_at = coalesce(max(erased_at, (SELECT erased_at FROM person WHERE user_key = :new)),
                         erased_at, (SELECT erased_at FROM person WHERE user_key = :new))
WHERE user_key = :old
"""


def adopt(connection: sqlite3.Connection, old: bytes, new: bytes, reseal: Reseal) -> bool:
    """`Store.adopt`, inside a transaction."""
    names: dict[str, object] = {"old": old, "new": new}
    if not connection.execute(_IS_KNOWN, names).fetchone()[0]:
        return False
    states = dict(connection.execute(_STATES, names).fetchall())
    if old in states and states.get(new) is None:
        sealed = states[old]
        state = None if sealed is None else _readable(partial(reseal.state, sealed))
        connection.execute(_TAKE_OVER, names | {"state": state})
        connection.execute("DELETE FROM person WHERE user_key = :new", names)
        connection.execute("UPDATE person SET user_key = :new WHERE user_key = :old", names)
        _move_answers(connection, old, new, reseal)
    connection.execute("UPDATE OR IGNORE inbox SET user_key = :new WHERE user_key = :old", names)
    _move_deferred(connection, old, new, reseal)
    for table in ("person", "inbox", "deferred", "outbox"):
        connection.execute(f"DELETE FROM {table} WHERE user_key = :old", names)  # noqa: S608 - ours
    return True


def _readable(resealed: Callable[[], bytes]) -> bytes | None:
    """What *resealed* gives; None for what no key opens: the person does without it."""
    try:
        return resealed()
    except Exception:
        return None


def _move_answers(connection: sqlite3.Connection, old: bytes, new: bytes, reseal: Reseal) -> None:
    waiting = connection.execute(
        "SELECT seq, event_key, letter FROM outbox WHERE user_key = ? AND status = 'waiting'",
        (old,),
    ).fetchall()
    for seq, event_key, sealed in waiting:
        if letter := _readable(partial(reseal.letter, sealed, seq, event_key)):
            connection.execute(
                "UPDATE OR IGNORE outbox SET user_key = ?, letter = ?"
                " WHERE user_key = ? AND seq = ?",
                (new, letter, old, seq),
            )


def _move_deferred(connection: sqlite3.Connection, old: bytes, new: bytes, reseal: Reseal) -> None:
    events = connection.execute(
        "SELECT event_key, event FROM deferred WHERE user_key = ?", (old,)
    ).fetchall()
    for event_key, sealed in events:
        if event := _readable(partial(reseal.event, sealed, event_key)):
            connection.execute(
                "UPDATE OR IGNORE deferred SET user_key = ?, event = ?"
                " WHERE user_key = ? AND event_key = ?",
                (new, event, old, event_key),
            )
