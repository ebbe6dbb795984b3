"""Every name a service goes by, and where in a text one of them stands.

What people may write is content (`content.service.Names`); how loosely it is read is decided
here. A name counts inside a sentence only where a word can begin and end: 「キャリトレ」 is
not in 「キャリトレーナー」, and 「薬キャリア」 is not in 「製薬キャリア」.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from content.catalog import Catalog
from content.service import Names as Written
from flows.understanding.phrases import NEVER, any_of, folded
from flows.understanding.reading import NamedLookalike, NamedService, Unsupported
from flows.understanding.spelling import fold, scripts

Target = NamedService | NamedLookalike | Unsupported

SHORTEST_INSIDE: Final = 4
"""Shorter names count only as a word of Latin letters (m3) or as the whole message."""

CLEAR_LENGTH: Final = 5
"""Around shorter names in kana, hiragana must be a particle: 「マイマイつぶり」 is a snail."""

_KANA_ONLY: Final = re.compile("[ぁ-ゖー]+")
_BEFORE: Final = frozenset("のをはがにとでもや")
_AFTER: Final = frozenset("をのはにもとがでっ")
_NEVER_AFTER: Final = frozenset("ーぁぃぅぇぉゃゅょ")


@dataclass(frozen=True, slots=True)
class Alias:
    """One way of writing a name. ``loose``: typos are forgiven (a name proper, not a romaji
    spelling or a mistake already known); ``brand``: other words may follow it directly."""

    folded: str
    target: Target
    loose: bool
    brand: bool = False

    @property
    def is_latin(self) -> bool:
        """Written in letters and digits only, so that it ends where such a word ends."""
        return self.folded.isascii()

    @property
    def is_clear(self) -> bool:
        """Unlikely to be part of another word by chance."""
        return len(self.folded) >= CLEAR_LENGTH or not _KANA_ONLY.fullmatch(self.folded)


@dataclass(frozen=True, slots=True)
class Mention:
    """``target`` is named at ``start``:``end`` of the folded text."""

    target: Target
    start: int
    end: int


def belongs(target: Target, case: str) -> bool:
    """Whether *target* is the service *case* or one of its look-alikes."""
    match target:
        case NamedService(slug) | NamedLookalike(slug, _):
            return slug == case
        case _:
            return False


def is_doubtful(target: Target, case: str) -> bool:
    """Whether in the middle of *case* a sentence may name *target* without meaning to go there."""
    match target:
        case Unsupported():
            return True
        case NamedLookalike(slug, _):
            return slug == case
        case _:
            return False


def general_slug(catalog: Catalog) -> str | None:
    """The slug of the path for any service without a file of its own, if there is one."""
    services = catalog.services.items()
    return next((slug for slug, service in services if service.status == "general"), None)


def aliases(catalog: Catalog) -> dict[str, Alias]:
    """Every alias by its folded text. Where two claim one text, services come first, then
    look-alikes, then the services we have no file for (`not_names`, `other_services`)."""
    found: dict[str, Alias] = {}
    for alias in _in_order(catalog):
        if alias.folded:
            found.setdefault(alias.folded, alias)
    return found


def _in_order(catalog: Catalog) -> Iterator[Alias]:
    services = catalog.services.items()
    for slug, service in services:
        if service.status == "general":
            for name in (service.name, *service.names, *service.misspelt, *service.romaji):
                yield Alias(fold(name), Unsupported(), loose=False)
        else:
            yield from _of(service, service.name, NamedService(slug))
    for slug, service in services:
        for key, lookalike in service.lookalikes.items():
            asks = any(way.to == "service" for way in lookalike.onward)
            yield from _of(lookalike, lookalike.name, NamedLookalike(slug, key), brand=asks)
    unknown = list(catalog.words.other_services)
    for _, service in services:
        unknown += service.not_names
        unknown += (name for other in service.lookalikes.values() for name in other.not_names)
    for name in unknown:
        yield Alias(fold(name), Unsupported(), loose=True, brand=True)


def _of(written: Written, name: str, target: Target, brand: bool = False) -> Iterator[Alias]:
    """The aliases of one service or look-alike. A doubtful name is asked about, so it may be the
    beginning of a longer one: 「アポプラスステーション」."""
    for text in (name, *written.names):
        yield Alias(fold(text), target, loose=not fold(text).isascii(), brand=brand)
    for text in (*written.misspelt, *written.romaji):
        yield Alias(fold(text), target, loose=False)


class Finder:
    """Finds aliases inside sentences."""

    def __init__(self, known: Iterable[Alias], after_name: Iterable[str]) -> None:
        inside = [a for a in known if a.is_latin or len(a.folded) >= SHORTEST_INSIDE]
        longest_first = sorted(inside, key=lambda alias: (-len(alias.folded), alias.folded))
        self._by_first: dict[str, list[Alias]] = {}
        for alias in longest_first:
            self._by_first.setdefault(alias.folded[0], []).append(alias)
        texts = [alias.folded for alias in longest_first]
        self._any = re.compile("|".join(map(re.escape, texts))) if texts else NEVER
        self._after_name = any_of(folded(after_name))

    def mentions(self, text: str, folded_text: str) -> list[Mention]:
        """What *text*, which folds to *folded_text*, names, from left to right."""
        found: list[Mention] = []
        hit = self._any.search(folded_text)
        script = scripts(text) if hit else ""
        while hit:
            start = hit.start()
            alias = self._fitting(folded_text, script, start)
            if alias:
                found.append(Mention(alias.target, start, start + len(alias.folded)))
            hit = self._any.search(folded_text, found[-1].end if alias else start + 1)
        return found

    def _fitting(self, text: str, script: str, start: int) -> Alias | None:
        """The longest alias at *start* that is a word of its own there."""
        for alias in self._by_first.get(text[start], ()):
            if (
                text.startswith(alias.folded, start)
                and _can_begin(alias, text, script, start)
                and (alias.brand or self._can_end(alias, text, script, start + len(alias.folded)))
            ):
                return alias
        return None

    def _can_end(self, alias: Alias, text: str, script: str, end: int) -> bool:
        if end == len(text) or script[end].isupper():
            return True
        if self._after_name.match(text, end):
            return True
        if not alias.is_clear:
            return text[end] in _AFTER
        if script[end] == script[end - 1].lower():
            return script[end] == "h" and text[end] not in _NEVER_AFTER
        return text[end] not in _NEVER_AFTER


def _can_begin(alias: Alias, text: str, script: str, start: int) -> bool:
    if start == 0 or script[start].isupper() or script[start - 1].lower() != script[start]:
        return True
    if script[start] == "j":
        # 「現在薬キャリに」 runs on in kanji; a mistake like 「薬キャリア」 must stand alone.
        return alias.loose
    return script[start] == "h" and (alias.is_clear or text[start - 1] in _BEFORE)
