"""What a person sees in each state. One function a state; words come from the content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flows.conversation import Say
from flows.offers import offers
from flows.screens import after, anywhere, leaving, questions
from flows.screens.question import question
from flows.turn import Turn

_SCREENS: dict[str, Callable[[Turn], list[Say]]] = {
    **anywhere.SCREENS,
    **questions.SCREENS,
    **leaving.SCREENS,
    **after.SCREENS,
}


def screen(turn: Turn) -> list[Say]:
    """Everything shown on arriving in the turn's state; its choices stand under the last Say."""
    says = _SCREENS.get(turn.state, _plain)(turn)
    return [*says[:-1], replace(says[-1], choices=tuple(offers(turn)))]


def again(turn: Turn, *, reworded: bool = True) -> Say:
    """The current question alone: in other words, or as it was asked."""
    said = question(turn, "again" if reworded else "say")
    return replace(said, choices=tuple(offers(turn)))


def _plain(turn: Turn) -> list[Say]:
    return [question(turn)]
