"""What the flow says → LINE messages, as plain dicts.

Pure: the same words give the same messages, so they can be checked before anybody is sent
one (`limits.broken`) and kept as bytes. No word of ours is here; the few that LINE needs
beside the flow's own come in as `Wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.line.card import below, bubble
from bot.line.flex import Component
from bot.line.menu import are_many, listed, menu, quick_replies
from flows.conversation import Say

Message = dict[str, object]


@dataclass(frozen=True, slots=True)
class Wording:
    """Words LINE needs and the flow does not say.

    ``alt_text`` is what a notification, the list of chats and a lock screen show in place of a
    card. Others may see it: it names neither a service nor what is being done.
    ``choices_lead`` stands above the numbered choices; empty, nothing does.
    """

    alt_text: str
    choices_lead: str = ""


def speak(says: Sequence[Say], wording: Wording) -> list[Message]:
    """One message for each of *says*.

    Raises ValueError for a `Say` that is both a bubble and cards: it could only lose words.
    """
    return [_message(say, wording) for say in says]


def _message(say: Say, wording: Wording) -> Message:
    if say.text and say.cards:
        raise ValueError(f"{say.id}: one message is either text or cards")
    if say.cards:
        message = _flex(_cards(say, wording), wording)
    elif are_many(say.choices):
        message = _flex(menu(say.text, say.choices), wording)
    else:
        numbered = listed(say.choices, wording.choices_lead)
        words = f"{say.text}\n\n{numbered}" if numbered else say.text
        message = {"type": "text", "text": words}
    if quick := quick_replies(say.choices):
        message["quickReply"] = quick
    return message


def _flex(contents: Component, wording: Wording) -> Message:
    return {"type": "flex", "altText": wording.alt_text, "contents": contents}


def _cards(say: Say, wording: Wording) -> Component:
    """The cards, one bubble each; the choices stand under the last."""
    *first, last = say.cards
    bubbles = [*map(bubble, first), bubble(last, below(say.choices, wording.choices_lead))]
    return bubbles[0] if not first else {"type": "carousel", "contents": bubbles}
