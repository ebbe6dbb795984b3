"""The only user of `transitions`: one machine for everybody, and nothing ever bound to it.

`Machine.add_model` would reset a restored state, compare people by value and keep them for
good; calling an event's own trigger with the turn as the model does none of that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from transitions import Machine

# An old button is an everyday event, not something to warn about.
logging.getLogger("transitions").setLevel(logging.ERROR)

ANYWHERE = "*"
SAME = "="


class HasState(Protocol):
    """What the machine moves."""

    state: str


T = TypeVar("T", bound=HasState)


@dataclass(frozen=True)
class Row(Generic[T]):
    """`trigger` leads from `source` to `dest` if `guard` says so.

    Rows of one trigger and source are tried from the top; a row without a guard is the default.
    ``source`` may be ``"*"`` (any state), ``dest`` ``"="`` (stay, say something more).
    """

    trigger: str
    source: str
    dest: str
    guard: Callable[[T], bool] | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """A row was tried: its number in the table, the name of its guard ("" for none), and whether
    it was taken."""

    row: int
    guard: str
    passed: bool


class Table(Generic[T]):
    """The rows of one flow as a state machine that holds no state itself."""

    def __init__(self, initial: str, rows: Iterable[Row[T]]) -> None:
        self.initial = initial
        self.rows: Sequence[Row[T]] = tuple(rows)
        named = [initial, *(name for row in self.rows for name in (row.source, row.dest))]
        self.states = tuple(dict.fromkeys(name for name in named if name not in (ANYWHERE, SAME)))
        self._machine = Machine(
            model=None,
            states=list(self.states),
            initial=initial,
            auto_transitions=False,
            ignore_invalid_triggers=True,
            transitions=[
                {
                    "trigger": row.trigger,
                    "source": row.source,
                    "dest": row.dest,
                    "conditions": row.guard,
                }
                for row in self.rows
            ],
        )

    def fire(self, turn: T, trigger: str) -> bool:
        """Move ``turn.state`` along the first row that fits; False if none does."""
        event: Any = self._machine.events.get(trigger)
        return event is not None and bool(event.trigger(turn, turn))

    def tries(self, turn: T, trigger: str) -> tuple[Try, ...]:
        """The rows that `fire` would try, from the top, up to the one it would take."""
        tried: list[Try] = []
        for number, row in enumerate(self.rows):
            if row.trigger != trigger or row.source not in (turn.state, ANYWHERE):
                continue
            passed = row.guard is None or row.guard(turn)
            tried.append(Try(number, row.guard.__name__ if row.guard else "", passed))
            if passed:
                break
        return tuple(tried)

    def triggers_from(self, state: str) -> frozenset[str]:
        """Every trigger with a row out of *state*, guarded or not."""
        return frozenset(row.trigger for row in self.rows if row.source in (state, ANYWHERE))
