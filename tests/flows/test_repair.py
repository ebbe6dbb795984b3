"""Words that mean nothing here, numbers, labels."""

from __future__ import annotations

import itertools

import pytest

from tests.flows.chat import TO_REASON, TO_STEPS, Chat

NONSENSE = "むにゃむにゃ"


@pytest.mark.parametrize(
    ("slug", "moves"),
    [("", ()), ("aozora-scout", ()), ("aozora-scout", TO_REASON), ("aozora-scout", TO_STEPS)],
    ids=["the list", "the first question", "the reason", "the steps"],
)
def test_ten_misses_never_get_the_same_answer_twice_in_a_row(
    chat: Chat, slug: str, moves: tuple[str, ...]
) -> None:
    """Other words, then examples, then a way out, then by turns; always with the choices."""
    if slug:
        chat.start(slug)
        chat.do(*moves)
    standing = chat.standing
    offered = {move for move in chat.buttons if not move.startswith("choose_")}
    answers, first = [], []
    for _ in range(10):
        chat.type(NONSENSE)
        answers.append(tuple(say.text or say.id for say in chat.says))
        first.append(chat.ids[0])
        assert chat.standing == standing
        assert offered <= set(chat.buttons)

    assert all(one != two for one, two in itertools.pairwise(answers))
    assert first[:3] == ["miss_1", "miss_2", "miss_3"]
    assert set(first[3:]) == {"miss_4", "miss_5"}


def test_repair_goes_from_other_words_to_a_way_out(chat: Chat) -> None:
    """First the question in other words, then as it was asked with examples, then 最初から."""
    chat.start("aozora-scout")
    text = chat.catalog.texts["checking_selection"]
    again = text.again.replace("{service}", "あおぞらスカウト")
    asked = text.say.replace("{service}", "あおぞらスカウト")

    assert chat.type(NONSENSE)[-1].text == again
    assert chat.type(NONSENSE)[-1].text == asked
    assert "番号" in chat.says[0].text
    assert "最初から" in chat.type(NONSENSE)[-1].text


def test_being_understood_ends_the_count(chat: Chat) -> None:
    """The next miss is a first one again."""
    chat.start("aozora-scout")
    chat.type(NONSENSE)
    chat.type(NONSENSE)
    chat.do("deny")
    chat.type(NONSENSE)

    assert chat.ids[0] == "miss_1"
    assert chat.conversation.misses == 1


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("1", "checking_reward"),
        ("２", "checking_interview"),
        ("③", "handling_selection"),
        ("4番", "regaining_login"),
        ("ない", "checking_reward"),
        ("ある", "checking_interview"),
        ("わからない", "handling_selection"),
        ("ログインできない", "regaining_login"),
    ],
)
def test_numbers_and_labels_answer(chat: Chat, typed: str, state: str) -> None:
    """A number stands for the choice in that place, a label for itself."""
    chat.start("aozora-scout")
    chat.type(typed)

    assert chat.state == state


def test_a_number_beyond_the_choices_is_a_miss(chat: Chat) -> None:
    """There is no fifth choice, and 戻る carries no number."""
    chat.start("aozora-scout")
    assert len(chat.says[-1].choices) == 5

    chat.type("5")

    assert chat.ids == ["miss_1", "checking_selection"]


def test_numbers_mean_what_is_shown_now(chat: Chat) -> None:
    """The same 1 is another answer in the next question."""
    chat.type("1")
    assert chat.conversation.service == "aozora-scout"
    chat.type("1")
    assert chat.answers["checking_selection"] == "deny"
    chat.type("1")
    assert chat.answers["checking_reward"] == "deny"


def test_a_whole_withdrawal_can_be_typed(chat: Chat) -> None:
    """From the name to the message without one button."""
    for words in ("あおぞらスカウト", "ない", "残っていない", "その他・答えない", "1", "次へ"):
        chat.type(words)

    assert chat.state == "following_steps"
    assert chat.answers["choosing_method"] == "choose mail"


@pytest.mark.parametrize("typed", ["わからない", "よく分かりません", "うーん"])
@pytest.mark.parametrize(
    "moves",
    [
        (),
        ("confirm",),
        (*TO_REASON, "choose too_many_contacts"),
        (*TO_REASON, "choose too_many_contacts", "choose pause"),
        (*TO_REASON, "choose unsaid"),
        (*TO_REASON, "choose unsaid", "choose mail"),
        (*TO_STEPS, "report_stuck"),
        (*TO_STEPS, "report_stuck", "choose 1"),
    ],
    ids=["list", "interview", "alternatives", "trying", "methods", "losses", "stuck", "help"],
)
def test_not_knowing_what_to_answer_is_no_miss(
    chat: Chat, moves: tuple[str, ...], typed: str
) -> None:
    """Where no button says わからない, it asks for help: how to go on, and the question anew."""
    if moves:
        chat.start("aozora-scout")
        chat.do(*moves)
    state, standing = chat.state, chat.standing
    chat.type("むにゃむにゃ")
    chat.type(typed)

    assert chat.ids == ["help", state]
    assert chat.standing == standing
    assert chat.conversation.misses == 0


def test_help_says_which_words_work(chat: Chat) -> None:
    """All the words that always work, and the question again."""
    chat.start("aozora-scout")
    before = chat.standing
    chat.type("ヘルプ")

    for word in ("戻る", "状況", "最初から", "データを消す"):
        assert word in chat.says[0].text
    assert chat.ids == ["help", "checking_selection"]
    assert chat.standing == before
