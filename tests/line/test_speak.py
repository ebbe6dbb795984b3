"""What the flow says, as messages: nothing lost, nothing given away, nothing LINE refuses."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.messaging import Message as SdkMessage

from bot.line.limits import broken
from bot.line.postback import decode, encode
from bot.line.speak import Wording, speak
from flows.conversation import Card, Choice, Copy, Link, Pressed, Say
from tests.line.says import PANEL, QUESTION, SAYS, SERVICES, STEPS, TURN, WORDING, choice
from tests.line.tree import actions, texts
from tests.line.unhurried import UNHURRIED_FEW


def one(say: Say, wording: Wording = WORDING) -> dict[str, Any]:
    [message] = speak([say], wording)
    return message


def test_a_bubble_is_a_text_message() -> None:
    """Words without choices go out as they are."""
    assert one(Say("recap", text="おかえりなさい。")) == {
        "type": "text",
        "text": "おかえりなさい。",
    }


def test_choices_are_buttons_and_numbers() -> None:
    """Quick replies for the phone; numbers in the text for a computer, and after they are gone."""
    assert one(QUESTION)["text"] == (
        "いま選考中の応募はありますか？\n\n番号でも選べます。\n1 ない\n2 ある"
    )
    assert one(QUESTION)["quickReply"]["items"] == [
        {
            "type": "action",
            "action": {
                "type": "postback",
                "label": label,
                "data": encode(each.press),
                "displayText": label,
            },
        }
        for label, each in zip(("ない", "ある", "戻る"), QUESTION.choices, strict=True)
    ]


def test_without_a_lead_the_numbers_stand_alone() -> None:
    """The line above the numbers is the writers' to leave out."""
    message = one(QUESTION, Wording("ご案内があります"))

    assert message["text"] == "いま選考中の応募はありますか？\n\n1 ない\n2 ある"


def test_going_back_alone_needs_no_numbers() -> None:
    """A list of nothing would only be a puzzle."""
    message = one(Say("x", text="どうぞ。", choices=(choice("戻る", "back"),)))

    assert message["text"] == "どうぞ。"
    assert len(message["quickReply"]["items"]) == 1


def test_numbers_skip_going_back_wherever_it_stands() -> None:
    """The second answer is 2, also with the way back between them."""
    say = Say("x", text="？", choices=(choice("甲"), choice("戻る", "back"), choice("乙")))

    assert one(say)["text"].endswith("1 甲\n2 乙")


def test_one_card_is_a_bubble_and_several_are_a_row() -> None:
    """A panel, or panels side by side."""
    assert one(PANEL)["contents"]["type"] == "bubble"
    assert one(SERVICES)["contents"]["type"] == "carousel"
    assert len(one(SERVICES)["contents"]["contents"]) == 3


def test_a_card_reads_from_top_to_bottom_as_it_was_written() -> None:
    """A screen reader follows the order of the JSON: every word is there, once, in order."""
    assert texts(one(PANEL)["contents"]) == [
        STEPS.title,
        STEPS.text,
        *(read for number, step in enumerate(STEPS.items, 1) for read in (str(number), step)),
        STEPS.note,
        *(button.label for button in STEPS.buttons),
        "番号でも選べます。\n1 送りました\n2 まだです",
    ]


def test_a_dotted_list_reads_without_its_dots() -> None:
    """A written dot would be spoken before every line."""
    message = one(Say("x", cards=(Card("失うもの", items=("応募履歴", "ポイント")),)))

    assert texts(message["contents"]) == ["失うもの", "応募履歴", "ポイント"]


def test_in_a_row_of_cards_the_numbers_stand_on_the_last() -> None:
    """Next to the quick replies, wherever the person has swiped to."""
    say = Say("x", cards=SERVICES.cards, choices=QUESTION.choices)

    *others, last = one(say)["contents"]["contents"]

    assert texts(last)[-1] == "番号でも選べます。\n1 ない\n2 ある"
    assert all("1 ない" not in text for bubble in others for text in texts(bubble))


