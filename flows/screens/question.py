"""The question of a state as a bubble: the part every screen ends with."""

from __future__ import annotations

from typing import Literal

from content.letter import fill
from flows.conversation import Say
from flows.telling import words
from flows.turn import Turn


def asked(turn: Turn, way: Literal["say", "again"] = "say") -> str:
    """The words of the current question."""
    text = turn.catalog.texts[turn.state]
    return fill(text.again if way == "again" else text.say, words(turn))


def question(turn: Turn, way: Literal["say", "again"] = "say") -> Say:
    """The current question as a message named after its state."""
    return Say(turn.state, asked(turn, way))
