"""Folding, sounds, typos and numbers: the parts that know no service."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.understanding.numbers import number
from flows.understanding.phrases import Endings, Exactly
from flows.understanding.spelling import (
    distance,
    fold,
    kana,
    scripts,
    sound,
    sounds_alike,
    tolerance,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ﾔｸｷｬﾘ", "やくきゃり"),
        ("ヤクキャリ〜", "やくきゃりー"),
        ("キャリトレ—", "きゃりとれー"),
        ("薬-キャリ", "薬きゃり"),
        ("Ｍ３．ＣＯＭ", "m3com"),
        ("ハタラクティヴ", "はたらくてぃゔ"),
        ("はい！！😊", "はい"),
        ("2️⃣", "2"),
        (" ㈱ ", "株"),
        ("ﾊﾞ", "ば"),
        ("\u30cf\u3099", "ば"),
        ("a\u200bb", "ab"),
        ("", ""),
        ("。、・ー", "ー"),
    ],
)
def test_what_nobody_means_is_folded_away(text: str, folded: str) -> None:
    """Width, case, kana, dashes, spaces, signs and emoji."""
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    """So it does not matter whether a text was folded before it is compared."""
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_folded_character_has_its_script(text: str) -> None:
    """`scripts` speaks about the same characters as `fold`."""
    assert len(scripts(text)) == len(fold(text))


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("薬キャリを", "jkkkh"),
        ("m3 ポイント", "llKkkk"),
        ("キャー", "kkk"),
        ("あー・ア", "hhK"),
        ("々ж", "jo"),
    ],
)
def test_scripts_shows_where_words_meet(text: str, letters: str) -> None:
    """A capital stands where something was between."""
    assert scripts(text) == letters


@pytest.mark.parametrize(
    ("romaji", "expected"),
    [
        ("yakukyari", "やくきゃり"),
        ("kyaritore", "きゃりとれ"),
        ("apopurasu", "あぽぷらす"),
        ("maimairinku", "まいまいりんく"),
        ("mymylink", ""),
        ("careertrek", ""),
        ("hello", ""),
        ("薬", ""),
        ("", ""),
    ],
)
def test_only_real_romaji_is_read_as_kana(romaji: str, expected: str) -> None:
    """jaconv makes kana of any letters; English must not become Japanese that way."""
    assert kana(romaji) == expected


def test_the_sound_leaves_out_what_a_phone_gets_wrong() -> None:
    """Small kana, voicing marks, ー and っ."""
    assert sound("はたらくてぃーぷ") == sound("はたらくていぶ")
    assert sound("きゃっりとれー") == sound("きやりとれ")
    assert sounds_alike("はたらくちぶ", "はたらくてぃぶ")
    assert not sounds_alike("きゃりとれ", "きゃりとら")


@pytest.mark.parametrize(("length", "typos"), [(3, 0), (4, 1), (5, 1), (6, 2), (20, 2)])
def test_longer_names_forgive_more(length: int, typos: int) -> None:
    """And short ones nothing: every three kana are some word."""
    assert tolerance(length) == typos


def test_swapped_neighbours_are_one_typo() -> None:
    """As thumbs make them."""
    assert distance("はたらく", "はらたく") == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[
            (text, 2)
            for text in ("2", "２", "②", "⑵", "❷", "Ⅱ", "二", "2番", "２番目", "2で", "2です。")
        ],
        *[
            (text, 2)
            for text in ("二つ目", "ふたつめ", "2番目のやつ", "2でお願いします", "(2)", "2.", "2️⃣")
        ],
        *[(text, 2) for text in ("その2", "No.2", "上から2番目", "に", " 2 ", "2番にします")],
        ("十", 10),
        ("十二", 12),
        ("二十一", 21),
        ("13", 13),
        ("一〇", 10),
        *[
            (text, None)
            for text in ("0", "〇", "1と2", "1,2", "100", "2026", "½", "千", "10営業日")
        ],
        *[
            (text, None)
            for text in ("3日", "2社", "一番いい方法", "二人", "十十十", "", "二度と", "。")
        ],
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: int | None) -> None:
    """And only where it is the whole answer."""
    assert number(text) == value


@given(st.text(max_size=20))
def test_number_takes_any_text(text: str) -> None:
    """Whatever Unicode calls a numeral."""
    value = number(text)

    assert value is None or 1 <= value <= 99


def test_endings_come_off_as_long_as_something_is_left() -> None:
    """「です」 alone is a word, at the end of a word it is none."""
    endings = Endings(["です", "を", "退会したい"])

    assert endings.cut("薬きゃりを退会したいです") == "薬きゃり"
    assert endings.cut("です") == "です"
    assert endings.cut("") == ""


def test_a_word_counts_with_and_without_its_own_ending() -> None:
    """An ending in the list of words is no hindrance."""
    endings = Endings(["です"])
    said = Exactly(["そうです"], endings)

    assert said.is_said("そうです", endings.cut("そうです"))
    assert said.is_said("そう", "そう")
    assert not said.is_said("そうか", "そうか")
    assert not said.is_said("", "")
