"""The few sentences the engine says when no conversation can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import orjson


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sentences for a person, each short enough for one message; from ``content/phrases.yaml``.

    ``fallback`` is said when an event could not be handled, ``answer_refused`` in place of an
    answer that LINE refused, ``memory_lost`` before the first answer after a conversation was
    lost, ``crowded`` before the one answer to very many events at once, and ``group`` once, on
    being invited into a group.
    """

    fallback: str
    answer_refused: str
    memory_lost: str
    crowded: str
    group: str

    @classmethod
    def of(cls, content: Mapping[str, str]) -> Self:
        """The sentences *content* has under these names. Raises KeyError for a missing one."""
        return cls(**{field.name: content[field.name] for field in fields(cls)})


def text_message(text: str) -> bytes:
    """*text* as a LINE message, in JSON."""
    return orjson.dumps({"type": "text", "text": text})
