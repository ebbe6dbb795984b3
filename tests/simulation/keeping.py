"""Operations that reach over several people: forgetting with time, and renaming somebody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.store.port import Purged, Reseal, Status, Terms
from bot.store.rules import DAY
from bot.store.weighing import NOBODY, Person
from tests.simulation.database import Database
from tests.simulation.rows import Rows


def purge(database: Database, terms: Terms, limit: int) -> Purged:
    """`Store.purge`."""

    def removed(forget: Callable[[Rows, int], int]) -> int:
        """How many rows *forget* removed, told how many it may."""
        total = 0
        for user_key in list(database.people):
            before = database.people[user_key]
            after = before.copy()
            total += forget(after, limit - total)
            database.commit(user_key, before, after)
        return total

    now = database.now()
    for rows in database.people.values():
        rows.allowance = {
            day: used for day, used in rows.allowance.items() if day >= now // DAY - 1
        }
    events, answers = now - terms.events, now - terms.answers
    return Purged(
        events=removed(partial(_without, "inbox", events))
        + removed(partial(_without, "deferred", events)),
        conversations=removed(partial(_forgotten, True, now - terms.conversations)),
        answers=removed(partial(_without, "outbox", answers)),
        tombstones=removed(partial(_forgotten, False, now - terms.tombstones)),
    )


def _without(table: str, before: int, rows: Rows, most: int) -> int:
    """Remove what *table* received *before* then."""
    kept = getattr(rows, table)
    gone = [key for key, row in kept.items() if row.received < before][:most]
    for key in gone:
        del kept[key]
    return len(gone)


def _forgotten(conversing: bool, before: int, rows: Rows, most: int) -> int:
    """Remove the person's own row if it was touched *before* then."""
    is_one = rows.person is not NOBODY and (rows.person.state is not None) == conversing
    if most < 1 or not is_one or rows.person.touched >= before:
        return 0
    rows.person = NOBODY
    return 1


def adopt(database: Database, old: bytes, new: bytes, reseal: Reseal) -> bool:
    """`Store.adopt`."""
    before, there = database.people.get(old, Rows()), database.people.get(new, Rows())
    if before.person is NOBODY and not before.inbox and not before.deferred:
        return False
    after = there.copy()
    if before.person is not NOBODY and there.person.state is None:
        after.person = _taken_over(before.person, there.person, reseal)
        for seq, answer in before.outbox.items():
            if answer.status is Status.WAITING and answer.letter is not None:
                with suppress(Exception):
                    letter = reseal.letter(answer.letter, seq, answer.event_key)
                    after.outbox.setdefault(seq, replace(answer, letter=letter))
    for key, entry in before.inbox.items():
        after.inbox.setdefault(key, entry)
    for key, row in before.deferred.items():
        with suppress(Exception):
            after.deferred.setdefault(key, replace(row, event=reseal.event(row.event, key)))
    database.commit(new, there, after)
    database.commit(old, before, Rows(allowance=before.allowance))
    return True


def _taken_over(person: Person, there: Person, reseal: Reseal) -> Person:
    """The row of *person* under a name that has *there*: an erasure, and numbers that go on."""
    state = None
    with suppress(Exception):
        state = None if person.state is None else reseal.state(person.state)
    return replace(
        person,
        state=state,
        version=max(person.version, there.version) + 1,
        last_seq=max(person.last_seq, there.last_seq),
        erased_at=max((at for at in (person.erased_at, there.erased_at) if at), default=None),
    )
