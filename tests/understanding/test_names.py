"""Which service a text names, over lists of what people write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from content.catalog import Catalog
from flows.understanding import (
    ErasureAtService,
    NamedLookalike,
    NamedService,
    SeveralServices,
    Unsupported,
    understand,
)
from tests.understanding.lists import reading, texts

SENTENCES = (
    "{}",
    "{}です",
    "{}でお願いします",
    "「{}」",
    " {} ！！",
    "{}を退会したい",
    "{}を解約したいです。",
    "{}の退会方法を教えてください",
    "{}の登録を解除したいのですが",
    "いま{}に登録しています",
    "退会したいのは{}です",
    "転職先が決まったので、{}をやめたいです",
)


@pytest.mark.parametrize(("heading", "text"), texts("variants"))
def test_a_service_is_known_however_its_name_is_written(
    catalog: Catalog, heading: str, text: str
) -> None:
    """Kana, width, romaji, typos and whole sentences lead to the one service meant."""
    assert understand(text, (), catalog) == reading(heading)


@pytest.mark.parametrize(("heading", "text"), texts("ask_back"))
def test_a_doubtful_name_asks_back(catalog: Catalog, heading: str, text: str) -> None:
    """A look-alike, or more than one service, is never decided for the person."""
    assert understand(text, (), catalog) == reading(heading)


@pytest.mark.parametrize(("why", "text"), texts("unresolved"))
def test_other_words_name_no_service(catalog: Catalog, why: str, text: str) -> None:
    """Similar words, other companies, a no and small talk start no service."""
    found = understand(text, (), catalog)

    assert not isinstance(found, NamedService | NamedLookalike | SeveralServices)


def test_every_name_in_the_content_leads_to_its_service(catalog: Catalog) -> None:
    """A name an editor wrote down works, alone and in a sentence."""
    lost = []
    for slug, service in catalog.services.items():
        for name in (service.name, *service.names, *service.misspelt, *service.romaji):
            meant = Unsupported() if service.status == "general" else NamedService(slug)
            for sentence in SENTENCES[:1] if service.status == "general" else SENTENCES:
                text = sentence.format(name)
                if understand(text, (), catalog) != meant:
                    lost.append((text, understand(text, (), catalog)))

    assert lost == []


def test_every_lookalike_in_the_content_is_told_apart(catalog: Catalog) -> None:
    """A look-alike never starts the service it looks like."""
    lost = []
    for slug, service in catalog.services.items():
        for key, lookalike in service.lookalikes.items():
            for name in (*lookalike.names, *lookalike.misspelt, *lookalike.romaji):
                for text in (name, f"{name}を退会したい"):
                    found = understand(text, (), catalog)
                    if found != NamedLookalike(slug, key):
                        lost.append((text, found))

    assert lost == []


def test_a_name_of_something_else_never_leads_to_the_service(catalog: Catalog) -> None:
    """`not_names` are other services, whatever they look like."""
    for slug, service in catalog.services.items():
        for written in (service, *service.lookalikes.values()):
            for name in written.not_names:
                for sentence in SENTENCES:
                    found = understand(sentence.format(name), (), catalog)
                    assert found == Unsupported(), (slug, name, found)


def test_a_wish_to_erase_keeps_the_service_it_was_said_of(catalog: Catalog) -> None:
    """「薬キャリの個人情報を消したい」 says where and what."""
    found = understand("薬キャリの個人情報を消したい", (), catalog)

    assert found == ErasureAtService("yakukyari")


def test_two_catalogs_are_not_mixed_up(catalog: Catalog) -> None:
    """The words made ready for one catalog do not answer for another."""
    without = replace(
        catalog, services={k: s for k, s in catalog.services.items() if k != "careertrek"}
    )

    assert understand("キャリトレ", (), catalog) == NamedService("careertrek")
    assert not isinstance(understand("キャリトレ", (), without), NamedService)
    assert understand("キャリトレ", (), catalog) == NamedService("careertrek")
