"""How a card looks: readable by everybody, on a phone, in any font size."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.line.card import below, bubble
from bot.line.flex import GREEN
from bot.line.measure import json_bytes, limit
from flows.conversation import Button, Call, Card, Copy, Link
from tests.line.says import CARDS, SERVICES, STEPS, choice
from tests.line.tree import objects
from tests.line.unhurried import UNHURRIED_FEW

BELOW = below([choice("はい"), choice("いいえ")], "")
"""Choices as they stand under the last card of a turn."""

NATIVE_INK = {"primary": "#FFFFFF", "secondary": "#111111"}
"""The colour LINE itself writes a button's label in (#button: style)."""


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def written(component: dict[str, Any], behind: str) -> list[tuple[str, str]]:
    """The colours of every text in *component*, each with the colour behind it."""
    match component["type"]:
        case "text":
            return [(component["color"], behind)]
        case "button":
            return [(NATIVE_INK[component["style"]], component["color"])]
    behind = component.get("backgroundColor", behind)
    return [pair for each in component.get("contents", ()) for pair in written(each, behind)]


@given(CARDS)
@UNHURRIED_FEW
def test_every_word_stands_out_from_what_is_behind_it(card: Card) -> None:
    """4.5:1 at least (WCAG 1.4.3), on backgrounds we set ourselves, also in dark mode."""
    made: Any = bubble(card, BELOW)

    for block in ("body", "footer"):
        paper = made["styles"][block]["backgroundColor"]
        pairs = written(made[block], paper)
        assert pairs
        assert all(contrast(ink, behind) >= 4.5 for ink, behind in pairs)


@given(CARDS)
@UNHURRIED_FEW
def test_every_word_grows_with_the_readers_font_and_none_is_cut_off(card: Card) -> None:
    """LINE's default is neither: fixed in size, one line, then an ellipsis."""
    for each in objects(bubble(card, BELOW)):
        if each.get("type") in ("text", "button"):
            assert each["scaling"] is True
            assert each.get("wrap") is True or each["adjustMode"] == "shrink-to-fit"


@given(CARDS)
@UNHURRIED_FEW
def test_no_word_is_smaller_than_thirteen_points(card: Card) -> None:
    """``xs`` is for the small print alone; the rest is ``sm`` and up."""
    small = [each for each in objects(bubble(card)) if each.get("size") == "xs"]

    assert len(small) == bool(card.note) + (len(card.items) if card.numbered else 0)
    assert all(each.get("size") != "xxs" for each in objects(bubble(card)))


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("公式の退会フォームを開きます", "button"),  # 14 full-width characters
        ("公式の退会フォームを開きます。", "box"),
        ("a" * 28, "button"),
        ("a" * 29, "box"),
    ],
)
def test_a_label_too_long_for_one_line_wraps_in_a_box(label: str, kind: str) -> None:
    """LINE ends a button's label with an ellipsis; the end of a sentence is where the verb is."""
    made: Any = bubble(Card("x", buttons=(Link(label, "https://example.jp/"),)))

    [button] = made["footer"]["contents"]
    assert (button["type"], button["action"]["label"]) == (kind, label)
    if kind == "box":
        assert [each["text"] for each in button["contents"]] == [label]
        assert button["contents"][0]["wrap"] is True


def leading(*buttons: Button) -> list[bool]:
    """For each button of a card, whether it stands out in green."""
    made: Any = bubble(Card("x", buttons=buttons))
    return [
        each.get("style") == "primary" or each.get("backgroundColor") == GREEN
        for each in made["footer"]["contents"]
    ]


def test_the_first_thing_to_do_stands_out() -> None:
    """One button of a card leads, whether its label is short or long."""
    call, copy = Call("電話する", "0120-000-000"), Copy("コピー", "x")

    assert leading(copy, call, choice("送った"), choice("まだ")) == [True, False, False, False]
    assert leading(choice("これを選ぶ")) == [True]
    assert leading(Copy("退会を申し込む文面をコピーします。", "x"), call) == [True, False]


def test_no_answer_is_favoured_over_another() -> None:
    """A green "leave" beside a grey "stay", or the other way round, would be a push."""
    assert leading(choice("退会の準備をする"), choice("いったんやめる")) == [False, False]


def test_without_anything_to_tap_there_is_no_footer() -> None:
    """LINE refuses an empty box."""
    assert "footer" not in bubble(Card("x", text="y"))
    assert "footer" not in bubble(Card("x", buttons=(Copy("コピー", "あ" * 1_001),)))


def test_steps_are_counted_from_one() -> None:
    """Two digits are small enough for their disc: they shrink instead of being cut."""
    made: Any = bubble(Card("x", items=("手順",) * 12, numbered=True))

    rows = made["body"]["contents"][1]["contents"]
    assert [row["contents"][0]["contents"][0]["text"] for row in rows] == [
        str(number) for number in range(1, 13)
    ]


def test_a_generous_card_is_far_below_lines_limit() -> None:
    """More than any service needs: half of 30 KB, every kanji written as six bytes."""
    card = Card(
        title="あ" * 40,
        text="あ" * 300,
        items=("あ" * 60,) * 8,
        numbered=True,
        note="あ" * 80,
        buttons=(Call("電話する", "0120-000-000"), *(choice("あ" * 15) for _ in range(4))),
    )

    assert json_bytes(bubble(card, BELOW)) < limit("flex.bubble").value / 2


def test_three_such_rows_of_services_are_far_below_lines_limit() -> None:
    """Twelve services side by side, LINE's most."""
    row = {"type": "carousel", "contents": [bubble(SERVICES.cards[0])] * 12}

    assert json_bytes(row) < limit("flex.carousel").value / 2
    assert json_bytes(bubble(STEPS)) < limit("flex.bubble").value / 3
