"""Every text of the content that becomes the label of a button, with its place in the files."""

from __future__ import annotations

from collections.abc import Iterator

from content.catalog import Catalog
from content.reader import Document, Place

_CHANGE = ("reviewing_answers", "lines", "change")
"""The label that is made of another text: "{state}を変える", once for each state's name."""


def labels(catalog: Catalog) -> Iterator[tuple[Document, Place, str]]:
    """Where each label stands, and what it says."""
    for document in catalog.documents.values():
        for place, text in document.texts():
            if _is_label(document.file.split("/")[0], place):
                yield document, place, text
    change = catalog.texts.get(_CHANGE[0])
    wording = change.lines.get(_CHANGE[2], "") if change else ""
    for document in catalog.documents.values():
        for place, text in document.texts():
            if document.file.startswith("texts/") and len(place) == 2 and place[1] == "name":
                yield document, place, wording.replace("{state}", text)


def _is_label(where: str, place: Place) -> bool:
    keys = [part for part in place if isinstance(part, str)]
    match where:
        case "reasons.yaml":
            return True
        case "letters":
            return keys == ["title"]
        case "texts":
            return len(keys) == 3 and (keys[1] == "buttons" or keys[2] in ("pick", "step"))
        case "phrases.yaml":
            return keys[0].startswith(("copy_", "topic_")) or keys[0] in ("back", "call")
        case "services":
            if keys == ["name"] or keys[-1] == "label":
                return True
            return keys[0] in ("alternatives", "methods", "topics") and keys[-1] == "name"
    return False
