"""Nothing told about a service matches what must not be said of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from content.catalog import Catalog
from content.problems import Problem
from content.reader import Document, Place
from content.rules.pointers import letters_of, service_documents


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Forbidden words in a service's file and its letters, and patterns that cannot be read."""
    for slug, document in service_documents(catalog):
        patterns: list[re.Pattern[str]] = []
        for place, text in document.texts():
            if place[0] == "must_not_say":
                try:
                    patterns.append(re.compile(text))
                except re.error as error:
                    what = f"正規表現が読めません（{error}）"
                    yield document.problem(place, what, "書き直してください")
        name = catalog.services[slug].name if slug in catalog.services else slug
        for where, place, text in _told(catalog, document):
            normal = unicodedata.normalize("NFKC", text)
            for hit in filter(None, (pattern.search(normal) for pattern in patterns)):
                what = f"{name}について言ってはいけないこと（{hit.group()}）が書かれています"
                yield where.problem(place, what, "出典にある言い方に直してください")


def _told(catalog: Catalog, document: Document) -> Iterator[tuple[Document, Place, str]]:
    """Every text people read about the service: its own and that of its letters."""
    for place, text in document.texts():
        if place[0] not in ("must_not_say", "sources") and place[-1] not in ("ours", "lines"):
            yield document, place, text
    for name in sorted(letters_of(document)):
        if letter := catalog.documents.get(f"letters/{name}.yaml"):
            yield from ((letter, place, text) for place, text in letter.texts())
