"""People, events, decisions and a clock for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import TOKYO
from bot.store.port import (
    Arrival,
    Claim,
    Decide,
    Decision,
    Deferred,
    Erase,
    Keep,
    Outcome,
    Save,
    Situation,
    Store,
)

NOW = 1_795_000_000_000
"""A moment in November 2026, in milliseconds; where every `HandClock` begins."""

SECOND = 1_000
LEASE = 15 * SECOND
ANN, BEN = b"a" * 16, b"b" * 16


@dataclass
class HandClock:
    """Shows what it was set to, in milliseconds, until somebody turns it."""

    at: int = NOW

    def now(self) -> datetime:
        """See `bot.clock.Clock`."""
        return datetime.fromtimestamp(self.at / 1000, TOKYO)


def event(number: int) -> bytes:
    """The key of an event."""
    return number.to_bytes(16, "big")


def message(number: int) -> bytes:
    """The key of a message."""
    return b"message" + number.to_bytes(9, "big")


def arrival(number: int = 1, who: bytes = ANN, at: int = NOW, **more: Any) -> Arrival:
    """Event *number* of *who*."""
    return Arrival(who, event(number), at, **more)


def deferred(number: int = 1, who: bytes = ANN, at: int = NOW, **more: Any) -> Deferred:
    """Event *number* of *who*, to be decided on later."""
    return Deferred(arrival(number, who, at, **more), b"sealed event %d" % number)


def saying(letter: str | None, state: str = "state") -> Decide:
    """Decide to keep *state* and answer *letter*."""

    def decide(situation: Situation) -> Decision:
        outcome = Outcome.LATE if situation.late else Outcome.APPLIED
        return Decision(outcome, Save(state.encode()), letter.encode() if letter else None)

    return decide


def keeping(letter: str | None, faults: int = 0) -> Decide:
    """Decide to leave the conversation as it is."""
    sealed = letter.encode() if letter else None
    return lambda situation: Decision(Outcome.QUARANTINED, Keep(faults), sealed)


def erasing(letter: str | None = None) -> Decide:
    """Decide to erase the person."""
    sealed = letter.encode() if letter else None
    return lambda situation: Decision(Outcome.ERASED, Erase(), sealed)


def counting(letter: str | None = None) -> Decide:
    """Decide to keep a state that counts the decisions made on it."""

    def decide(situation: Situation) -> Decision:
        return saying(letter, str(int(situation.state or b"0") + 1))(situation)

    return decide


def noting(seen: list[Situation], decide: Decide) -> Decide:
    """Decide as *decide* does, and remember on what."""

    def noted(situation: Situation) -> Decision:
        seen.append(situation)
        return decide(situation)

    return noted


def never(situation: Situation) -> Decision:
    """What must not be asked."""
    raise AssertionError(f"asked to decide on {situation}")


async def claimed(store: Store, who: bytes = ANN, lease: int = LEASE) -> Claim:
    """A claim that must be there."""
    claim = await store.claim(who, lease)
    assert claim is not None
    return claim


class Marking:
    """`bot.store.port.Reseal` that marks what it sealed anew, and cannot read some of it."""

    def __init__(self, unreadable: Callable[[bytes], bool] = lambda sealed: False) -> None:
        self._unreadable = unreadable

    def state(self, sealed: bytes) -> bytes:
        """See `Reseal.state`."""
        return self._marked(sealed)

    def letter(self, sealed: bytes, seq: int, event_key: bytes) -> bytes:
        """See `Reseal.letter`."""
        return self._marked(sealed + b" %d" % seq)

    def event(self, sealed: bytes, event_key: bytes) -> bytes:
        """See `Reseal.event`."""
        return self._marked(sealed)

    def _marked(self, sealed: bytes) -> bytes:
        if self._unreadable(sealed):
            raise ValueError("no key fits")
        return b"new " + sealed
