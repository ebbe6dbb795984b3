"""Buttons stay in a chat for ever: each keeps working or explains itself."""

from __future__ import annotations

import pytest

from flows.conversation import LOBBY, Conversation, Pressed
from tests.flows.chat import TO_REASON, TO_STEPS, Chat

SLUG = "aozora-scout"


def old(state: str, trigger: str, argument: str = "", slug: str = SLUG) -> Pressed:
    """A button of any question, shown long ago."""
    return Pressed(slug, state, trigger, argument, 1)


def test_an_old_button_of_the_current_question_answers_it(chat: Chat) -> None:
    """Shown three messages ago, still the question that is open."""
    chat.start(SLUG)
    deny = chat.button("deny")
    chat.type("むにゃむにゃ")
    chat.send("sticker")
    chat.press(deny)

    assert chat.state == "checking_reward"


def test_the_same_answer_again_changes_nothing(chat: Chat) -> None:
    """The question is open no more: said so, and the current one asked again."""
    chat.start(SLUG)
    deny = chat.button("deny")
    chat.do(*TO_STEPS)
    before = chat.standing
    chat.press(deny)

    assert chat.ids == ["old_button_kept", "following_steps"]
    assert chat.standing == before


def test_another_answer_resumes_from_that_question(chat: Chat) -> None:
    """One line says where; what was answered after it is asked again."""
    chat.start(SLUG)
    confirm = chat.button("confirm")
    chat.do(*TO_STEPS)
    chat.press(confirm)

    assert chat.ids == ["old_button_resumes", "checking_interview"]
    assert "あおぞらスカウト" in chat.says[0].text
    assert "選考の確認" in chat.says[0].text
    assert chat.answers == {"choosing_service": f"choose {SLUG}", "checking_selection": "confirm"}


def test_an_old_way_back_does_not_undo_todays_answer(chat: Chat) -> None:
    """戻る of a question long answered: nothing is undone, the current question is asked again."""
    chat.start(SLUG)
    back = chat.button("back")
    chat.do(*TO_STEPS)
    before = chat.standing
    chat.press(back)

    assert chat.ids == ["old_button_kept", "following_steps"]
    assert chat.standing == before


def test_an_old_trigger_that_is_legal_now_is_not_mistaken_for_todays(chat: Chat) -> None:
    """「次へ」 of one question must not press 「次へ」 of another."""
    chat.start(SLUG)
    chat.do("confirm", "deny")
    proceed = chat.button("proceed")
    chat.do("proceed", "confirm")
    assert "proceed" in chat.buttons
    before = chat.standing
    chat.press(proceed)

    assert chat.ids[0] == "old_button_kept"
    assert chat.standing == before


def test_an_old_button_ends_a_change_that_was_begun(chat: Chat) -> None:
    """Resuming from an earlier question: the answers that waited for the change are let go."""
    chat.start(SLUG)
    confirm = chat.button("confirm")
    chat.do(*TO_STEPS)
    chat.type("状況")
    chat.do("change choosing_method")
    chat.press(confirm)
    assert chat.ids == ["old_button_resumes", "checking_interview"]

    chat.do("deny")
    assert chat.ids == ["selection", "handling_selection"]


def test_a_button_of_an_abandoned_branch_explains_itself(chat: Chat) -> None:
    """The interview is no longer a question once there is no selection."""
    chat.start(SLUG)
    chat.do("confirm")
    soon = chat.button("confirm")
    chat.do("back", *TO_REASON)
    before = chat.standing
    chat.press(soon)

    assert chat.ids == ["old_button_gone", "giving_reason"]
    assert chat.standing == before


def test_a_button_of_another_case_resumes_that_case(chat: Chat) -> None:
    """Its open question is answered, its answers are there, and the other case waits."""
    chat.start(SLUG)
    chat.do("deny")
    points_left = chat.button("confirm")
    chat.start("midori-navi")
    chat.do("deny")
    waiting = chat.conversation.trail
    chat.press(points_left)

    assert chat.ids[0] == "old_button_resumes"
    assert "あおぞらスカウト" in chat.says[0].text
    assert chat.conversation.service == SLUG
    assert chat.state == "stopping_for_reward"
    assert chat.conversation.cases["midori-navi"] == waiting


def test_a_button_of_a_service_never_begun_explains_itself(chat: Chat) -> None:
    """No case: nothing to resume, nothing started behind the person's back."""
    chat.start("midori-navi")
    before = chat.standing
    chat.press(old("following_steps", "finish"))

    assert chat.ids == ["old_button_gone", "checking_selection"]
    assert chat.standing == before


