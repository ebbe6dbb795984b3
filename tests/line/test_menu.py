"""Many choices become rows to tap, a few stay quick replies beside a numbered list."""

from __future__ import annotations

from typing import Any

import pytest
from linebot.v3.messaging import FlexMessage

from bot.line.flex import GREEN, GREY, INK, PAPER
from bot.line.limits import broken
from bot.line.menu import FEW
from bot.line.speak import Wording, speak
from flows.conversation import Card, Choice, Pressed, Say
from tests.line.says import choice
from tests.line.test_card import contrast
from tests.line.tree import objects

WORDING = Wording(alt_text="ご案内があります")
BACK = Choice("戻る", Pressed("", "asking", "back"))


def spoken(count: int) -> dict[str, Any]:
    """A question with *count* answers and the way back."""
    answers = tuple(choice(f"答え{place}") for place in range(count))
    return speak([Say("asking", "どれですか？", choices=(*answers, BACK))], WORDING)[0]


def test_few_answers_are_quick_replies_beside_a_numbered_text() -> None:
    """Up to four: the text carries the numbers for who sees no quick replies."""
    message = spoken(FEW)

    assert message["type"] == "text"
    assert message["text"].endswith("1 答え0\n2 答え1\n3 答え2\n4 答え3")
    assert len(message["quickReply"]["items"]) == FEW + 1


def test_many_answers_are_rows_that_stay_in_the_chat() -> None:
    """From five on: every answer is one numbered row, and only 戻る is a quick reply."""
    message = spoken(FEW + 1)

    taps = [each["action"] for each in objects(message["contents"]) if "action" in each]
    numbers = [each["text"] for each in objects(message) if each.get("text", "").isdecimal()]
    assert message["altText"] == WORDING.alt_text
    assert [tap["displayText"] for tap in taps] == [f"答え{place}" for place in range(FEW + 1)]
    assert numbers == ["1", "2", "3", "4", "5"]
    assert [item["action"]["label"] for item in message["quickReply"]["items"]] == ["戻る"]


def test_a_card_with_many_choices_gets_the_same_rows() -> None:
    """Steps with seven ways on do not hide four of them to the right."""
    answers = tuple(choice(f"答え{place}") for place in range(7))
    message: Any = speak([Say("steps", cards=(Card("手順"),), choices=answers)], WORDING)[0]

    footer = message["contents"]["footer"]
    assert len([each for each in objects(footer) if "action" in each]) == 7
    assert "quickReply" not in message


@pytest.mark.parametrize("count", [1, 4, 5, 12, 13])
def test_every_count_is_within_lines_limits_and_known_to_the_sdk(count: int) -> None:
    """Thirteen is the most reasons there can be."""
    message = spoken(count)

    assert broken([message]) == []
    if message["type"] == "flex":
        read = FlexMessage.from_dict(message)
        assert read is not None
        assert len(objects(read.to_dict())) == len(objects(message))


def test_a_row_can_be_read() -> None:
    """4.5:1 at least, for the label and for its number."""
    assert contrast(INK, GREY) >= 4.5
    assert contrast(PAPER, GREEN) >= 4.5
