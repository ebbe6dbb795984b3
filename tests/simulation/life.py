"""A life: what one person did, and everything that came of it, in the order in which it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.store.port import Outcome, Status
from tests.simulation.counting import Kind

DECIDED = frozenset(
    {Outcome.APPLIED, Outcome.LATE, Outcome.ERASED, Outcome.QUARANTINED, Outcome.COALESCED}
)
"""Outcomes of events a decision was taken on."""


class Way(StrEnum):
    """How an event comes about."""

    TEXT = "text"
    PRESS = "press"
    STICKER = "sticker"
    IMAGE = "image"
    FOLLOW = "follow"
    LEAVE = "leave"
    UNSEND = "unsend"
    STANDBY = "standby"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Told:
    """An event: what a person did, and the reply token LINE made for it ("" for none).

    ``at`` is in ms. ``way`` is how it came: as a message, as a press, by leaving …; ``message``
    the id of the message it brought, or takes back.
    """

    event_id: str
    person: str
    mark: str
    kind: Kind
    at: int
    token: str
    way: Way
    message: str = ""


# --- what happens in a life ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event got its outcome; it was ``received`` then, in ms by the database's clock.

    ``seq`` numbers the answer written in the same commit, if any; ``version`` is by how much
    the version of the person's row rose.
    """

    told: Told | None
    outcome: Outcome
    seq: int | None
    version: int
    received: int


@dataclass(frozen=True, slots=True)
class Written:
    """An answer was put into the outbox; ``text`` is what it says."""

    seq: int
    told: Told
    text: str
    to: str
    key: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An answer reached its final status."""

    seq: int
    status: Status
    pushed: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A waiting answer was deleted; ``claimed`` tells that an attempt was under way."""

    seq: int
    claimed: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """LINE showed ``text`` to the person: the answer to ``told``, as far as LINE can tell."""

    told: Told | None
    text: str
    pushed: bool
    at: float


Happening = Recorded | Written | Ended | Removed | Delivered


@dataclass(slots=True)
class Life:
    """All that happened to one person."""

    person: str
    happenings: list[Happening] = field(default_factory=list)
