"""A ready-made message: who it goes to, which blanks it has, and its wording."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Literal

import pydantic

from content.evidence import Key, Strict, Text

Kind = Literal[
    "withdrawal",
    "phone_script",
    "decline",
    "case_stop",
    "pause",
    "advisor_change",
    "frequency",
    "conditions",
    "erasure",
    "question",
    "nudge",
    "inquiry",
    "chat_move",
    "resume",
]


class Letter(Strict):
    """One file in ``letters/``; the file's name is the letter's name.

    ``text`` and ``subject`` name blanks as ``{field}``, where ``field`` is one of ``fields`` and
    an entry of ``fields.yaml``; ``{service}`` is the service's name, ``{law}`` what ``law.yaml``
    allows to say, and any other ``{name}`` is a passage of ``passages``, chosen by the person's
    answers: reason, then ``default``. ``contact`` names a contact of the service it is sent to.
    """

    title: Text
    kind: Kind
    channel: Key
    recipient: Text
    contact: Key | None = None
    subject: Text | None = None
    fields: tuple[Key, ...]
    passages: dict[Key, dict[Key, str]] = pydantic.Field(default_factory=dict)
    law: Key | None = None
    hint: Text | None = None
    text: Text

    def holes(self) -> set[str]:
        """Every ``{name}`` in the subject, the text and the passages."""
        wordings = [self.subject or "", self.text]
        wordings += [text for passage in self.passages.values() for text in passage.values()]
        return {name for wording in wordings for name in holes(wording)}


def holes(wording: str) -> list[str]:
    """The ``{name}`` holes in *wording*. Raises ValueError where braces do not pair."""
    return [hole for _, hole in _parts(wording) if hole is not None]


def fill(wording: str, words: Mapping[str, str]) -> str:
    """*wording* with every hole filled from *words*, each inserted as it is, never re-read.

    Raises KeyError for a hole that *words* does not fill.
    """
    return "".join(text if hole is None else text + words[hole] for text, hole in _parts(wording))


@lru_cache(maxsize=4096)  # wordings are content, or made of it: the same few again and again
def _parts(wording: str) -> tuple[tuple[str, str | None], ...]:
    """Each stretch of *wording*'s own text with the hole that follows it."""
    return tuple((text, name) for text, name, _, _ in string.Formatter().parse(wording))


class Field(Strict):
    """A blank in a letter: what people read in the brackets, and a hint how to fill it."""

    label: Text
    hint: Text | None = None


class Channel(Strict):
    """A way a letter travels; ``longest`` in UTF-16 code units, with the reason of the number."""

    name: Text
    longest: int
    source: Text


class Article(Strict):
    """A legal article a letter may rest on, once a person has ``verified_on`` set.

    ``cites`` names the article; until then ``polite`` stands in its place.
    """

    number: Text
    cites: Text
    polite: str
    valid_from: date | None = None
    verified_on: date | None = None
    source: Text
