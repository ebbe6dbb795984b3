"""戻る and 最初から: one answer back, everything cleared."""

from __future__ import annotations

from tests.flows.chat import TO_REASON, TO_STEPS, Chat

# --- 戻る ------------------------------------------------------------------------------------


def test_back_undoes_one_answer(chat: Chat) -> None:
    """The question before is asked again, and every earlier answer stands."""
    chat.start("aozora-scout")
    chat.do("confirm", "deny", "proceed", "deny")
    assert chat.state == "giving_reason"

    chat.type("戻る")

    assert chat.ids[0] == "undone"
    assert chat.state == "checking_reward"
    assert list(chat.answers) == [
        "choosing_service",
        "checking_selection",
        "checking_interview",
        "handling_selection",
    ]


def test_back_button_and_back_word_are_the_same(chat: Chat) -> None:
    """A button stands under every question, and the word does what it does."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    by_word = Chat(chat.catalog, conversation=chat.conversation)

    assert chat.do("back") == by_word.type("戻る")
    assert chat.standing == by_word.standing


def test_back_all_the_way_leads_to_the_list(chat: Chat) -> None:
    """Undoing the service itself leaves nothing behind; before it there is nothing to undo."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    for _ in TO_STEPS:
        chat.type("戻る")
    assert chat.state == "checking_selection"

    chat.type("戻る")
    assert chat.state == "choosing_service"
    assert dict(chat.conversation.cases) == {}

    chat.type("戻る")
    assert chat.ids == ["nothing_before", "choosing_service"]


# --- 最初から ----------------------------------------------------------------------------------


def test_from_the_start_clears_every_answer(chat: Chat) -> None:
    """No case, no reason named before, nothing half changed: the list of services."""
    chat.type("データを消す")
    chat.do("mean_service")
    chat.start("midori-navi")
    chat.do("deny")
    chat.start("aozora-scout")
    chat.do("deny", "deny", "choose mail")
    chat.type("状況")
    chat.do("change checking_reward")
    chat.type("最初から")

    assert chat.ids == ["restarted", "choosing_service"]
    assert chat.standing == ("", {}, (), "")
    chat.start("midori-navi")
    assert chat.state == "checking_selection"
