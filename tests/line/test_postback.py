"""A press survives its journey through a button, and nothing else passes for one."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.line.measure import utf16_units
from bot.line.postback import LONGEST, decode, encode
from flows.conversation import Pressed
from tests.line.unhurried import UNHURRIED

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
PRESSES = st.builds(
    Pressed,
    service=ANY_TEXT,
    state=ANY_TEXT,
    trigger=ANY_TEXT,
    argument=ANY_TEXT,
    turn=st.integers(0, 10**12),
)


def encoded(press: Pressed) -> str | None:
    try:
        return encode(press)
    except ValueError:
        return None


def test_the_shape_on_the_wire_is_fixed() -> None:
    """Buttons in people's chats carry it for ever."""
    press = Pressed("example-navi", "choosing_method", "choose", "letter:mail|薬%", 12)

    assert encode(press) == ("1|example-navi|choosing_method|choose|letter:mail%7C%E8%96%AC%25|12")


@given(PRESSES)
@UNHURRIED
def test_a_press_comes_back_as_it_went(press: Pressed) -> None:
    """Any text in any field: bars, percent signs, kanji, even half a character."""
    data = encoded(press)
    assume(data is not None)
    assert data is not None

    assert decode(data) == press
    assert data.isascii()
    assert utf16_units(data) <= LONGEST


@given(st.text(st.characters(exclude_categories=())))
@UNHURRIED
def test_any_text_is_a_press_or_is_not(data: str) -> None:
    """Reading is total: whatever comes back as a button's data is one or the other."""
    assert isinstance(decode(data), Pressed | None)


@given(st.lists(st.text("%0aF| é"), min_size=4, max_size=7), st.sampled_from("012"))
@UNHURRIED
def test_near_misses_never_raise(fields: list[str], version: str) -> None:
    """Broken escapes, too few and too many fields."""
    assert isinstance(decode("|".join([version, *fields])), Pressed | None)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "2|a|b|c||1",
        "1|a|b|c|1",
        "1|a|b|c|d|e|1",
        "1|a|b|c|d|",
        "1|a|b|c|d|-1",
        "1|a|b|c|d|1.0",
        "1|a|b|c|d|１",
        "1|a|b|c|d|1\n",
        "1|a|b|c|%FF|1",
        "1|a|b|c|" + "d" * 300 + "|1",
    ],
)
def test_what_is_not_ours_is_no_press(data: str) -> None:
    """An unknown version, a missing field, a turn that is no number."""
    assert decode(data) is None


def test_as_long_as_line_allows_is_told_and_longer_is_refused() -> None:
    """300 UTF-16 units (#postback-action); a button that LINE would refuse is never made."""
    around = len(encode(Pressed("", "", "", "", 0)))
    longest = Pressed("", "", "", "x" * (LONGEST - around), 0)

    assert len(encode(longest)) == LONGEST
    assert decode(encode(longest)) == longest
    with pytest.raises(ValueError, match="301 of 300"):
        encode(Pressed("", "", "", "x" * (LONGEST - around + 1), 0))


def test_a_turn_below_zero_is_refused() -> None:
    """It could not be read back."""
    with pytest.raises(ValueError, match="turn=-1"):
        encode(Pressed("a", "b", "c", "", -1))
