"""What people see and tap is what LINE would show and send."""

from __future__ import annotations

import pytest

from bot.simulator.chat import CannotTapError
from bot.simulator.people import Person
from bot.simulator.screen import received
from bot.simulator.session import Session
from bot.simulator.terminal.view import choices


def test_a_tap_sends_the_postback_and_shows_its_label_as_ones_own(hanako: Person) -> None:
    """The displayText is drawn in the chat and not sent, as on LINE."""
    hanako.follow()

    turn = hanako.tap("ある")

    assert turn is not None
    assert turn.events[0]["postback"]["data"].startswith("1||choosing_service|confirm|")
    assert (hanako.seen[-2].mine, hanako.seen[-2].text) == (True, "ある")
    assert [message.text for message in hanako.answer] == ["はい1"]


def test_quick_replies_are_gone_after_a_newer_message(hanako: Person) -> None:
    """They belong to the newest message only; a tap on them later is impossible."""
    hanako.follow()
    assert [button.label for button in hanako.quick_replies] == ["ない", "ある", "戻る"]

    hanako.say("だまって")

    assert hanako.quick_replies == ()
    with pytest.raises(CannotTapError, match="ない"):
        hanako.tap("ない")


def test_quick_replies_are_gone_after_a_tap_even_without_an_answer(
    session: Session, hanako: Person
) -> None:
    """LINE takes them away at once."""
    hanako.follow()
    hanako.tap("戻る")

    assert hanako.quick_replies == ()


def test_buttons_of_a_card_stay_for_ever(hanako: Person) -> None:
    """An old one is tapped on purpose, by the id of its message or by words in it."""
    hanako.say("一回目")
    hanako.say("二回目")
    hanako.follow()

    hanako.tap("はい", of="panel")
    assert [message.text for message in hanako.answer] == ["2"]
    hanako.tap("はい", of=hanako.seen[2].id)
    assert [message.text for message in hanako.answer] == ["1"]
    hanako.tap("はい", of="次のとおりです")
    assert [message.text for message in hanako.answer] == ["2"]


def test_an_old_button_is_not_tapped_by_accident(hanako: Person) -> None:
    """Without saying which message, only the latest answer counts; the complaint tells where."""
    hanako.say("やあ")
    hanako.follow()

    with pytest.raises(CannotTapError, match="前のメッセージ panel"):
        hanako.tap("はい")


def test_the_latest_answer_stays_tappable_after_silence(hanako: Person) -> None:
    """Something that got no answer does not make the last card an old one."""
    hanako.say("やあ")
    hanako.duplicate()

    assert hanako.answer == ()
    assert hanako.tap("はい") is not None


def test_a_label_that_is_there_twice_is_not_guessed(hanako: Person) -> None:
    """Two buttons that read alike and do different things: nobody can say which is meant."""
    twice = [
        {"type": "button", "action": {"type": "postback", "label": "はい", "data": data}}
        for data in "ab"
    ]
    contents = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": twice}}
    hanako.follow()
    hanako.show(received("1", {"type": "flex", "contents": contents}, hanako.seen[0].at))

    with pytest.raises(CannotTapError, match="2つ"):
        hanako.tap("はい")


def test_of_several_that_read_alike_one_is_tapped_by_its_place(hanako: Person) -> None:
    """Cards in a row all read the same: the second is the second from the top."""
    hanako.say("えらんで")

    hanako.tap("これにする", nth=2)
    assert [message.text for message in hanako.answer] == ["みかん"]
    hanako.tap("これにする", of="cards", nth=1)
    assert [message.text for message in hanako.answer] == ["りんご"]
    with pytest.raises(CannotTapError, match="2つで、3番目はありません"):
        hanako.tap("これにする", of="cards", nth=3)


def test_a_message_nobody_got_cannot_be_tapped(hanako: Person) -> None:
    """The complaint lists what did arrive."""
    hanako.follow()

    with pytest.raises(CannotTapError, match="届いたもの: welcome"):
        hanako.tap("はい", of="panel")


def test_copying_and_opening_tell_the_bot_nothing(session: Session, hanako: Person) -> None:
    """No webhook; the text is on the clipboard, the links are noted and not opened."""
    hanako.say("やあ")
    before = len(session.journal.turns)

    assert hanako.tap("文面をコピー") is None
    assert hanako.tap("電話する") is None
    assert hanako.tap("ページを開く") is None

    assert hanako.clipboard == "退会します。【お名前】"
    assert hanako.opened == ["tel:0120000000", "https://example.jp/leave"]
    assert len(session.journal.turns) == before


def test_a_double_tap_is_two_events_in_one_webhook(hanako: Person) -> None:
    """With the same data and ids of their own, before any answer can be there."""
    hanako.follow()

    turn = hanako.tap("ある", times=2)

    assert turn is not None
    assert len({event["webhookEventId"] for event in turn.events}) == 2
    assert len({event["postback"]["data"] for event in turn.events}) == 1
    assert [message.text for message in hanako.answer] == ["はい1", "はい1"]


def test_a_forged_button_reaches_the_bot_as_it_is(hanako: Person) -> None:
    """Whatever data somebody makes up."""
    hanako.postback("1|nothing|of|the|sort")

    assert [message.say_id for message in hanako.answer] == ["sent:unknown_button"]


def test_a_card_is_read_from_top_to_bottom(hanako: Person) -> None:
    """Its text in lines, its items with their numbers, its buttons apart."""
    hanako.say("やあ")
    panel = hanako.answer[1]

    assert panel.text.splitlines() == [
        "ご案内",
        "次のとおりです",
        "1 一つめ",
        "2 二つめ",
        "1 ない",
        "2 ある",
    ]
    assert [button.label for button in panel.buttons] == [
        "はい",
        "文面をコピー",
        "電話する",
        "ページを開く",
    ]


def test_numbers_follow_the_bots_own_numbering(hanako: Person) -> None:
    """What the message calls 1 and 2 comes first; going back and cards come behind."""
    hanako.say("やあ")

    assert [button.label for _, button in choices(hanako)] == [
        "ない",
        "ある",
        "戻る",
        "はい",
        "文面をコピー",
        "電話する",
        "ページを開く",
    ]


def test_a_menu_keeps_the_bots_numbers_and_its_rows_can_be_read(hanako: Person) -> None:
    """Where many answers become rows of a card, the way back still comes behind them."""
    hanako.say("たくさん")

    labels = [button.label for _, button in choices(hanako)]
    assert labels == ["0番", "1番", "2番", "3番", "4番", "5番", "戻る"]
    assert hanako.answer[0].text.splitlines() == [
        "どれですか",
        *(f"{place + 1} {label}" for place, label in enumerate(labels[:-1])),
    ]


def test_nothing_is_taken_back_or_repeated_before_something_was_done(hanako: Person) -> None:
    """There is nothing to unsend, duplicate or redeliver yet."""
    for too_early in (hanako.unsend, hanako.duplicate, hanako.redeliver):
        with pytest.raises(LookupError):
            too_early()
