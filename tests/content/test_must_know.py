"""What has to be known about each service, item by item: taking a fact out breaks its item.

The items are in must_know/<slug>.yaml: which facts tell one, and words that must stay in them.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from content.catalog import Catalog
from content.problems import Problem
from content.reader import read

FOLDER = Path(__file__).parent / "must_know"


def items() -> list[Any]:
    """Each item of each service."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        problems: list[Problem] = []
        data = read(path, FOLDER, problems).data
        assert isinstance(data, dict), problems
        assert not problems
        found += [
            pytest.param(path.stem, it, id=f"{path.stem}: {name}") for name, it in data.items()
        ]
    return found


@pytest.mark.parametrize(("slug", "item"), items())
def test_the_item_is_told(catalog: Catalog, slug: str, item: dict[str, list[str]]) -> None:
    """Its facts are there, and say what they have to say."""
    facts = catalog.services[slug].facts

    assert [key for key in item["facts"] if key not in facts] == []
    told = "\n".join(facts[key].text for key in item["facts"])
    assert [words for words in item.get("says", []) if words not in told] == []
    assert set(item) <= {"facts", "says"}


def test_every_service_with_an_article_has_its_items(catalog: Catalog) -> None:
    """The path for any other service rests on no article; all others do."""
    articles = {slug for slug, it in catalog.services.items() if it.status != "general"}

    assert {it.values[0] for it in items()} == articles


@pytest.mark.parametrize("figure", ["4万件", "2万人", "95%", "95パーセント"])
def test_no_advertising_figure_is_repeated(catalog: Catalog, figure: str) -> None:
    """Numbers that praise a service help nobody to leave it."""
    told = [text for document in catalog.documents.values() for _, text in document.texts()]

    assert [text for text in told if figure in unicodedata.normalize("NFKC", text)] == []
