"""The question of a state as a bubble: the part every screen ends with."""

from __future__ import annotations

from typing import Literal

from flows.conversation import Say
from flows.telling import filled
from flows.turn import Turn


def asked(turn: Turn, way: Literal["say", "again"] = "say") -> str:
    """The words of the current question."""
    text = turn.catalog.texts[turn.state]
    return filled(turn, text.again if way == "again" else text.say)


def question(turn: Turn, way: Literal["say", "again"] = "say") -> Say:
    """The current question as a message named after its state."""
    return Say(turn.state, asked(turn, way))
