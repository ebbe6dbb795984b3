"""A button tapped twice in a row leads where tapping it once leads."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.step import step
from flows.walk import walk
from tests.flows.chat import NOON, TO_REASON, TO_STEPS, Chat
from tests.flows.replies import faults

SLUG = "aozora-scout"


@pytest.mark.parametrize(
    "moves",
    [
        ("deny",),
        ("back",),
        ("lose_login",),
        ("lose_login", "take_letter aozora-login"),
        ("confirm", "confirm", "proceed"),
        ("deny", "confirm", "receive"),
        (*TO_REASON, "choose resting", "choose pause"),
        (*TO_STEPS[:-1], "read_topic timing"),
        (*TO_STEPS, "report_stuck", "choose 1", "resume"),
        (*TO_STEPS, "report_stuck", "choose 1", "change_method"),
        (*TO_STEPS, "finish", "finish", "choose_other"),
    ],
    ids=lambda moves: moves[-1],
)
def test_a_second_tap_changes_nothing(chat: Chat, moves: tuple[str, ...]) -> None:
    """The button tapped twice in a row leads where tapping it once leads."""
    chat.start(SLUG)
    chat.do(*moves[:-1])
    button = chat.button(moves[-1])
    chat.press(button)
    once, state = chat.standing, chat.state
    chat.press(button)

    assert (chat.standing, chat.state) == (once, state)


@pytest.mark.parametrize(
    ("word", "move"),
    [
        ("状況", "change checking_reward"),
        ("状況", "back"),
        ("データを消す", "mean_service"),
        ("データを消す", "back"),
    ],
)
def test_a_second_tap_on_a_screen_of_a_word_changes_nothing(
    chat: Chat, word: str, move: str
) -> None:
    """The same in 状況 and in データを消す."""
    chat.start(SLUG)
    chat.do(*TO_STEPS)
    chat.type(word)
    button = chat.button(move)
    chat.press(button)
    once, state = chat.standing, chat.state
    chat.press(button)

    assert (chat.standing, chat.state) == (once, state)


def test_a_second_tap_on_a_service_changes_nothing(chat: Chat) -> None:
    """The case just begun goes on at its first question."""
    button = chat.button(f"choose {SLUG}")
    chat.press(button)
    once = chat.standing
    chat.press(button)

    assert chat.standing == once
    assert chat.ids == ["resumed", "checking_selection"]


def test_every_button_everywhere_can_be_tapped_twice(invented: Catalog) -> None:
    """In every place of every service: the second tap leads where the first did."""
    for slug in invented.services:
        start = Pressed(LOBBY, "choosing_service", "choose", slug)
        for arrival in walk(invented, start, NOON):
            assert arrival.press is not None
            twice, says = step(arrival.conversation, arrival.press, invented, NOON)
            assert twice is not None
            assert faults(says) == []
            assert twice.service == arrival.conversation.service
            assert twice.cases == arrival.conversation.cases
