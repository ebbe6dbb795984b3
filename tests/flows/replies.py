"""What has to hold for every reply of the flow, whatever was said before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flows.conversation import Card, Choice, Say
from flows.step import MOST_SAYS
from flows.walk import presses

_HOLE = re.compile(r"\{\w*\}")


def faults(says: Sequence[Say]) -> list[str]:
    """Everything wrong with a reply to somebody we go on talking to."""
    found = []
    if not 1 <= len(says) <= MOST_SAYS:
        found.append(f"{len(says)} messages")
    for say in says[:-1]:
        if say.choices:
            found.append(f"choices on {say.id}, which is not the last message")
    if not ways_on(says):
        found.append("no way on")
    for say in says:
        if bool(say.text) == bool(say.cards):
            found.append(f"{say.id} is not either a bubble or cards")
        for text in wordings(say):
            if not text.strip():
                found.append(f"{say.id} holds an empty text")
            if hole := _HOLE.search(text):
                found.append(f"{say.id} holds the unfilled hole {hole.group()}")
    if says and len(says[-1].cards) > 1:
        found.append("the choices stand under a row of panels")
    return found


def ways_on(says: Sequence[Say]) -> list[Choice]:
    """Every press a reply offers."""
    return presses(tuple(says))


def wordings(say: Say) -> Iterator[str]:
    """Every text of a message that a person reads."""
    if say.text:
        yield say.text
    for card in say.cards:
        yield from _card(card)
    for choice in say.choices:
        yield choice.label


def _card(card: Card) -> Iterator[str]:
    yield card.title
    yield from (text for text in (card.text, card.note) if text)
    yield from card.items
    yield from (button.label for button in card.buttons)


def told(says: Sequence[Say]) -> str:
    """Everything a reply says, as one text to search in."""
    return "\n".join(text for say in says for text in wordings(say))
