"""Choices that go with a message: as a numbered list, or as a menu when there are many.

A phone shows about three quick replies at once and hides the rest to the right, and a computer
shows none. So many choices become rows to tap, one below the other, which stay in the chat.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.line.actions import action
from bot.line.flex import GREY, PAPER, Component, box, number, text
from flows.conversation import Choice

FEW = 4
"""Up to so many choices are quick replies beside a numbered list; more become a menu. Ours: at
375 points about three labels fit, and a fourth shows that there is more to the right."""

UNNUMBERED = "back"
"""The trigger whose choice gets no number: going back is a word, not one of the answers."""


def answers(choices: Sequence[Choice]) -> list[Choice]:
    """The choices that are answers, in the order in which they are counted."""
    return [choice for choice in choices if choice.press.trigger != UNNUMBERED]


def are_many(choices: Sequence[Choice]) -> bool:
    """Whether *choices* hold too many answers for quick replies."""
    return len(answers(choices)) > FEW


def quick_replies(choices: Sequence[Choice]) -> dict[str, object] | None:
    """LINE's ``quickReply`` for *choices*: all of them, or beside a menu what it leaves out."""
    many = are_many(choices)
    shown = [c for c in choices if not many or c.press.trigger == UNNUMBERED]
    items = [{"type": "action", "action": action(choice)} for choice in shown]
    return {"items": items} if items else None


def listed(choices: Sequence[Choice], lead: str) -> str:
    """The answers as numbered lines below *lead*: LINE on a computer shows no quick replies."""
    lines = [f"{place} {choice.label}" for place, choice in enumerate(answers(choices), 1)]
    return "\n".join([lead, *lines] if lines and lead else lines)


def rows(choices: Sequence[Choice]) -> list[Component]:
    """The answers as numbered rows to tap."""
    return [
        box(
            number(place),
            text(choice.label, size="md", flex=1),
            layout="horizontal",
            spacing="md",
            alignItems="center",
            action=action(choice),
            backgroundColor=GREY,
            cornerRadius="8px",
            paddingAll="12px",
        )
        for place, choice in enumerate(answers(choices), 1)
    ]


def menu(words: str, choices: Sequence[Choice]) -> Component:
    """A bubble that asks *words* and offers the answers below."""
    looks = {"body": {"backgroundColor": PAPER}}
    asked = text(words, lineSpacing="4px")
    body = box(asked, box(*rows(choices), spacing="sm"), spacing="lg", paddingAll="20px")
    return {"type": "bubble", "size": "mega", "styles": looks, "body": body}
