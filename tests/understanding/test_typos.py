"""Typos and noise, made up by the machine."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.catalog import Catalog
from flows.understanding import NamedLookalike, NamedService, understand
from tests.understanding.lists import choice

KATAKANA = "".join(map(chr, range(ord("ァ"), ord("ヴ") + 1))) + "ー"
HIRAGANA = "".join(map(chr, range(ord("ぁ"), ord("ん") + 1)))
OURS = "0123456789-@.年月日薬約役死消個人情報退会番を\ud800\u200b\u3099\ufe0f "
CHOICES = (
    choice("confirm", "ある"),
    choice("deny", "ない"),
    choice("finish", "完了した"),
    choice("choose:too_many_contacts", "連絡・通知が多い"),
    choice("choose:unsaid", "その他・答えない"),
    choice("proceed", "済ませずに進む"),
)


def names(catalog: Catalog) -> list[tuple[str, str]]:
    """Every service's slug with every name it goes by."""
    return [
        (slug, name)
        for slug, service in catalog.services.items()
        if service.status != "general"
        for name in dict.fromkeys((service.name, *service.names, *service.romaji))
    ]


def mistyped(name: str, place: int, char: str) -> list[str]:
    """*name* with one thing wrong at *place*: lost, added, changed, or swapped with the next."""
    before, here, after = name[:place], name[place], name[place + 1 :]
    return [
        before + after,
        before + char + here + after,
        before + char + after,
        before + after[:1] + here + after[1:],
    ]


@given(st.data(), st.sampled_from(KATAKANA + HIRAGANA + OURS))
def test_a_typo_never_leads_to_a_wrong_service(
    catalog: Catalog, data: st.DataObject, char: str
) -> None:
    """It may not be understood; it may not be taken for another one."""
    slug, name = data.draw(st.sampled_from(names(catalog)))
    place = data.draw(st.integers(0, len(name) - 1))
    for text in mistyped(name, place, char):
        for sentence in (text, f"{text}を退会したい"):
            found = understand(sentence, (), catalog)
            if isinstance(found, NamedService | NamedLookalike):
                assert found.slug == slug


def test_a_lost_or_swapped_letter_in_a_long_name_is_forgiven(catalog: Catalog) -> None:
    """Every one of them, where five characters and more are left."""
    tried = 0
    for slug, service in catalog.services.items():
        for place in range(len(service.name) if service.status != "general" else 0):
            lost, _, _, swapped = mistyped(service.name, place, "")
            for text in (lost, swapped):
                if len(text) >= 5:
                    tried += 1
                    assert understand(text, (), catalog) == NamedService(slug), text

    assert tried > 40


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_read_without_an_error(catalog: Catalog, text: str, with_choices: bool) -> None:
    """Whatever can be typed; and the same text twice means the same twice."""
    choices = CHOICES if with_choices else ()

    assert understand(text, choices, catalog) == understand(text, choices, catalog)


@given(st.lists(st.sampled_from(KATAKANA + HIRAGANA + OURS), max_size=40))
def test_text_near_our_own_words_is_read_without_an_error(
    catalog: Catalog, chars: list[str]
) -> None:
    """Half words, lone surrogates, marks without a letter, characters nobody sees."""
    assert understand("".join(chars), CHOICES, catalog) is not None


def test_a_single_character_never_names_a_service(catalog: Catalog) -> None:
    """Every 97th of all that Unicode has room for."""
    for code in range(0, 0x110000, 97):
        found = understand(chr(code), (), catalog)
        assert not isinstance(found, NamedService | NamedLookalike), hex(code)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 5000,
        "a@" * 2500,
        "0-" * 2500,
        "東京都" * 1666,
        "です" * 2500,
        "薬キャリ" * 1250,
        "薬キャリと" * 1000,
        "キャリトレーナー" * 625,
        "個人情報" * 1250,
        "死ぬほど" * 1250,
        "名前は" * 1666,
        "はい" * 2500,
        "一" * 5000,
        "〜" * 5000,
        "\u3099" * 5000,
        "m3 " * 1666,
    ],
    ids=lambda text: text[:8],
)
def test_the_longest_message_line_allows_takes_no_time(catalog: Catalog, text: str) -> None:
    """No text can keep the others waiting: a fifth of a second of computing at the very most."""
    understand("warm up", CHOICES, catalog)
    began = time.process_time()

    understand(text, CHOICES, catalog)

    assert time.process_time() - began < 0.2
