"""People, events and decisions for the tests of the store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.store.port import Arrival, Decide, Decision, Erase, Keep, Outcome, Save, Situation

NOW = 1_795_000_000_000
"""A moment in November 2026, in milliseconds."""

SECOND = 1_000
ANN, BEN = b"a" * 16, b"b" * 16


def event(number: int) -> bytes:
    """The key of an event."""
    return number.to_bytes(16, "big")


def arrival(number: int = 1, who: bytes = ANN, at: int = NOW, **more: Any) -> Arrival:
    """Event *number* of *who*, heard the moment it happened."""
    return replace(Arrival(who, event(number), at, received=at), **more)


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


def never(situation: Situation) -> Decision:
    """What must not be asked."""
    raise AssertionError(f"asked to decide on {situation}")