def test_each_button_does_what_it_says() -> None:
    """Dial, copy and open; a number without hyphens, an address percent-encoded once."""
    assert actions(one(Say("x", cards=(STEPS,)))) == [
        {
            "type": "clipboard",
            "label": "文面をコピー",
            "clipboardText": "退会を希望します。\n氏名：【　】",
        },
        {"type": "uri", "label": "電話する", "uri": "tel:0120000000"},
        {
            "type": "uri",
            "label": "公式の退会フォームを開く（外部サイト）",
            "uri": "https://example.jp/%E9%80%80%E4%BC%9A?a=b%20c#d",
        },
    ]


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://example.jp/退 会", "https://example.jp/%E9%80%80%20%E4%BC%9A"),
        ("https://example.jp/%E9%80%80?a=1&b=[2]#c", "https://example.jp/%E9%80%80?a=1&b=[2]#c"),
        ("https://example.jp/100%", "https://example.jp/100%25"),
        ("https://example.jp/%zz%2f", "https://example.jp/%25zz%2f"),
    ],
)
def test_an_address_is_percent_encoded_exactly_once(url: str, uri: str) -> None:
    """LINE wants ASCII; what the writer pasted from a browser is encoded already."""
    [made] = actions(one(Say("x", cards=(Card("x", buttons=(Link("開く", url),)),))))

    assert made["uri"] == uri


def test_a_choice_on_a_card_comes_back_as_its_press() -> None:
    """And stays in the chat as what the person said."""
    press = Pressed("example-navi", "confirming", "leave", "", 9)
    say = Say("x", cards=(Card("確認", buttons=(Choice("退会の準備をする", press),)),))

    [made] = actions(one(say))

    assert decode(str(made["data"])) == press
    assert made["displayText"] == made["label"] == "退会の準備をする"


@pytest.mark.parametrize(("length", "offered"), [(1_000, 1), (1_001, 0), (500, 1)])
def test_a_text_too_long_for_the_clipboard_has_no_copy_button(length: int, offered: int) -> None:
    """LINE copies 1,000 UTF-16 units; the bubble beside the card holds the text in any case."""
    say = Say("x", cards=(Card("文面", buttons=(Copy("コピー", "あ" * length),)),))

    assert len(actions(one(say))) == offered
    assert broken(one(say)) == []


def test_the_clipboard_counts_an_emoji_as_two() -> None:
    """501 of them are 1,002 units, though Python counts 501."""
    say = Say("x", cards=(Card("文面", buttons=(Copy("コピー", "😀" * 501),)),))

    assert actions(one(say)) == []


@given(SAYS)
@UNHURRIED_FEW
def test_a_notification_gives_nothing_away(say: Say) -> None:
    """Whatever a card holds, a lock screen shows the same few words."""
    message = one(say)

    assert message["type"] == "text" or message["altText"] == WORDING.alt_text


def test_words_and_cards_in_one_message_are_refused() -> None:
    """One of the two would be lost without anybody noticing."""
    with pytest.raises(ValueError, match="checking_selection: one message"):
        speak([Say("checking_selection", text="？", cards=(STEPS,))], WORDING)


def test_a_turn_is_one_message_each_in_order() -> None:
    """And LINE takes it whole."""
    messages = speak(TURN, WORDING)

    assert [message["type"] for message in messages] == ["text", "flex", "flex"]
    assert broken(messages) == []


@given(st.lists(SAYS, min_size=1, max_size=5))
@UNHURRIED_FEW
def test_whatever_is_said_within_the_counts_line_takes_it(says: list[Say]) -> None:
    """No combination of a card's parts makes a message with a fault of its own."""
    alone = [broken(message) for message in speak(says, WORDING)]

    assert alone == [[]] * len(says)


@given(SAYS)
@UNHURRIED_FEW
def test_the_sdk_knows_every_key_and_value(say: Say) -> None:
    """LINE's own models drop what they do not know and refuse a wrong enum: nothing changes."""
    message = one(say)

    assert SdkMessage.from_dict(message).to_dict() == message


@given(SAYS)
@UNHURRIED_FEW
def test_messages_survive_json(say: Say) -> None:
    """They are kept as bytes until they are sent."""
    message = one(say)

    assert orjson.loads(orjson.dumps(message)) == message
