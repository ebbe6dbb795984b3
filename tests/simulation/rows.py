"""What a database keeps of one person, as plain values. A row never changes: it is replaced."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from bot.store.port import Outcome, Status
from bot.store.weighing import NOBODY, Person

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that was heard, or a message that was taken back."""

    received: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is safe but not decided on yet."""

    event_key: bytes
    message_key: bytes | None
    at: int
    received: int
    leaving: bool
    event: bytes = field(repr=False)
    next_at: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. While ``claimed``, ``next_at`` is the end of the lease."""

    event_key: bytes
    event_at: int
    received: int
    token_born: int
    letter: bytes | None = field(repr=False)
    next_at: int
    status: Status = Status.WAITING
    plain: bool = False
    push: bool = False
    ambiguous: bool = False
    tries: int = 0
    claimed: bool = False


@dataclass(slots=True)
class Rows:
    """All rows of one person: their own, ``inbox`` and ``deferred`` by the key of the event,
    ``outbox`` by the number of the answer, and how much of a day's ``allowance`` is used up."""

    person: Person = field(default_factory=lambda: NOBODY)
    inbox: dict[bytes, Entry] = field(default_factory=dict)
    deferred: dict[bytes, Waiting] = field(default_factory=dict)
    outbox: dict[int, Answer] = field(default_factory=dict)
    allowance: dict[int, int] = field(default_factory=dict)

    def copy(self) -> Rows:
        """The same rows, to be changed without anybody seeing it."""
        return Rows(
            self.person,
            dict(self.inbox),
            dict(self.deferred),
            dict(self.outbox),
            dict(self.allowance),
        )

    def oldest(self) -> tuple[int, Answer] | None:
        """The waiting answer that goes first, with its number."""
        waiting = [item for item in self.outbox.items() if item[1].status is Status.WAITING]
        return min(waiting, key=lambda item: item[0], default=None)

    def __bool__(self) -> bool:
        """Whether anything is kept at all."""
        return self.person is not NOBODY or any(
            (self.inbox, self.deferred, self.outbox, self.allowance)
        )


def with_changes(now: Rows, before: Rows, after: Rows) -> Rows:
    """*now*, with everything set anew that differs between *before* and *after*.

    What a database does at a commit: what the transaction did not write stays as somebody else
    wrote it meanwhile, field by field; and what is gone meanwhile is not written to.
    """
    result = now.copy()
    if after.person is not before.person:
        result.person = after.person
    for table in ("inbox", "deferred", "outbox", "allowance"):
        old, new, target = getattr(before, table), getattr(after, table), getattr(result, table)
        for key in old.keys() - new.keys():
            target.pop(key, None)
        for key, row in new.items():
            if key not in old:
                target[key] = row
            elif old[key] is not row and key in target:
                target[key] = _updated(target[key], old[key], row)
    return result


def _updated(now: T, before: T, after: T) -> T:
    """*now* with the fields of *after* that differ from *before*."""
    if now is before or not isinstance(after, Waiting | Answer):
        return after
    changed = {
        each.name: getattr(after, each.name)
        for each in fields(after)
        if getattr(after, each.name) != getattr(before, each.name)
    }
    return replace(now, **changed)  # type: ignore[type-var]
