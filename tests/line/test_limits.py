"""LINE's limits: each holds at its edge, and nothing we send may leave the shapes we use."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.line.limits import broken
from bot.line.measure import Limit, Unit, graphemes, json_bytes, limit, limits, utf16_units
from tests.line.made import (
    FAMILY,
    Made,
    bubble,
    button,
    carousel_of,
    flex,
    postback,
    row,
    sized,
    text,
)

# --- the data ----------------------------------------------------------------------------


def test_every_limit_names_its_source() -> None:
    """An anchor of LINE's reference, so that a change there can be followed."""
    assert len(limits()) > 50
    assert all(each.source.startswith("#") and each.value > 0 for each in limits().values())


def amount(of: Limit, measured: int) -> object:
    """Something that *of* measures as *measured*."""
    match of.unit:
        case Unit.ITEMS:
            return [None] * measured
        case Unit.BYTES:
            return "x" * (measured - 2)
        case Unit.UTF16:
            return "😀" * (measured // 2) + "あ" * (measured % 2)
        case Unit.GRAPHEMES:
            return FAMILY * measured


@pytest.mark.parametrize("name", limits())
def test_a_limit_holds_at_its_edge_and_not_beyond(name: str) -> None:
    """As much as allowed is fine; one more is not, and the sentence says both numbers."""
    of = limit(name)

    assert of.excess(amount(of, of.value)) is None
    sentence = of.excess(amount(of, of.value + 1))
    assert sentence is not None
    assert f"{of.value + 1:,} of at most {of.value:,} {of.unit.shown}" in sentence
    assert of.source in sentence


def test_the_two_ways_of_counting_differ() -> None:
    """Text counts UTF-16 units, labels what a reader calls a character."""
    assert (utf16_units(FAMILY), graphemes(FAMILY)) == (11, 1)
    assert (utf16_units("か\u3099"), graphemes("か\u3099")) == (2, 1)  # が, in two parts
    assert (utf16_units("葛\U000e0100"), graphemes("葛\U000e0100")) == (3, 1)  # a variant
    assert utf16_units("\ud83d") == 1


def test_bytes_are_counted_in_the_longer_encoding() -> None:
    """The SDK writes a kanji as six bytes and a space after each comma."""
    assert json_bytes({"a": ["退", "😀"]}) == len(rb'{"a": ["\u9000", "\ud83d\ude00"]}')


def test_a_thing_without_a_measure_is_an_error() -> None:
    """A number has no length; guessing one would hide a mistake."""
    with pytest.raises(TypeError, match="int cannot be counted in UTF-16 units"):
        limit("text").measure(5)


# --- the edges of a whole message ----------------------------------------------------------

EDGES: dict[str, Callable[[int], Made]] = {
    "messages": lambda n: [text()] * n,
    "text": lambda n: [text("あ" * n)],
    "quickReply.items": lambda n: [text("？", *[postback()] * n)],
    "quickReply.label": lambda n: [text("？", postback(FAMILY * n))],
    "flex.altText": lambda n: [flex(bubble(), "あ" * n)],
    "flex.carousel.bubbles": lambda n: [row(*[bubble()] * n)],
    "flex.bubble": lambda n: [flex(sized(n))],
    "flex.carousel": lambda n: [carousel_of(n)],
    "flex.label": lambda n: [button(postback(FAMILY * n))],
    "postback.data": lambda n: [button(postback(data="x" * n))],
    "postback.displayText": lambda n: [button(postback(shown=FAMILY * n))],
    "uri": lambda n: [
        button({"type": "uri", "label": "開く", "uri": "https://example.jp/".ljust(n, "x")})
    ],
    "clipboard.clipboardText": lambda n: [
        button({"type": "clipboard", "label": "コピー", "clipboardText": "あ" * n})
    ],
}


@pytest.mark.parametrize("name", EDGES)
def test_a_message_at_the_edge_passes_and_one_beyond_does_not(name: str) -> None:
    """Where the limit is applied, not only that it is known."""
    allowed = limit(name).value

    assert broken(EDGES[name](allowed)) == []
    [breach] = broken(EDGES[name](allowed + 1))
    assert f"{allowed + 1:,} of at most {allowed:,}" in breach
    assert breach.startswith("messages")
