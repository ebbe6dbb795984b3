"""What the engine asks of a database. Every driver keeps these promises; one suite tests them.

The row of a person is the unit of everything: each operation below is one transaction, names
one ``user_key``, and is durable when it returns. The values that go through are those of
`bot.store.values`, to be had from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.store.values import (
    Accepted,
    Arrival,
    Backlog,
    Change,
    Claim,
    Decide,
    Decision,
    Deferred,
    Erase,
    Finished,
    Keep,
    Outcome,
    Purged,
    Retry,
    Save,
    Settlement,
    Situation,
    Status,
    Terms,
)

__all__ = [
    "Accepted",
    "Arrival",
    "Backlog",
    "Change",
    "Claim",
    "Decide",
    "Decision",
    "Deferred",
    "Erase",
    "Finished",
    "Keep",
    "Outcome",
    "Purged",
    "Reseal",
    "Retry",
    "Save",
    "Settlement",
    "Situation",
    "Status",
    "Store",
    "StoreDownError",
    "StoreRefusedError",
    "Terms",
]


class StoreDownError(Exception):
    """The database did not take it: locked, full, read-only, gone. Nothing was changed."""


class StoreRefusedError(Exception):
    """The database cannot be used at all; the message, in Japanese, says why and what to do."""


class Reseal(Protocol):
    """Makes what was sealed for one key of a person readable under another, same place."""

    def state(self, sealed: bytes) -> bytes:
        """A conversation."""
        ...

    def letter(self, sealed: bytes, seq: int, event_key: bytes) -> bytes:
        """An answer."""
        ...

    def event(self, sealed: bytes, event_key: bytes) -> bytes:
        """A deferred event."""
        ...


class Store(Protocol):
    """The port. All but `close` raise StoreDownError when the database does not take it.

    Calls for one person, made one after the other in one event loop, take effect in that order,
    also when nobody waits for the first before making the second.
    """

    async def accept(self, arrival: Arrival, decide: Decide, lease: int | None = None) -> Accepted:
        """Take in one event, exactly once, and decide on it: all of it or nothing.

        In order: a known event is a duplicate, and a waiting answer to it gets a fresh token
        clock; one that must wait for deferred events of the same person is not taken; then the
        rules of `bot.store.rules.verdict_on`; then *decide*. Whatever *decide* raises comes
        out, with nothing changed. With a *lease* (ms) the answer is claimed in the same
        transaction: the attempt is written down before it can be made.
        """
        ...

    async def note(self, arrival: Arrival, outcome: Outcome) -> Outcome:
        """Record an event that asks nothing of us as *outcome*, unless it is known already."""
        ...

    async def unsend(self, arrival: Arrival) -> Outcome:
        """The person took back the message ``message_key``: what is kept of it goes.

        It is never read from now on, not even when it arrives after this news. What was already
        decided on it stands. Applied or duplicate.
        """
        ...

    async def defer(self, events: Sequence[Deferred]) -> None:
        """Keep events, of any number of people, to be decided on later.

        Known ones stay as they are. One whose message was taken back already is not kept, for
        there is nothing left to decide: it is recorded as unsent, so that every event received
        has one outcome. Cheap, and waits for nobody's lock.
        """
        ...

    async def deferred(self, user_key: bytes) -> list[Deferred]:
        """This person's deferred events, in the order in which they are to be accepted."""
        ...

    async def postpone(self, user_key: bytes, pause: int) -> None:
        """Do not name this person in `behind` for *pause* ms: their events are not for us."""
        ...

    async def behind(self, limit: int) -> list[bytes]:
        """People with deferred events that are due, longest waiting first."""
        ...

    async def recall(self, user_key: bytes) -> bytes | None:
        """The sealed conversation of a person, None for nobody."""
        ...

    async def claim(self, user_key: bytes, lease: int) -> Claim | None:
        """The right to send this person's oldest waiting answer for *lease* ms, if it is due.

        None when nothing waits, or the oldest is claimed by somebody else. An attempt whose
        lease ran out died in flight: what is claimed after it is ambiguous, unless it was a
        push, whose retry key protects it.
        """
        ...

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """Write down how the attempt ended. True when this person has another answer waiting.

        Does nothing for an attempt that lost its lease or whose person was erased.
        """
        ...

    async def waiting(self, limit: int) -> list[bytes]:
        """People whose oldest waiting answer can be claimed now, longest waiting first."""
        ...

    async def adopt(self, old: bytes, new: bytes, reseal: Reseal) -> bool:
        """Whoever was known as *old* is known as *new* from now on, with all that is kept.

        Where *new* has a conversation already, that one stands. A row that *reseal* cannot read
        (it raises) is left behind and removed. True when there was anybody to rename.
        """
        ...

    async def allow(self, user_key: bytes, day: int, most: int) -> bool:
        """Count one of at most *most* things allowed in *day* under *user_key*; False at the
        end of the allowance, with nothing counted. Days count from 1970; older ones go."""
        ...

    async def purge(self, terms: Terms, limit: int) -> Purged:
        """Remove at most *limit* rows of each kind that were kept for longer than *terms*."""
        ...

    async def backlog(self) -> Backlog:
        """How much is still to be done."""
        ...

    async def ping(self) -> None:
        """Prove that the database takes a write."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of the database."""
        ...
