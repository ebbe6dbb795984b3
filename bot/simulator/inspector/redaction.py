"""Takes out of a record what belongs to one person: ids, tokens, and personal data they typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flows.understanding.personal import holds_personal_data
from flows.understanding.phrases import NEVER

HIDDEN = "【伏せました】"

SECRET = frozenset(
    {"userId", "groupId", "roomId", "destination", "replyToken", "quoteToken", "markAsReadToken",
     "webhookEventId", "to", "id", "messageId"}
)  # fmt: skip
"""Keys of LINE's JSON whose values name an account, a message or a token."""

_ID = re.compile(r"\b[UCR][0-9a-f]{32}\b|\b[0-9a-f]{32,}\b|\b[0-9A-HJKMNP-TV-Z]{26}\b")
"""The same values wherever else they stand: ids and tokens in hexadecimal, event ids."""


class Redaction:
    """Hides what belongs to a person who *typed* these words.

    Words that hold personal data are hidden wherever they stand, whatever the bot made of them;
    of the public numbers and addresses a service has, those too, for here no harm is done by it.
    """

    def __init__(self, typed: Iterable[str]) -> None:
        personal = {words for words in typed if holds_personal_data(words, NEVER)}
        self._personal = sorted(personal, key=len, reverse=True)

    def text(self, words: str) -> str:
        """*words* without them."""
        for personal in self._personal:
            words = words.replace(personal, HIDDEN)
        return _ID.sub(HIDDEN, words)

    def json(self, value: Any) -> Any:
        """*value* with every text in it redacted, and every id and token."""
        if isinstance(value, dict):
            return {
                key: HIDDEN if key in SECRET and isinstance(part, str) else self.json(part)
                for key, part in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.json(part) for part in value]
        return self.text(value) if isinstance(value, str) else value
