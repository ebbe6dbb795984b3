"""What the engine asks of a database. Every driver keeps these promises; one suite tests them.

The row of a person is the unit of everything: each operation below is one transaction, names
one ``user_key``, and is durable when it returns. Times are whole milliseconds since 1970; the
caller says what time it is. Everything called sealed is opaque to the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class StoreDownError(Exception):
    """The database did not take it: locked, full, read-only, gone. Nothing was changed."""


class StoreRefusedError(Exception):
    """The database cannot be used at all; the message, in Japanese, says why and what to do."""


class Outcome(StrEnum):
    """What became of an event. Every accepted event has exactly one, kept with its id."""

    APPLIED = "applied"
    LATE = "late"  # older than what was already heard: the present question is shown again
    STALE = "stale"  # older than a day: recorded, not acted upon
    DROPPED = "dropped"  # older than the person's erasure
    ERASED = "erased"
    QUARANTINED = "quarantined"  # nobody could make sense of it; the person was told so
    DUPLICATE = "duplicate"  # heard before; never kept, the first outcome stands


class Status(StrEnum):
    """Where an answer stands. All but ``WAITING`` are final and keep no words and no token."""

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"  # its reply token is dead and nothing else may carry it
    UNCONFIRMED = "unconfirmed"  # LINE may have taken it; sending it again could say it twice
    DEAD = "dead"  # LINE refuses it, whatever we do


# --- accepting --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event on its way in.

    ``at`` is when it happened by LINE's clock, ``received`` when it reached us by ours.
    ``redelivered`` says that LINE sent it again. ``leaving`` marks the one kind that is never too
    late: the person blocked the account.
    """

    user_key: bytes
    event_key: bytes
    at: int
    received: int
    redelivered: bool = False
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision may rest on.

    ``state`` is the sealed conversation, None for somebody new. ``faults`` counts the events in
    a row that could not be handled. ``seq`` is the number the answer will have. ``late`` tells
    that newer events were handled before.
    """

    state: bytes | None
    faults: int
    seq: int
    late: bool


@dataclass(frozen=True, slots=True)
class Save:
    """Keep this sealed conversation from now on."""

    state: bytes


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave the conversation as it is; ``faults`` is the new count of events not handled."""

    faults: int = 0


@dataclass(frozen=True, slots=True)
class Erase:
    """Remove the person: conversation and answers older than the event; leave a tombstone."""


Change = Save | Keep | Erase


@dataclass(frozen=True, slots=True)
class Decision:
    """What an event changes, and the sealed letter that answers it, if any."""

    outcome: Outcome
    change: Change
    letter: bytes | None = field(default=None, repr=False)


Decide = Callable[[Situation], Decision]
"""Pure and quick, for it runs inside the transaction; it may be asked twice."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of an arrival, and whether an answer now waits to be sent."""

    outcome: Outcome
    answer_waits: bool


# --- delivering -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one answer, until the lease runs out.

    ``letter`` is sealed. ``received`` is when its event last reached us; ``token_born`` the
    earlier of that and the event's own time. ``ambiguous`` tells that an earlier attempt ended
    unknown. ``plain`` marks the plain text sent instead of an answer LINE refused. ``tries``
    counts this attempt too and fences it: an attempt that lost its lease settles nothing.
    """

    user_key: bytes
    seq: int
    event_key: bytes
    letter: bytes = field(repr=False)
    received: int
    token_born: int
    ambiguous: bool
    plain: bool
    tries: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer has reached its final status; its letter is forgotten at once."""

    status: Status


@dataclass(frozen=True, slots=True)
class Retry:
    """Not yet: back to waiting until ``at``. ``letter``, when given, takes the old one's place."""

    at: int
    ambiguous: bool
    letter: bytes | None = field(default=None, repr=False)


Settlement = Finished | Retry


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows a purge removed, table by table."""

    inbox: int = 0
    conversations: int = 0
    outbox: int = 0
    tombstones: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.inbox + self.conversations + self.outbox + self.tombstones


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is older than these moments is to be purged (inbox ids by receipt, conversations by
    their last event, outbox rows by receipt, tombstones by their erasure)."""

    inbox: int
    conversations: int
    outbox: int
    tombstones: int


class Store(Protocol):
    """The port. All but `close` raise StoreDownError when the database does not take it."""

    async def accept(self, arrival: Arrival, decide: Decide) -> Accepted:
        """Take in one event, exactly once, and decide on it: all of it or nothing.

        In order: a known event is a duplicate, and a waiting answer to it gets a fresh token
        clock; then the rules of `bot.store.rules.verdict_on`; then *decide*. Whatever *decide*
        raises comes out, with nothing changed. The caller awaits the events of one person one
        after the other.
        """
        ...

    async def recall(self, user_key: bytes) -> bytes | None:
        """The sealed conversation of a person, None for nobody."""
        ...

    async def claim(self, user_key: bytes, now: int, lease_until: int) -> Claim | None:
        """The right to send this person's oldest waiting answer, if its time has come.

        None when nothing waits, or the oldest is claimed by somebody else. An attempt whose
        lease ran out died in flight: what is claimed after it is ambiguous.
        """
        ...

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        """Write down how the attempt ended. True when this person has another answer waiting.

        Does nothing for an attempt that lost its lease or whose person was erased.
        """
        ...

    async def waiting(self, now: int, limit: int) -> list[bytes]:
        """People whose oldest waiting answer can be claimed now, longest waiting first."""
        ...

    async def purge(self, horizon: Horizon, limit: int) -> Purged:
        """Remove at most *limit* rows of each table that are older than the horizon."""
        ...

    async def ping(self) -> None:
        """Prove that the database takes a write."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of the database."""
        ...
