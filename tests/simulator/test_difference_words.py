"""Two texts become one that shows what changed, and loses nothing of either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.difference.words import Piece, changed_lines, pieces

TEXT = st.text(st.sampled_from("ァア漢字あい。、\nA1 　＋🐤"), max_size=40)


def shown(old: str, new: str) -> str:
    """The pieces, marked."""
    marks = {"same": "{}", "gone": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces(old, new))


@given(TEXT, TEXT)
def test_both_texts_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    """Without what was added it is the old text, without what is gone the new one."""
    found = pieces(old, new)

    assert "".join(piece.text for piece in found if piece.kind != "added") == old
    assert "".join(piece.text for piece in found if piece.kind != "gone") == new


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        (
            "いちばん手軽な方法です。",
            "もっとも手軽な方法です。",
            "[-いちばん-]{+もっとも+}手軽な方法です。",
        ),
        ("退会の手順", "退会の手順", "退会の手順"),
        ("戻る", "一つ戻る", "{+一つ+}戻る"),
        ("電話 0120-1 へ", "電話 0120-2 へ", "電話 [-0120-1-]{+0120-2+} へ"),
        ("", "新しい文", "{+新しい文+}"),
        ("古い文", "", "[-古い文-]"),
    ],
)
def test_a_change_is_shown_in_whole_words(old: str, new: str, marked: str) -> None:
    """Kanji, kana and numbers are not torn in the middle."""
    assert shown(old, new) == marked


def test_a_scrap_in_common_does_not_tear_a_change() -> None:
    """One letter that happens to be the same stands for nothing."""
    assert shown("赤の花", "青の鳥") == "[-赤の花-]{+青の鳥+}"


def test_lines_without_a_change_are_one_gap() -> None:
    """Of a long message, only what changed is shown; a gap stands for any number of lines."""
    found = changed_lines(
        pieces("一行目\n二行目\n三行目\n四行目", "一行目\n二行目\n三番目\n四行目")
    )

    assert found[0] == found[2] == []
    assert len(found) == 3
    assert found[1] == [Piece("gone", "三行目"), Piece("added", "三番目")]
