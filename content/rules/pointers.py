"""Where the file of a service points to something, and to what."""

from __future__ import annotations

from collections.abc import Iterator

from content.catalog import Catalog
from content.reader import Document, Place

_UNDER = {
    "notice": "fact", "prepare": "fact", "facts": "fact", "unsure": "fact", "soon": "fact",
    "advice": "fact", "question": "fact", "stop": "fact", "where": "fact", "again": "fact",
    "not_eligible": "fact", "remark": "fact", "warning": "fact", "help": "fact", "do": "fact",
    "notes": "fact", "method_notes": "fact", "losses": "fact", "stays": "fact", "saves": "fact",
    "next": "fact", "arrives": "fact", "rejoin": "fact", "unknown": "fact",
    "letters": "letter", "rejoin_letters": "letter", "needs": "field", "contact": "contact",
    "outside": "source", "to": "onward", "business_days_of": "method",
}  # fmt: skip
"""Key over a name or a list of names → the kind of thing they name."""


def pointers(document: Document) -> Iterator[tuple[Place, str, str]]:
    """Every name in a service's file that points to something: its place, its kind, itself."""
    for place, text in document.texts():
        key = next(part for part in reversed(place) if isinstance(part, str))
        if place[0] in ("facts", "sources", "contacts", "must_not_say") and key != "outside":
            continue
        if key == "alternatives" and place[0] == "reasons":
            yield place, "alternative", text
        elif key == "methods" and place[0] in ("reasons", "lookalikes"):
            yield place, "method", text
        elif key in _UNDER:
            yield place, _UNDER[key], text
    for reason in document.names("reasons") or ():
        yield ("reasons", reason), "reason", reason


def service_documents(catalog: Catalog) -> Iterator[tuple[str, Document]]:
    """The slug and the file of every service whose file could be read."""
    for document in catalog.documents.values():
        if document.file.startswith("services/") and document.data is not None:
            yield document.file.removeprefix("services/").removesuffix(".yaml"), document


def letters_of(document: Document) -> set[str]:
    """The names of all letters that a service's file points to."""
    return {name for _, kind, name in pointers(document) if kind == "letter"}
