"""A small flow that can be checked: it remembers, in order, every event it was told of.

Each event carries a mark of its own ("p2e7", the seventh event of the second person), so both
what is remembered and what is said tell at a glance whose events they come from. `fold` says in
plain words what a person's conversation has to be, given what became of their events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.engine.flow import Flow, Turn
from bot.store.port import Outcome
from flows.conversation import Conversation, Event, Followed, Pressed, Say, Sent, Typed


class Kind(StrEnum):
    """What an event does to the flow; written into its text, after its mark."""

    PLAIN = "plain"
    SILENT = "silent"  # counted, and answered by nothing
    POISON = "poison"  # nothing can handle it, ever
    BREAK = "break"  # leaves a conversation behind that no event can handle
    ERASE = "erase"  # asks to be forgotten
    ODD = "odd"  # answered by a message that LINE refuses
    FLAKY = "flaky"  # fails at a node's first attempt, and never after


BROKEN = "broken"
UNMARKED = "-"
COUNTED = frozenset({Outcome.APPLIED, Outcome.LATE})


class FlowError(Exception):
    """What the flow raises where it cannot go on."""


class Counting:
    """The flow of one node."""

    def __init__(self) -> None:
        self._slipped: set[str] = set()

    def step(
        self, before: Conversation, event: Event, _now: datetime
    ) -> tuple[Conversation | None, Sequence[Say]]:
        """Count *event*; see `Kind`. A stand-in for an event shows the present count again."""
        mark, kind = told(event)
        if before.service == BROKEN or kind is Kind.POISON:
            raise FlowError
        if kind is Kind.FLAKY and mark not in self._slipped:
            self._slipped.add(mark)
            raise FlowError
        if kind is Kind.ERASE:
            return None, [Say("erased", f"erased {mark}")]
        if mark == UNMARKED:
            return before, [Say("again", f"again {before.meant}")]
        after = replace(before, turn=before.turn + 1, meant=f"{before.meant} {mark}".strip())
        if kind is Kind.BREAK:
            after = replace(after, service=BROKEN)
        said = [] if kind is Kind.SILENT else [Say(kind.value, f"{kind} {after.meant}")]
        return after, said


def told(event: Event) -> tuple[str, Kind]:
    """The mark and the kind of *event*, as its sender wrote them."""
    match event:
        case Typed(text):
            mark, _, kind = text.partition(" ")
            return mark, Kind(kind)
        case Pressed(trigger=mark, argument=kind):
            return mark, Kind(kind)
        case Sent(kind="sticker"):
            return "sticker", Kind.PLAIN
        case Followed():
            return "follow", Kind.PLAIN
        case _:
            return UNMARKED, Kind.PLAIN


def spoken(says: Sequence[Say]) -> list[dict[str, object]]:
    """Every Say as a text message."""
    return [{"type": "text", "text": said.text} for said in says]


class NewerFlow(Flow):
    """The same flow in the next version of the program: it writes what this one cannot read."""

    def turn(self, state: bytes | None, event: Event, now: int) -> Turn:
        """See `Flow.turn`."""
        older = state and state.replace(b'"v":2,', b'"v":1,')
        turn = super().turn(older, event, now)
        if turn.state is None:
            return turn
        return replace(turn, state=turn.state.replace(b'"v":1,', b'"v":2,'))


@dataclass(frozen=True, slots=True)
class Past:
    """What became of one event: ``at`` by LINE's clock, ``answered`` when there is a letter."""

    mark: str
    kind: Kind
    at: int
    outcome: Outcome
    answered: bool


def fold(history: Iterable[Past]) -> str | None:
    """The marks a conversation must hold after *history*; None where there must be none."""
    marks: list[str] | None = None
    started, broken, faults = 0, False, 0
    for past in history:
        if past.outcome is Outcome.QUARANTINED:
            faults += 1
        elif past.outcome is Outcome.ERASED and past.at >= started:
            marks, started, broken, faults = None, 0, False, 0
        elif past.outcome in COUNTED or (past.outcome is Outcome.COALESCED and past.answered):
            if broken and faults > 0:  # the second fault in a row: it is the conversation's
                marks, broken = [], False
            if marks is None:
                marks, started = [], past.at
            if past.outcome is Outcome.APPLIED and past.mark != UNMARKED:
                marks.append(past.mark)
                broken = past.kind is Kind.BREAK
            faults = 0
    return None if marks is None else " ".join(marks)
