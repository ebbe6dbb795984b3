"""Coming back days later, and leaving two services at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from content.catalog import Catalog
from flows.step import AWAY
from flows.walk import Arrival
from tests.flows.chat import TO_REASON, TO_STEPS, Chat
from tests.flows.replies import wordings


@pytest.mark.parametrize("days", [1, 40])
@pytest.mark.parametrize("answer", [lambda c: c.do("choose unsaid"), lambda c: c.type("答えない")])
def test_an_answer_days_later_begins_with_one_line_of_recap(
    chat: Chat, days: int, answer: Callable[[Chat], object]
) -> None:
    """Which service, how far; then the flow goes on as if nothing had happened."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    chat.now += timedelta(days=days)
    answer(chat)

    assert chat.ids[0] == "welcome_back"
    assert chat.ids.count("welcome_back") == 1
    assert "\n" not in chat.says[0].text
    assert "あおぞらスカウト" in chat.says[0].text
    assert "退会の理由" in chat.says[0].text
    assert chat.state == "choosing_method"


def test_words_that_mean_nothing_after_a_break_are_still_answered(chat: Chat) -> None:
    """The recap does not replace the repair."""
    chat.start("aozora-scout")
    chat.now += timedelta(days=3)
    chat.type("むにゃむにゃ")

    assert chat.ids == ["welcome_back", "miss_1", "checking_selection"]


def test_a_short_silence_is_no_break(chat: Chat) -> None:
    """Somebody who answers within hours remembers where they were."""
    chat.start("aozora-scout")
    chat.now += AWAY - timedelta(seconds=1)
    chat.do("deny")

    assert "welcome_back" not in chat.ids
    chat.now += AWAY
    chat.do("deny")
    assert chat.ids[0] == "welcome_back"


def test_there_is_nothing_to_recap_in_the_list(chat: Chat) -> None:
    """Without a case, coming back needs no line."""
    chat.now += timedelta(days=3)
    chat.follow()

    assert chat.ids == ["choosing_service"]


def test_who_comes_back_for_another_service_is_not_told_of_the_first(chat: Chat) -> None:
    """The recap is of the case that goes on, and of no other."""
    chat.start("aozora-scout")
    chat.now += timedelta(days=3)
    chat.type("みどりナビ")

    assert chat.ids == ["notice", "checking_selection"]


# --- two cases ---------------------------------------------------------------------------------


def test_two_cases_keep_apart(chat: Chat) -> None:
    """Answers to one service are no answers to the other; each goes on where it was."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    one = chat.conversation.trail
    chat.start("hoshi-works")
    chat.do("confirm")
    other = chat.conversation.trail

    chat.start("aozora-scout")
    assert chat.ids == ["resumed", "giving_reason"]
    assert chat.conversation.trail == one
    chat.do("choose unsaid")
    chat.start("hoshi-works")

    assert chat.state == "checking_interview"
    assert chat.conversation.trail == other


def test_naming_the_service_in_hand_asks_its_question_again(chat: Chat) -> None:
    """Nothing is lost by naming the service one is already leaving."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    before = chat.standing
    chat.type("あおぞらスカウト")

    assert chat.ids == ["resumed", "giving_reason"]
    assert chat.standing == before


def test_a_case_left_in_the_status_resumes_at_its_question(chat: Chat) -> None:
    """状況 of one service, then another: coming back, the question is open, not the status."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    chat.type("状況")
    chat.start("midori-navi")
    chat.start("aozora-scout")

    assert chat.ids == ["resumed", "giving_reason"]


def test_a_half_finished_change_is_no_answer_lost(chat: Chat) -> None:
    """Leaving a change for another service leaves the answers as they were."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    chat.type("状況")
    chat.do("change checking_reward")
    chat.start("midori-navi")
    chat.start("aozora-scout")

    assert chat.state == "following_steps"


def test_a_finished_case_starts_anew(chat: Chat) -> None:
    """Whoever has left a service and names it again is asked from the first question."""
    chat.start("midori-navi")
    chat.do("deny", "choose unsaid", "proceed", "finish", "finish")
    assert chat.state == "finishing"
    chat.type("みどりナビ")

    assert chat.state == "checking_selection"


def test_after_one_service_comes_the_next(chat: Chat) -> None:
    """「別のサービスも退会する」 shows the list; the finished case is not kept."""
    chat.start("aozora-scout")
    chat.do("deny")
    chat.start("midori-navi")
    chat.do("deny", "choose unsaid", "proceed", "finish", "finish", "choose_other")

    assert chat.state == "choosing_service"
    assert list(chat.conversation.cases) == ["aozora-scout"]


def test_every_question_names_its_service(catalog: Catalog, arrivals: list[Arrival]) -> None:
    """With two cases open nobody can take one service's question for the other's."""
    for arrival in arrivals:
        if slug := arrival.conversation.service:
            name = catalog.services[slug].name
            assert any(f"【{name}】" in text for text in wordings(arrival.says[-1])), arrival.state


@pytest.mark.parametrize("way", ["say", "again"])
def test_every_question_names_its_service_however_it_is_asked(catalog: Catalog, way: str) -> None:
    """In the texts themselves: asked for the first time, or in other words after a miss."""
    of_no_service = {"choosing_service", "telling_apart", "confirming_erasure"}
    nameless = {
        state for state, text in catalog.texts.items() if "【{service}】" not in getattr(text, way)
    }

    assert nameless == of_no_service
