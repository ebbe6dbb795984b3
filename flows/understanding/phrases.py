"""Lists of words from the content, made ready to be looked for in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from flows.understanding.spelling import fold

_MOST_ENDINGS: Final = 8
"""Endings taken off one message; a person does not pile up more, a made-up text might."""

NEVER: Final = re.compile(r"(?!)")
"""Matches nothing: what an empty list of words looks for."""


def folded(words: Iterable[str]) -> tuple[str, ...]:
    """*words* as `fold` writes them, the longest first, each once; signs alone are left out."""
    return tuple(sorted({fold(word) for word in words} - {""}, key=lambda word: (-len(word), word)))


def any_of(words: Iterable[str], after: str = "") -> re.Pattern[str]:
    """A pattern for one of *words* anywhere in folded text, followed by the pattern *after*."""
    ready = folded(words)
    return re.compile(f"(?:{'|'.join(map(re.escape, ready))}){after}") if ready else NEVER


class Endings:
    """Polite and other endings that change nothing: 「薬キャリでお願いします」 is 「薬キャリ」."""

    def __init__(self, endings: Iterable[str]) -> None:
        self._by_last: dict[str, tuple[str, ...]] = {}
        for ending in folded(endings):
            self._by_last[ending[-1]] = (*self._by_last.get(ending[-1], ()), ending)

    def cut(self, text: str) -> str:
        """Folded *text* without its endings, as many as there are; never empty if *text* is not."""
        for _ in range(_MOST_ENDINGS):
            for ending in self._by_last.get(text[-1:], ()):
                if len(ending) < len(text) and text.endswith(ending):
                    text = text[: -len(ending)]
                    break
            else:
                break
        return text


class Exactly:
    """Words that count only as the whole message, with or without an ending."""

    def __init__(self, words: Iterable[str], endings: Endings) -> None:
        ready = folded(words)
        self._words = frozenset(ready) | frozenset(map(endings.cut, ready))

    def is_said(self, text: str, cut: str) -> bool:
        """Whether the folded message *text*, or *cut*, which is *text* without endings, is one."""
        return text in self._words or cut in self._words
