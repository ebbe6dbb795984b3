"""A reason told before it is asked for: heard at once, and not asked again."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import Answer
from flows.turn import ERASE_DATA
from tests.flows.chat import TO_REASON, Chat

SAID = "電話がしつこい"
REASON = "too_many_contacts"


def ways(chat: Chat) -> int:
    """How many questions lie between the service's name and the steps, by the same answers."""
    chat.start("aozora-scout")
    taps = 0
    while chat.state != "following_steps":
        for move in ("deny", f"choose {ERASE_DATA}", "choose form", "proceed"):
            if move in chat.buttons:
                chat.do(move)
                break
        taps += 1
    return taps


def told_count(chat: Chat) -> int:
    """The number of questions that is announced."""
    sentence = chat.says[0].text.splitlines()[-1]
    return int("".join(filter(str.isdecimal, sentence.split("つ")[0])))


@pytest.mark.parametrize("text", [SAID, f"{SAID}です", f"{SAID}ので退会したい", "連絡・通知が多い"])
def test_it_is_heard_in_the_list_of_services(chat: Chat, text: str) -> None:
    """In the words of the button or others for it; the list stays, and it is no miss."""
    chat.type(text)

    assert chat.ids == ["means_reason", "choosing_service"]
    assert "「連絡・通知が多い」" in chat.says[0].text
    assert chat.conversation.meant == REASON
    assert chat.conversation.misses == 0


def test_it_is_not_asked_again(chat: Chat) -> None:
    """Where the question would be asked it is answered, and what follows suits it."""
    chat.type(SAID)
    chat.start("aozora-scout")
    chat.do(*TO_REASON)

    assert chat.state == "considering_alternative"
    assert chat.answers["giving_reason"] == f"choose {REASON}"
    assert chat.conversation.meant == ""


@pytest.mark.parametrize(
    "moves", [(), ("confirm",), ("doubt",)], ids=["selection", "interview", "letters"]
)
def test_it_is_heard_before_the_reward_too(chat: Chat, moves: tuple[str, ...]) -> None:
    """The question in hand is asked again, and nothing answered is lost."""
    chat.start("aozora-scout")
    chat.do(*moves)
    state, answers = chat.state, chat.answers
    chat.type(SAID)

    assert chat.ids == ["means_reason", state]
    assert (chat.state, chat.answers) == (state, answers)


def test_at_the_reward_the_same_words_speak_of_points(chat: Chat) -> None:
    """「もう使わない」 is no reason there."""
    chat.start("aozora-scout")
    chat.do("deny")
    chat.type("もう使わない")

    assert "means_reason" not in chat.ids
    assert chat.conversation.meant == ""


def test_the_newer_one_counts(chat: Chat) -> None:
    """Whoever tells another reason before it is asked for has changed their mind."""
    chat.start("aozora-scout")
    chat.type(SAID)
    chat.type("しばらく休みたい")
    chat.do(*TO_REASON)

    assert chat.answers["giving_reason"] == "choose resting"


def test_it_can_be_taken_back(chat: Chat) -> None:
    """戻る asks for the reason, and 状況 changes it, like one that was tapped."""
    chat.type(SAID)
    chat.start("aozora-scout")
    chat.do(*TO_REASON, "back")
    assert chat.state == "giving_reason"

    chat.do("choose unsaid")
    chat.type("状況")
    assert "退会の理由：その他・答えない" in chat.text
    assert "change giving_reason" in chat.buttons


def test_while_an_answer_is_changed_it_takes_the_place_of_the_older(chat: Chat) -> None:
    """Told at a question that is asked anew; what follows from it is shown."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON, "choose unsaid", "choose mail")
    chat.type("状況")
    chat.do("change checking_selection")
    chat.type("しばらく休みたい")
    assert chat.ids == ["means_reason", "checking_selection"]
    chat.do("deny")

    assert chat.answers["giving_reason"] == "choose resting"
    assert chat.state == "considering_alternative"


def test_a_tap_made_before_it_is_given_counts(chat: Chat) -> None:
    """Told in one case while another waits at the question: there too it is known, and the next
    tap leads on."""
    chat.start("midori-navi")
    chat.do("deny")
    assert chat.state == "giving_reason"
    chat.start("aozora-scout")
    chat.type(SAID)
    chat.start("midori-navi")
    assert chat.state == "reviewing_losses"
    chat.do("proceed")

    assert chat.state == "following_steps"
    assert chat.answers["giving_reason"] == f"choose {REASON}"


def test_it_is_of_one_case_alone(chat: Chat) -> None:
    """The next service asks its own question: 「ここで決まった」 is not true of two."""
    chat.start("aozora-scout")
    chat.type(SAID)
    chat.do(*TO_REASON)
    chat.start("midori-navi")
    chat.do("deny")

    assert chat.state == "giving_reason"
    assert chat.says[-1].id == "giving_reason"


def test_a_reason_the_service_does_not_know_is_another_one(chat: Chat) -> None:
    """Who has said why is not asked why, though this service has nothing to say to it."""
    unknown = set(chat.catalog.reasons) - set(chat.catalog.services["aozora-scout"].reasons)
    reason = "no_scouts"
    assert reason in unknown
    chat.type(chat.catalog.reasons[reason])
    chat.start("aozora-scout")
    chat.do(*TO_REASON)

    assert chat.answers["giving_reason"] == "choose unsaid"
    assert chat.state == "choosing_method"


def test_a_wish_to_erase_is_not_given_up_for_another_reason(chat: Chat) -> None:
    """It was promised to be the reason, for every service."""
    chat.type("個人情報を消したい")
    chat.start("aozora-scout")
    chat.type(SAID)

    assert chat.conversation.meant == ERASE_DATA


def test_the_answer_to_its_own_question_is_no_early_reason(chat: Chat) -> None:
    """At the question itself the words are its answer."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    chat.type(SAID)

    assert chat.conversation.trail[-1] == Answer("giving_reason", "choose", REASON)
    assert "means_reason" not in chat.ids


def test_no_word_of_a_reason_is_lost_on_the_way(real: Catalog) -> None:
    """Every word listed for a reason is heard in the list of services, or means more there."""
    elsewhere = {"unsaid", ERASE_DATA}
    for reason, words in real.words.said_for["giving_reason"].items():
        for word in words if reason not in elsewhere else ():
            person = Chat(real)
            person.follow()
            person.type(word)

            assert person.conversation.meant == reason, word


@pytest.mark.parametrize(
    "before", ["", SAID, "個人情報を消したい"], ids=["nothing", "a reason", "erasing"]
)
def test_a_reason_told_early_is_one_question_fewer(newcomer_of_real: Chat, before: str) -> None:
    """The announced number of questions goes down by one, for the reason is not asked."""
    person = newcomer_of_real
    if before:
        person.type(before)
    for slug, most in (("yakukyari", 5), ("hataractive", 4)):
        person.start(slug)

        assert told_count(person) == most - bool(before)


def test_there_is_truly_one_question_fewer(chat: Chat) -> None:
    """With the same answers to all others."""
    asked = ways(chat)
    early = Chat(chat.catalog)
    early.follow()
    early.type("個人情報を消したい")

    assert ways(early) == asked - 1


@pytest.fixture
def newcomer_of_real(real: Catalog) -> Chat:
    """Somebody who talks about the shipped services, and was greeted before."""
    person = Chat(real)
    person.follow()
    return person
