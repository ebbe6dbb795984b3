"""What a person's words mean where they stand: the one reading that a step and its trace share."""

from __future__ import annotations

from flows.conversation import Conversation
from flows.offers import answers
from flows.turn import Turn
from flows.understanding import Greeting, Reading, understand
from flows.understanding.numbers import number
from flows.unshown import unshown


def heard(before: Conversation, turn: Turn, text: str) -> Reading:
    """*text* as it is meant by somebody who stands at *turn* after *before*.

    Whoever writes for the first time, or for the first time after being forgotten, was shown no
    list: a number counts nothing yet, it is only a knock on the door.
    """
    if before.turn == 0 and number(text):
        return Greeting()
    return understand(text, answers(turn), turn.catalog, unshown(turn))
