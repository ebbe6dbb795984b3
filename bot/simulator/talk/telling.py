"""How a talk is told to who has to mend it: its steps, what came, and what was to come."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from bot.simulator.screen import Message
from bot.simulator.talk.steps import NOTHING, Step


def name_of(message: Message) -> str:
    """What a talk calls *message*: its id."""
    return message.say_id or f"（idのない{message.kind}）"


def told(step: Step) -> str:
    """*step* as it stands in the transcript, on one line."""
    given = {key: getattr(step, key) for key in (step.deed, *sorted(step.model_fields_set))}
    parts = []
    for key, value in given.items():
        match value:
            case None:
                parts.append(f"{key}:")
            case tuple():
                parts.append(f"{key}: {'、'.join(value)}")
            case _:
                parts.append(f"{key}: {value}")
    return "  ".join(parts)


def difference(wanted: Sequence[str], came: Sequence[str]) -> list[str]:
    """What was to come, what came, and which ids of both are nearly the same."""
    reasons = [
        f"来るはず: {'、'.join(wanted) or NOTHING}",
        f"来たもの: {'、'.join(came) or NOTHING}",
    ]
    for each in wanted:
        if each not in came and (near := difflib.get_close_matches(each, came, 1)):
            reasons.append(f"{each} は {near[0]} のことかもしれません")
    return reasons


def answer_told(messages: Sequence[Message]) -> list[str]:
    """An answer as it stands in the transcript, one line a message."""
    lines = []
    for message in messages:
        text = " / ".join(message.text.splitlines())[:80]
        labels = [button.label for button in (*message.buttons, *message.quick_replies)]
        buttons = f" 〔{'〕〔'.join(labels)}〕" if labels else ""
        lines.append(f"        bot  [{name_of(message)}] {text}{buttons}")
    return lines
