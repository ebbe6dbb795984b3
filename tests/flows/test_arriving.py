"""Meeting somebody new, and a service named at any time."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import Event, Followed, Sent, Typed
from tests.flows.catalogs import PRIVACY
from tests.flows.chat import TO_REASON, TO_STEPS, Chat

SERVICES = ["aozora-scout", "hoshi-works", "midori-navi", "other"]


@pytest.mark.parametrize(
    "event",
    [Followed(), Typed("こんにちは"), Typed("退会"), Typed("むにゃむにゃ"), Sent("sticker")],
    ids=["follow", "a greeting", "the wish to leave", "anything", "a sticker"],
)
def test_somebody_new_is_greeted_and_shown_the_services(invented: Catalog, event: Event) -> None:
    """A greeting first, the list last, whatever came."""
    chat = Chat(invented)
    chat.hear(event)

    assert chat.ids[0] == "greeting"
    assert chat.ids[-1] == "choosing_service"
    assert chat.buttons == [f"choose {slug}" for slug in SERVICES]


def test_the_greeting_says_what_this_is(invented: Catalog) -> None:
    """Who runs it, that it is neutral, that 退会 here withdraws nobody, what is kept, the page."""
    greeting = Chat(invented).follow()[0].text

    for promised in (
        "試験係",
        "中立",
        "公式ではなく",
        "サービスの退会にはなりません",
        "覚えるのは",
        PRIVACY,
        "データを消す",
    ):
        assert promised in greeting


def test_the_greeting_is_said_once(chat: Chat) -> None:
    """Whoever was greeted is asked, not greeted again."""
    chat.type("こんにちは")
    assert chat.ids == ["choosing_service"]

    chat.follow()
    assert chat.ids == ["choosing_service"]


def test_somebody_new_who_names_a_service_is_not_asked_for_it(invented: Catalog) -> None:
    """The greeting, then the first question about the service that was named."""
    chat = Chat(invented)
    chat.type("みどりナビを退会したい")

    assert chat.ids == ["greeting", "notice", "checking_selection"]


@pytest.mark.parametrize("path", [(), ("deny",), TO_REASON, TO_STEPS, (*TO_STEPS, "finish")])
@pytest.mark.parametrize("name", ["みどりナビ", "ミドリナビ", "midorinavi", "みどりなび"])
def test_a_service_named_at_any_time_starts_it(
    chat: Chat, path: tuple[str, ...], name: str
) -> None:
    """In any question of another service; the answers given there wait."""
    chat.start("aozora-scout")
    chat.do(*path)
    waiting = chat.conversation.trail
    chat.type(name)

    assert chat.ids == ["notice", "checking_selection"]
    assert chat.conversation.service == "midori-navi"
    assert chat.conversation.cases["aozora-scout"] == waiting


def test_a_misspelt_service_is_understood(chat: Chat) -> None:
    """Mistakes known from the file, and typos, lead to the same place."""
    for name in ("あおぞらスカート", "あおぞらスカウド"):
        chat.type("最初から")
        chat.type(name)
        assert chat.conversation.service == "aozora-scout"


def test_a_doubtful_name_asks_back(chat: Chat) -> None:
    """What the name is, and where each meaning leads."""
    chat.type("あおぞらアイディー")

    assert chat.ids == ["lookalike:aozora_id", "telling_apart"]
    assert chat.says[0].facts == ("aozora-scout.id_is_other",)
    assert chat.labels == [
        "スカウトの退会に進む",
        "IDだけやめたい",
        "青空文庫のこと",
        "サービス一覧に戻る",
    ]


def test_each_meaning_of_a_doubtful_name_leads_on(chat: Chat) -> None:
    """To the service with its methods first, to the path for any other, to another look-alike."""
    chat.type("あおぞらアイディー")
    chat.do("ask_back aozora-scout/aozora_bunko")
    assert chat.ids[0] == "lookalike:aozora_bunko"
    chat.do("back")
    assert chat.state == "choosing_service"

    chat.type("あおぞらアイディー")
    chat.do("choose aozora-scout/aozora_id", *TO_REASON, "choose unsaid")
    assert chat.turn.methods == ["form", "mail", "phone"]

    chat.type("あおぞらアイディー")
    chat.do("choose other")
    assert chat.conversation.service == "other"


def test_a_doubtful_name_waits_for_no_case(chat: Chat) -> None:
    """Asked back in the middle of a case, and answered: the question is over and done with."""
    chat.start("aozora-scout")
    chat.do(*TO_STEPS)
    chat.type("あおぞらアイディー")
    chat.do("choose aozora-scout/aozora_id")
    assert chat.ids == ["resumed", "following_steps"]

    chat.do("finish", "finish", "choose_other")
    assert chat.state == "choosing_service"


def test_two_services_at_once_are_asked_which_first(chat: Chat) -> None:
    """Both are offered, in the order named."""
    chat.type("みどりナビとほしワークスを退会したい")

    assert chat.state == "telling_apart"
    assert chat.buttons == ["choose midori-navi", "choose hoshi-works", "back"]
    chat.do("choose hoshi-works")
    assert chat.conversation.service == "hoshi-works"


def test_a_service_without_a_file_gets_the_general_path(chat: Chat) -> None:
    """Said to be general, not refused."""
    chat.type("その他")

    assert chat.conversation.service == "other"
    assert chat.state == "checking_selection"


def test_the_first_question_comes_with_what_has_to_be_known(chat: Chat) -> None:
    """What the service is, how old the material is, and how long this takes."""
    chat.start("aozora-scout")

    assert chat.ids == ["notice", "checking_selection"]
    assert chat.says[0].text.startswith("【あおぞらスカウト】")
    assert chat.says[0].facts == ("aozora-scout.dated",)
    assert "約1分" in chat.says[0].text


def test_the_services_own_data_can_be_named_with_the_service(chat: Chat) -> None:
    """「…の個人情報を消したい」 starts that service with that reason."""
    chat.type("あおぞらスカウトの個人情報を削除してほしい")

    assert chat.ids == ["means_service", "notice", "checking_selection"]
    assert chat.conversation.service == "aozora-scout"
    chat.do(*TO_REASON)
    assert chat.state == "choosing_method"
    assert chat.turn.reason == "erase_data"


def test_adding_the_account_again_loses_nothing(chat: Chat) -> None:
    """Somebody in the middle of a case is shown the question that is open."""
    chat.start("aozora-scout")
    chat.do("deny")
    before = chat.standing
    chat.follow()

    assert chat.ids == ["reward", "checking_reward"]
    assert chat.standing == before
