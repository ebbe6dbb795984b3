"""What is stored of a person, and reading it back."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest

from flows.conversation import Answer, Conversation
from tests.flows.chat import NOON

FULL = Conversation(
    turn=7,
    service="aozora-scout",
    cases=MappingProxyType(
        {
            "aozora-scout": (Answer("choosing_service", "choose", "aozora-scout"),),
            "midori-navi": (
                Answer("choosing_service", "choose", "midori-navi"),
                Answer("checking_selection", "deny"),
            ),
        }
    ),
    later=(Answer("checking_selection", "confirm"), Answer("checking_interview", "deny")),
    misses=2,
    meant="erase_data",
    last_seen=NOON,
)


@pytest.mark.parametrize("conversation", [Conversation(), FULL], ids=["new", "full"])
def test_what_was_stored_is_read_back(conversation: Conversation) -> None:
    """Equal, the moment of the last message and its zone included."""
    stored = json.loads(json.dumps(conversation.to_json()))

    assert Conversation.from_json(stored) == conversation


def test_nothing_else_is_stored() -> None:
    """The answers chosen, two counters, a reason, a moment: no text, no name, no id."""
    assert set(FULL.to_json()) == {
        "v", "turn", "service", "cases", "later", "misses", "meant", "last_seen",
    }  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        {"v": 0},
        {"v": None},
        {"cases": 1},
        {"cases": {"midori-navi": 1}},
        {"later": [["one", "two", "three", "four"]]},
        {"later": [[]]},
        {"last_seen": "yesterday"},
    ],
    ids=str,
)
def test_what_nobody_wrote_is_refused(damage: dict[str, Any]) -> None:
    """An error the caller can catch, never a memory read wrongly."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        Conversation.from_json({**FULL.to_json(), **damage})


@pytest.mark.parametrize("missing", sorted(FULL.to_json()))
def test_a_part_that_is_missing_is_an_error(missing: str) -> None:
    """Nothing is filled in for what was lost."""
    stored = FULL.to_json()
    del stored[missing]

    with pytest.raises(KeyError):
        Conversation.from_json(stored)


def test_a_conversation_cannot_be_changed_by_accident() -> None:
    """Whoever holds one holds it as it was."""
    with pytest.raises(AttributeError):
        FULL.turn = 8  # type: ignore[misc]
    with pytest.raises(TypeError):
        FULL.cases["midori-navi"] = ()  # type: ignore[index]
