"""Where the words of a message are written: file, line, and what a fact rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.catalog import Catalog
from content.evidence import Evidence
from content.letter import holes
from content.reader import Document, Place

LEAST = 4
"""Letters a wording needs of its own to be known again among others. Ours."""

LEAST_ELSEWHERE = 6
"""The same for a wording with holes in a state it was not written for. Ours: 「{state}を変える」
would be found in many a sentence."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text of the content: ``place`` for an editor to open, ``name`` of the text there,
    ``text`` as written, and for a fact what it rests on (``evidence``, "" for other texts)."""

    place: str
    name: str
    text: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class _Wording:
    source: Source
    pattern: re.Pattern[str]
    longest: str

    @property
    def is_telling(self) -> bool:
        """Whether it is known again where nothing says that it is meant."""
        is_of_a_state = self.source.place.startswith("content/texts/")
        short = is_of_a_state and "{" in self.source.text and len(self.longest) < LEAST_ELSEWHERE
        return not short


class Sources:
    """Finds the texts of *catalog* again in what is said."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._common = list(self._wordings(("texts/", "phrases.yaml", "desks.yaml", "law.yaml")))
        self._own: dict[str, list[_Wording]] = {}

    def of(
        self, id: str, facts: Iterable[str], words: str, service: str = "", state: str = ""
    ) -> list[Source]:
        """Every text that the message *id* is made of: its letter, its *facts*, and what else of
        *words* is written in the content, in the order of reading. Where the same words are
        written more than once, those of *state* are meant."""
        found = [*self._letter(id), *map(self._fact, facts)]
        for source in found:
            words = words.replace(source.text, "\n")
        own: list[_Wording] = []
        rest: list[_Wording] = []
        for wording in (*self._common, *self._written_for(service)):
            if wording.source.name.startswith(f"{state}."):
                own.append(wording)
            elif wording.is_telling:
                rest.append(wording)
        return [*found, *_standing_in(words, [*own, *rest])]

    def written(self, label: str) -> list[Source]:
        """Every text of the content that is *label* or may become it."""
        return [
            _source(document, place, text)
            for document in self._catalog.documents.values()
            for place, text in document.texts()
            if text == label or ("{" in text and _pattern(text).fullmatch(label))
        ]

    def _letter(self, id: str) -> Iterator[Source]:
        """What a letter's own file has for the message *id*; nothing if it hands over none."""
        kind, _, name = id.partition(":")
        parts = {"letter": ("text",), "letter_head": ("recipient", "subject", "hint")}
        if name not in self._catalog.letters:  # another flow's words
            return
        for part in parts.get(kind, ()):
            if text := getattr(self._catalog.letters[name], part):
                yield _source(self._catalog.documents[f"letters/{name}.yaml"], (part,), text)

    def _fact(self, fact: str) -> Source:
        """A fact or contact by its id: "yakukyari.points_vanish", "yakukyari.contacts.taikai"."""
        slug, *keys = fact.split(".")
        service = self._catalog.services[slug]
        document = self._catalog.documents[f"services/{slug}.yaml"]
        if keys[0] == "contacts":
            contact = service.contacts[keys[1]]
            return _source(document, ("contacts", keys[1]), contact.value, _rests_on(contact))
        told = service.facts[keys[0]]
        return _source(document, ("facts", keys[0]), told.text, _rests_on(told))

    def _written_for(self, service: str) -> list[_Wording]:
        """What stands in the service's own file besides facts."""
        if service and service not in self._own:
            self._own[service] = list(self._wordings((f"services/{service}.yaml",)))
        return self._own.get(service, [])

    def _wordings(self, files: tuple[str, ...]) -> Iterator[_Wording]:
        for document in self._catalog.documents.values():
            if document.file.startswith(files):
                for place, text in document.texts():
                    told_by_id = document.file.startswith("services/")
                    if told_by_id and place[-1] not in _SAID_BY_NAME:
                        continue
                    if fixed := _fixed(text):
                        yield _Wording(_source(document, place, text), _pattern(text), fixed)


_SAID_BY_NAME = ("name", "about", "label")
"""What is said of a service's file besides what is told by its id."""


def _standing_in(words: str, wordings: Iterable[_Wording]) -> list[Source]:
    """Of *wordings*, those that *words* hold, but none that only stands inside a longer one."""
    spans: dict[tuple[int, int], Source] = {}
    for wording in wordings:
        if wording.longest in words and (match := wording.pattern.search(words)):
            spans.setdefault(match.span(), wording.source)
    return [
        source
        for (start, end), source in sorted(spans.items(), key=lambda it: it[0])
        if not any(
            first <= start and end <= last for first, last in spans if (first, last) != (start, end)
        )
    ]


def _fixed(text: str) -> str:
    """The longest stretch of *text* without a hole; "" if it is too short to be known by."""
    try:
        names = holes(text)
    except ValueError:  # braces that do not pair: `taikai check` says so
        return ""
    stretches = [text]
    for name in names:
        stretches = [part for stretch in stretches for part in stretch.split(f"{{{name}}}")]
    longest = max(stretches, key=len)
    return longest if len(longest) >= LEAST else ""


_HOLE = re.compile(r"(^\{\w+\}$)|\{\w+\}", re.MULTILINE)


def _pattern(text: str) -> re.Pattern[str]:
    """*text* with anything in its holes; more than a line only in a hole that has its own."""
    written, end = "", 0
    for hole in _HOLE.finditer(text):
        written += re.escape(text[end : hole.start()]) + ("(?s:.+?)" if hole[1] else r"[^\n]+?")
        end = hole.end()
    return re.compile(written + re.escape(text[end:]))


def _source(document: Document, place: Place, text: str, evidence: str = "") -> Source:
    where = f"content/{document.file}:{document.line(place)}"
    return Source(where, ".".join(map(str, place)), text, evidence)


def _rests_on(evidence: Evidence) -> str:
    """What is known of *evidence*, in words."""
    day = f"、{evidence.verified_on:%Y-%m-%d} に公式で確認" if evidence.verified_on else ""
    if evidence.lines:
        return f"記事の {evidence.lines} 行{day}"
    if evidence.outside:
        return f"外部：{evidence.outside}{day}"
    return f"自分たちの助言：{evidence.ours}{day}"
