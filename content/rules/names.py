"""One name leads to one place only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import jaconv

from content.catalog import Catalog
from content.problems import Problem
from content.reader import Place
from content.service import Names


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Names that two services, or a service and a look-alike, both claim."""
    owner: dict[str, tuple[str, str]] = {}
    for slug, service in catalog.services.items():
        document = catalog.documents[f"services/{slug}.yaml"]
        claims: list[tuple[str, Place, Names]] = [(service.name, (), service)]
        claims += [(it.name, ("lookalikes", key), it) for key, it in service.lookalikes.items()]
        for display, prefix, names in claims:
            for place, name in _claimed(display, names):
                first = owner.setdefault(_folded(name), (display, slug))
                if first != (display, slug):
                    what = f"「{name}」は{first[0]}（services/{first[1]}.yaml）の名前でもあります"
                    mend = "どちらか一方だけに書いてください"
                    yield document.problem((*prefix, *place), what, mend)


def _claimed(display: str, names: Names) -> Iterator[tuple[Place, str]]:
    yield ("name",), display
    for kind in ("names", "romaji", "misspelt"):
        for index, name in enumerate(getattr(names, kind)):
            yield (kind, index), name


def _folded(name: str) -> str:
    """Without the differences nobody means: width, case, kana, spaces and marks."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "", jaconv.kata2hira(plain))
