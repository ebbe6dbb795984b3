"""Which message is which of the flow's words. LINE messages carry no id of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from bot.engine.phrases import Phrases
from bot.simulator.screen import Message
from content.catalog import Catalog
from flows.conversation import Say


def bind(messages: Sequence[Message], says: Sequence[Say], catalog: Catalog) -> None:
    """Give each of *messages* the one of *says* it shows: one each, in the same order.

    A message beside them is the engine's own, which speaks when no conversation can; it goes
    by the name of its sentence ("group", "memory_lost", …).
    """
    own = {text: name for name, text in asdict(Phrases.of(catalog.phrases)).items()}
    rest = []
    for message in messages:
        if message.text in own:
            message.say = Say(own[message.text], message.text)
        else:
            rest.append(message)
    if len(rest) == len(says):
        for message, say in zip(rest, says, strict=True):
            message.say = say