def test_the_list_of_services_never_grows_old(chat: Chat) -> None:
    """A service tapped in the very first list starts, or goes on with, that service."""
    first_list = {choice.press.argument: choice.press for choice in chat.shown}
    chat.start("midori-navi")
    chat.do("deny")
    chat.press(first_list[SLUG])
    assert chat.ids == ["notice", "checking_selection"]

    chat.press(first_list["midori-navi"])
    assert chat.ids == ["resumed", "giving_reason"]


@pytest.mark.parametrize(
    "pressed",
    [
        old("giving_reason", "choose", "no_such_reason"),
        old("giving_reason", "choose", "no_scouts"),
        old("giving_reason", "fly"),
        old("giving_reason", "agree"),
        old("giving_reason", "change", "checking_selection"),
        old("giving_reason", "mean_service"),
        old("giving_reason", "lose_login"),
        old("giving_reason", "review", "forged"),
        old("checking_reward", "choose", "deny"),
        old("no_such_state", "deny"),
        old("following_steps", "finish"),
        old("confirming_erasure", "agree"),
        old("reviewing_answers", "change", "choosing_service"),
        old("choosing_service", "choose", "midori-navi"),
        old("checking_selection", "deny", slug="no-such-service"),
        old("choosing_service", "choose", "no-such-service", slug=LOBBY),
        old("choosing_service", "ask_back", f"{SLUG}/no_such_name", slug=LOBBY),
        old("choosing_service", "ask_back", "no-such+service", slug=LOBBY),
        old("telling_apart", "choose", "", slug=LOBBY),
        old("", ""),
    ],
    ids=lambda pressed: f"{pressed.service}|{pressed.state}|{pressed.trigger}|{pressed.argument}",
)
def test_a_forged_button_explains_itself(chat: Chat, pressed: Pressed) -> None:
    """Nothing that is not offered can be pressed, however the button was made."""
    chat.start(SLUG)
    chat.do(*TO_REASON)
    before = chat.standing
    chat.press(pressed)

    assert chat.ids == ["old_button_gone", "giving_reason"]
    assert chat.standing == before


def test_a_change_of_what_cannot_be_changed_explains_itself(chat: Chat) -> None:
    """Forged in the very screen that shows the changes."""
    chat.start(SLUG)
    chat.do(*TO_REASON)
    chat.type("状況")
    before = chat.standing
    for argument in ("choosing_service", "choosing_method", "no_such_state", ""):
        chat.press(old("reviewing_answers", "change", argument))

        assert chat.ids == ["old_button_gone", "reviewing_answers"]
        assert chat.standing == before


def test_somebody_forgotten_can_tap_an_old_button(chat: Chat) -> None:
    """Explained, with the list; their old service does not come back by itself."""
    chat.start(SLUG)
    deny = chat.button("deny")
    chat.conversation = Conversation()
    chat.press(deny)

    assert chat.ids == ["old_button_gone", "choosing_service"]
    assert dict(chat.conversation.cases) == {}


def test_letters_of_old_cards_are_shown_without_leaving_the_question(chat: Chat) -> None:
    """A letter offered early on is still handed over at the end, and nothing is lost by it."""
    chat.start(SLUG)
    chat.do("confirm", "deny")
    decline = chat.button("take_letter aozora-decline")
    chat.do("proceed", "deny", "choose unsaid", "choose mail", "proceed", "finish")
    before = chat.standing
    chat.press(decline)

    assert chat.ids == ["letter_head:aozora-decline", "letter:aozora-decline", "awaiting_result"]
    assert chat.standing == before
    assert "report_silence" in chat.buttons


def test_topics_of_old_cards_are_read_without_leaving_the_question(chat: Chat) -> None:
    """The same for things to read."""
    chat.start(SLUG)
    chat.do(*TO_STEPS[:-1])
    timing = chat.button("read_topic timing")
    chat.do("proceed", "finish")
    before = chat.standing
    chat.press(timing)

    assert chat.ids == ["topic:timing", "awaiting_result"]
    assert chat.standing == before


@pytest.mark.parametrize("moves", [TO_REASON, TO_STEPS, (*TO_STEPS, "finish", "finish")])
def test_every_button_ever_shown_leads_on_or_explains(chat: Chat, moves: tuple[str, ...]) -> None:
    """All of them, each tapped from the same later place; every answer has a way on."""
    chat.start("midori-navi")
    chat.do("deny")
    chat.start(SLUG)
    chat.do(*moves)
    at = chat.conversation
    for choice in list(chat.shown):
        chat.conversation = at
        chat.press(choice.press)
        assert chat.buttons
