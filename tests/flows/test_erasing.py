"""データを消す: asked once, done at once; the service's own data is something else."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import Conversation
from flows.turn import ERASE_DATA
from tests.flows.chat import TO_REASON, TO_STEPS, Chat

PLACES = {
    "the list": (),
    "a question": ("aozora-scout",),
    "the reason": ("aozora-scout", *TO_REASON),
    "the steps": ("aozora-scout", *TO_STEPS),
    "login help": ("aozora-scout", "lose_login"),
}


def go(chat: Chat, moves: tuple[str, ...]) -> None:
    """Start the service named first, if any, and make the moves after it."""
    if moves:
        chat.start(moves[0])
        chat.do(*moves[1:])


@pytest.mark.parametrize("place", PLACES)
def test_it_asks_once_and_says_what_it_does_not_do(chat: Chat, place: str) -> None:
    """What this account keeps goes; the registration with the service does not."""
    go(chat, PLACES[place])
    chat.type("データを消す")

    assert chat.state == "confirming_erasure"
    assert chat.buttons == ["agree", "mean_service", "back"]
    assert "転職サービス側の登録や個人情報は消えません" in chat.text
    assert not chat.forgotten


@pytest.mark.parametrize("place", PLACES)
def test_agreeing_forgets_the_person(chat: Chat, place: str) -> None:
    """One tap later nothing is remembered, and the answer says so."""
    go(chat, PLACES[place])
    chat.type("データを消す")
    chat.do("agree")

    assert chat.forgotten
    assert chat.ids == ["erased"]


def test_the_second_tap_of_a_double_tap_remembers_nobody(chat: Chat) -> None:
    """Tapping the button again, when all is gone, is answered the same and keeps nothing."""
    chat.start("aozora-scout")
    chat.type("データを消す")
    agree = chat.button("agree")
    chat.press(agree)
    chat.press(agree)

    assert chat.forgotten
    assert chat.ids == ["erased"]


def test_an_old_button_does_not_erase(chat: Chat) -> None:
    """Whoever answered やめる is asked again before anything is forgotten."""
    chat.start("aozora-scout")
    chat.type("データを消す")
    agree = chat.button("agree")
    chat.do("back")
    chat.press(agree)

    assert not chat.forgotten
    assert chat.state == "checking_selection"


@pytest.mark.parametrize("place", PLACES)
def test_stopping_leads_back_to_the_question(chat: Chat, place: str) -> None:
    """「やめる」 leaves everything as it was."""
    go(chat, PLACES[place])
    before, state = chat.standing, chat.state
    chat.type("データを消す")
    chat.do("back")

    assert (chat.standing, chat.state) == (before, state)


def test_it_works_while_looking_at_the_status(chat: Chat) -> None:
    """The words that always work do so in 状況 and in データを消す too."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    before = chat.standing
    chat.type("状況")
    chat.type("データを消す")
    assert chat.state == "confirming_erasure"

    chat.type("状況")
    assert chat.state == "reviewing_answers"

    chat.do("back")
    assert chat.standing == before


def test_the_services_own_data_leads_to_that_reason(chat: Chat) -> None:
    """The reason 「個人情報を消したい」 is taken as given, and its method comes first."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    chat.type("データを消す")
    chat.do("mean_service")

    assert chat.ids[0] == "means_service"
    assert chat.turn.reason == "erase_data"
    assert chat.state == "choosing_method"
    assert chat.turn.methods[0] == "form"


def test_it_is_remembered_until_the_reason_would_be_asked(chat: Chat) -> None:
    """Said before any service was named, or before the reason: it is not asked again."""
    chat.type("データを消す")
    chat.do("mean_service")
    assert chat.state == "choosing_service"

    chat.start("aozora-scout")
    chat.do("deny", "deny")

    assert chat.state == "choosing_method"
    assert chat.turn.reason == "erase_data"


def test_another_reason_given_before_gives_way(chat: Chat) -> None:
    """Whoever gave a reason and now means the service's data has the newer one."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    assert chat.turn.reason == "unsaid"

    chat.type("データを消す")
    chat.do("mean_service")

    assert chat.turn.reason == "erase_data"
    assert chat.state == "choosing_method"
    assert chat.turn.methods[0] == "form"


def test_a_reason_known_from_the_job_gives_way(chat: Chat) -> None:
    """The same for a reason that was not given but followed from how the job was found."""
    chat.start("hoshi-works")
    chat.do("deny", "confirm", "deny")
    assert chat.turn.reason == "decided_elsewhere"

    chat.type("データを消す")
    chat.do("mean_service")

    assert chat.turn.reason == "erase_data"


def test_every_service_knows_that_reason(catalog: Catalog) -> None:
    """What is promised above is kept by each file."""
    assert [slug for slug, s in catalog.services.items() if ERASE_DATA not in s.reasons] == []


@pytest.mark.parametrize("text", ["1", "２", "③", "1番", "一つ目"])
def test_a_number_right_after_erasing_begins_no_service(chat: Chat, text: str) -> None:
    """No list was shown since: it is shown now, and only then the number counts."""
    chat.start("aozora-scout")
    chat.type("データを消す")
    chat.do("agree")
    chat.type(text)

    assert chat.ids == ["greeting", "choosing_service"]
    assert (chat.conversation.service, chat.conversation.misses) == ("", 0)
    chat.type(text)
    assert chat.state == "checking_selection"


def test_nothing_is_left_that_could_be_told_from_nobody(chat: Chat) -> None:
    """Somebody forgotten who writes again is greeted like anybody new."""
    chat.start("aozora-scout")
    chat.do(*TO_REASON)
    chat.type("データを消す")
    chat.do("agree")
    chat.type("こんにちは")

    assert chat.ids[0] == "greeting"
    assert chat.standing == Chat(chat.catalog, conversation=Conversation()).standing
