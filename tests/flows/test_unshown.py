"""What may be said though no button shows it: the letter once more, and staying."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.trail import play
from flows.unshown import WORDS_ONLY
from flows.walk import Arrival, presses
from flows.withdrawal import TABLE
from tests.flows.chat import NOON, TO_REASON, TO_STEPS, Chat


def consider(chat: Chat) -> None:
    """Go to what there is short of leaving, for somebody who gets too many mails."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON, "choose too_many_contacts")


# --- the letter under the steps ---------------------------------------------------------------


def test_the_title_of_the_letter_shows_it_again(catalog: Catalog, arrivals: list[Arrival]) -> None:
    """Steps speak of 「電話での伝え方」: whoever types a title gets that letter, wherever it
    stands under the steps, and stays where they are."""
    shown = [arrival for arrival in arrivals if arrival.state == "following_steps"]
    assert shown
    for arrival in shown:
        person = Chat(catalog, conversation=arrival.conversation)
        name = person.turn.service.methods[person.turn.method_key].letters[0]
        before = person.standing
        person.type(catalog.letters[name].title)

        assert person.ids == [f"letter_head:{name}", f"letter:{name}", "following_steps"]
        assert person.standing == before
        assert person.conversation.misses == 0


def test_the_letter_has_no_button_and_no_number(chat: Chat) -> None:
    """It stands under the steps already; the choices are those they were."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    name = chat.turn.service.methods["mail"].letters[0]
    numbered = [move for move in dict.fromkeys(chat.buttons) if move != "back"]
    assert f"take_letter {name}" not in numbered

    chat.type(str(len(numbered) + 1))

    assert chat.ids == ["miss_1", "following_steps"]


def test_the_letter_of_another_method_is_not_to_be_had(chat: Chat) -> None:
    """Only the one the steps speak of."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    others = {method.letters[0] for method in chat.turn.service.methods.values()}
    others -= set(chat.turn.service.methods["mail"].letters)
    assert others
    for name in others:
        chat.type(chat.catalog.letters[name].title)

        assert f"letter:{name}" not in chat.ids


# --- staying ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["退会したくない", "退会をやめる", "やっぱりやめません", "登録を残す"]
)
def test_who_does_not_want_to_leave_stays(chat: Chat, text: str) -> None:
    """Said beside the alternatives, with none of them chosen; leaving is one tap away again."""
    consider(chat)
    chat.type(text)

    assert (chat.state, chat.ids) == ("staying", ["staying"])
    assert chat.buttons == ["proceed", "choose_other", "back"]
    chat.do("back")
    assert chat.state == "considering_alternative"


@pytest.mark.parametrize("text", ["はい", "いいえ", "様子を見る", "9"])
def test_nothing_vague_means_staying(chat: Chat, text: str) -> None:
    """There is no button for it, so neither a plain yes nor a number can stand for one."""
    consider(chat)
    assert "settle" not in chat.buttons
    chat.type(text)

    assert chat.state == "considering_alternative"


def test_staying_is_told_among_the_answers(chat: Chat) -> None:
    """状況 names it by its label, and lets it be changed."""
    consider(chat)
    chat.type("退会したくない")
    chat.type("状況")

    assert "退会のほかの方法：登録を残す" in chat.text
    chat.do("change considering_alternative", "proceed")
    assert chat.state == "choosing_method"


def test_words_without_a_button_have_a_row_and_a_label(catalog: Catalog) -> None:
    """Each is a move of the table, and has words an editor can find."""
    for state, trigger in WORDS_ONLY:
        assert (state, trigger) in {(row.source, row.trigger) for row in TABLE.rows}
        assert catalog.texts[state].buttons[trigger]


def test_words_without_a_button_are_on_no_screen(arrivals: list[Arrival]) -> None:
    """In any service."""
    for arrival in arrivals:
        for choice in presses(arrival.says):
            assert (choice.press.state, choice.press.trigger) not in WORDS_ONLY


def test_nothing_to_change_leads_on(chat: Chat) -> None:
    """「ない」 under the answers is 「続きに戻る」."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    before = chat.standing
    chat.type("状況")
    chat.type("ない")

    assert chat.standing == before
    assert chat.state == "giving_reason"
    assert play(chat.catalog, "aozora-scout", chat.conversation.trail, NOON).state == chat.state
