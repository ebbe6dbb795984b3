"""状況: the answers so far, each of which can be changed without losing the others."""

from __future__ import annotations

import pytest

from tests.flows.chat import TO_REASON, TO_STEPS, Chat


def test_status_lists_the_answers_in_the_words_of_the_buttons(chat: Chat) -> None:
    """Each question by its name with the answer given, and where the person is now."""
    chat.start("aozora-scout")
    chat.do("deny", "confirm", "proceed", "choose resting", "proceed", "choose mail")
    chat.type("状況")
    card = chat.says[0].cards[0]

    assert card.items == (
        "選考の確認：ない",
        "特典の確認：残っている",
        "特典への対応：済ませずに進む",
        "退会の理由：しばらく休みたい",
        "退会のほかの方法：それでも退会する",
        "退会の方法：メールで頼む",
    )
    assert card.note == "いまの段階：失うものの確認"
    assert [move for move in chat.buttons if move.startswith("change")] == [
        "change checking_selection",
        "change checking_reward",
        "change stopping_for_reward",
        "change giving_reason",
        "change considering_alternative",
        "change choosing_method",
    ]


def test_leaving_the_status_changes_nothing(chat: Chat) -> None:
    """「続きに戻る」 leads back to the question that was open."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    before = chat.standing
    chat.type("状況")
    chat.do("back")

    assert chat.standing == before
    assert chat.ids == ["giving_reason"]


def test_status_before_anything_was_started(chat: Chat) -> None:
    """Nothing yet, said so, with the list to start from."""
    chat.type("状況")

    assert chat.ids == ["nothing_started", "choosing_service"]


def test_status_in_the_list_names_the_cases_that_wait(chat: Chat) -> None:
    """Without a case in hand, those begun are named; none of them is forgotten."""
    chat.start("midori-navi")
    chat.do("deny")
    chat.start("aozora-scout")
    chat.do("back")
    assert chat.state == "choosing_service"

    chat.type("状況")

    assert "「みどりナビ」は途中まで進んでいます。" in chat.text
    assert "あおぞらスカウト" not in chat.says[0].text


@pytest.mark.parametrize(
    ("changed", "answer", "state", "answers"),
    [
        (
            "choosing_method",
            "choose phone",
            "following_steps",
            {"choosing_method": "choose phone", "giving_reason": "choose unsaid"},
        ),
        (
            "giving_reason",
            "choose decided_here",
            "following_steps",
            {"choosing_method": "choose mail", "giving_reason": "choose decided_here"},
        ),
        (
            "giving_reason",
            "choose resting",
            "considering_alternative",
            {"giving_reason": "choose resting", "checking_reward": "deny"},
        ),
        (
            "checking_selection",
            "confirm",
            "checking_interview",
            {"checking_selection": "confirm"},
        ),
    ],
    ids=["another method", "a reason that fits", "a reason that asks more", "a new branch"],
)
def test_a_changed_answer_keeps_the_later_ones_that_fit(
    chat: Chat, changed: str, answer: str, state: str, answers: dict[str, str]
) -> None:
    """What still fits is kept; where the new answer asks something more, it is asked."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    chat.type("状況")
    chat.do(f"change {changed}")
    assert chat.state == changed

    chat.do(answer)

    assert chat.ids[0] == "changed"
    assert chat.state == state
    assert answers.items() <= chat.answers.items()


def test_a_changed_answer_prunes_the_abandoned_branch(chat: Chat) -> None:
    """Without a selection, what was answered about the interview is gone, the rest is kept."""
    chat.start("aozora-scout")
    chat.do("confirm", "confirm", "proceed", "deny", "choose unsaid", "choose mail")
    chat.type("状況")
    chat.do("change checking_selection", "deny")

    assert chat.answers == {
        "choosing_service": "choose aozora-scout",
        "checking_selection": "deny",
        "checking_reward": "deny",
        "giving_reason": "choose unsaid",
        "choosing_method": "choose mail",
    }
    assert chat.state == "reviewing_losses"


def test_back_while_changing_leaves_the_answer_as_it_was(chat: Chat) -> None:
    """A change that is not finished is no change."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    before = chat.standing
    chat.type("状況")
    chat.do("change checking_reward")
    chat.type("戻る")

    assert chat.standing == before
    assert chat.state == "following_steps"


@pytest.mark.parametrize("word", ["状況", "データを消す"])
def test_looking_round_while_changing_loses_no_answer(chat: Chat, word: str) -> None:
    """状況 or データを消す in the middle of a change, then back: every answer still stands."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    before = chat.standing
    chat.type("状況")
    chat.do("change checking_reward")
    chat.type(word)
    chat.do("back")

    assert chat.standing == before
    assert chat.state == "following_steps"


def test_login_help_while_changing_loses_no_answer(chat: Chat) -> None:
    """「ログインできない」 answers nothing: the question waits, and so do later answers."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    chat.type("状況")
    chat.do("change choosing_method", "lose_login")
    assert chat.state == "regaining_login"
    assert "changed" not in chat.ids

    chat.do("back")
    assert chat.state == "choosing_method"
    chat.do("choose form")

    assert chat.state == "following_steps"
    assert chat.answers["choosing_method"] == "choose form"


def test_another_answer_can_be_changed_instead(chat: Chat) -> None:
    """Changing one's mind about which answer to change keeps all answers."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    chat.type("状況")
    chat.do("change checking_selection")
    chat.type("状況")
    assert "change choosing_method" in chat.buttons

    chat.do("change choosing_method", "choose phone")

    assert chat.state == "following_steps"
    assert chat.answers["checking_selection"] == "deny"


def test_looking_at_a_letter_while_changing_answers_nothing(chat: Chat) -> None:
    """A letter or a topic is looked at without leaving the question that is being changed."""
    chat.start("hoshi-works")
    chat.do("deny", "confirm", "doubt", "receive", "proceed", "choose unsaid", "proceed")
    take = next(c.press for c in chat.shown if c.press.argument == "hoshi-gift")
    chat.type("状況")
    chat.do("change stopping_for_reward")
    chat.do("receive")
    assert chat.state == "following_steps"

    chat.press(take)
    assert chat.state == "following_steps"
