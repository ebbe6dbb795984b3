"""One card of the flow → one bubble of a flex message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.line.actions import offered
from bot.line.flex import FAINT, PAPER, Component, box, button, dot, number, row, rule, text
from bot.line.menu import are_many, listed, rows
from flows.conversation import Button, Card, Choice


def bubble(card: Card, below: Sequence[Component] = ()) -> Component:
    """*card*, and *below* its buttons the choices that go with the message.

    It reads from top to bottom as it stands in the JSON, which is what a screen reader does.
    """
    made: Component = {
        "type": "bubble",
        "size": "mega",
        "styles": {"body": {"backgroundColor": PAPER}, "footer": {"backgroundColor": PAPER}},
        "body": box(*_words(card), spacing="lg", paddingAll="20px"),
    }
    if footer := [*_buttons(card), *below]:
        made["footer"] = box(*footer, spacing="md", paddingAll="20px", paddingTop="none")
    return made


def below(choices: Sequence[Choice], lead: str) -> list[Component]:
    """*choices* as they stand under a card, set off by a line."""
    if are_many(choices):
        return [rule(), *rows(choices)]
    numbered = listed(choices, lead)
    return [rule(), text(numbered, lineSpacing="6px")] if numbered else []


def _words(card: Card) -> list[Component]:
    parts: list[Component] = []
    if card.title:
        parts.append(text(card.title, size="lg", weight="bold"))
    if card.text:
        parts.append(text(card.text, lineSpacing="4px"))
    if card.items:
        rows = [
            row(number(place) if card.numbered else dot(), words)
            for place, words in enumerate(card.items, 1)
        ]
        parts.append(box(*rows, spacing="lg"))
    if card.note:
        parts.append(text(card.note, size="xs", color=FAINT, lineSpacing="3px"))
    return parts


def _buttons(card: Card) -> list[Component]:
    buttons = [each for each in card.buttons if offered(each)]
    return [
        button(each, main=place == 0 and not _one_of_several(each, buttons))
        for place, each in enumerate(buttons)
    ]


def _one_of_several(first: Button, buttons: list[Button]) -> bool:
    """Where a card opens by asking to choose, no answer is favoured over another."""
    return isinstance(first, Choice) and sum(isinstance(b, Choice) for b in buttons) > 1
