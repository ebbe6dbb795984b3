"""Every kind of message we send, and LINE's templates, as a reader sees them."""

from __future__ import annotations

import json

from bot.line.speak import Wording, speak
from bot.simulator.render.message import Html, render, render_quick_replies
from bot.simulator.render.static_page import page
from flows.conversation import Call, Card, Choice, Copy, Link, Pressed, Say

from .markup import read

PRESS = Pressed("yakukyari", "checking_selection", "deny", turn=3)
WORDING = Wording(alt_text="ご案内があります")


def test_a_text_keeps_its_line_breaks_and_spaces() -> None:
    """Letters are laid out with line breaks: losing one would change what people copy."""
    drawn = read(render({"type": "text", "text": "一行目\n\n  三行目"}))
    assert drawn.text == "一行目\n\n  三行目"
    assert "bubble" in drawn.classes()


def test_a_web_address_in_a_text_can_be_tapped_without_the_brackets_around_it() -> None:
    """LINE makes addresses tappable, and Japanese text puts them in brackets."""
    drawn = read(render({"type": "text", "text": "公式（https://example.jp/a?b=1#c）です。"}))
    assert [json.loads(action) for action in drawn.all("data-action")] == [
        {"type": "uri", "uri": "https://example.jp/a?b=1#c"}
    ]
    assert drawn.text == "公式（https://example.jp/a?b=1#c）です。"


def test_a_full_stop_after_an_address_is_not_part_of_it() -> None:
    """「https://example.jp/.」 leads to https://example.jp/ in LINE."""
    drawn = read(render({"type": "text", "text": "See https://example.jp/x."}))
    assert drawn.all("data-action") == ['{"type":"uri","uri":"https://example.jp/x"}']
    assert drawn.text == "See https://example.jp/x."


def test_a_card_shows_all_its_words_in_order_and_every_button_with_its_action() -> None:
    """One card with everything a card can have, made by the same code that makes the real ones."""
    card = Card(
        title="電話で退会する",
        text="平日にかけてください。",
        items=("番号を押す", "名前を言う"),
        numbered=True,
        note="2026年4月に確認",
        buttons=(
            Call("電話をかける", "0120-000-000"),
            Link("公式ページを開く", "https://example.jp/faq"),
            Copy("文面をコピー", "退会を希望します。\n「お願いします」"),
            Choice("できた", PRESS),
        ),
    )
    message = speak([Say("steps", cards=(card,))], WORDING)[0]
    drawn = read(render(message))
    words = [card.title, card.text, *card.items, card.note]
    places = [drawn.text.index(word) for word in [*words, *(b.label for b in card.buttons)]]
    assert places == sorted(places)
    assert [json.loads(action)["type"] for action in drawn.all("data-action")] == [
        "uri",
        "uri",
        "clipboard",
        "postback",
    ]
    assert json.loads(drawn.all("data-action")[2])["clipboardText"] == card.buttons[2].text  # type: ignore[union-attr]


def test_a_label_too_long_for_a_button_is_still_something_to_press() -> None:
    """Such a button is a box with an action: it has to answer to keys like a real button."""
    card = Card("t", buttons=(Choice("薬キャリを退会する準備をはじめます", PRESS),))
    drawn = read(render(speak([Say("s", cards=(card,))], WORDING)[0]))
    pressable = [given for _, given in drawn.tags if "data-action" in given]
    assert [(given["role"], given["tabindex"]) for given in pressable] == [("button", "0")]


def test_several_cards_stand_in_one_row_that_keys_can_scroll() -> None:
    """A carousel is one list with one item a card, reachable by keyboard."""
    cards = tuple(Card(f"方法{n}", buttons=(Choice("選ぶ", PRESS),)) for n in range(3))
    drawn = read(render(speak([Say("methods", cards=cards)], WORDING)[0]))
    rows = [given for name, given in drawn.tags if name == "ul"]
    assert [(given["class"], given["tabindex"]) for given in rows] == [("row", "0")]
    assert "3枚" in rows[0]["aria-label"]
    assert sum(name == "li" for name, _ in drawn.tags) == 3


def test_quick_replies_are_drawn_apart_from_their_message() -> None:
    """They belong to the edge of the chat: the message itself must not carry them for ever."""
    choices = (Choice("ない", PRESS), Choice("ある", PRESS), Choice("戻る", PRESS))
    message = speak([Say("q", text="選考中の応募はありますか？", choices=choices)], WORDING)[0]
    drawn = read(render_quick_replies(message))
    assert drawn.text == "ないある戻る"
    assert [json.loads(action)["displayText"] for action in drawn.all("data-action")] == [
        "ない",
        "ある",
        "戻る",
    ]
    assert not read(render(message)).all("data-action")
    assert render_quick_replies({"type": "text", "text": "a"}) == ""


def test_each_template_shows_its_words_and_actions() -> None:
    """Buttons, confirm and carousel: what LINE calls templates."""
    yes = {"type": "message", "label": "はい", "text": "はい"}
    no = {"type": "postback", "label": "いいえ", "data": "n"}
    column = {"title": "題", "text": "本文", "actions": [yes, no]}
    templates = [
        ({"type": "buttons", **column}, "題本文はいいいえ", 2),
        (
            {"type": "confirm", "text": "退会しますか", "actions": [yes, no]},
            "退会しますかはいいいえ",
            2,
        ),
        ({"type": "carousel", "columns": [column, column]}, "題本文はいいいえ" * 2, 4),
    ]
    for template, words, actions in templates:
        drawn = read(render({"type": "template", "altText": "a", "template": template}))
        assert drawn.text == words
        assert len(drawn.all("data-action")) == actions


def test_what_cannot_be_drawn_is_a_labelled_box() -> None:
    """Nothing may vanish without a word: staff would think the bot said nothing."""
    assert "hologram" in read(render({"type": "hologram"})).text
    assert "種類なし" in read(render({})).text
    unknown = {"type": "template", "altText": "代わりの文", "template": {"type": "image_carousel"}}
    assert "代わりの文" in read(render(unknown)).text
    part = {"type": "box", "layout": "vertical", "contents": [{"type": "rating"}]}
    flex = {"type": "flex", "contents": {"type": "bubble", "body": part}}
    assert "rating" in read(render(flex)).text


def test_a_picture_is_named_and_never_loaded() -> None:
    """The page asks nobody outside for anything; the address is shown instead."""
    address = "https://example.jp/photo.png"
    message = {"type": "image", "originalContentUrl": address, "previewImageUrl": address}
    drawn = read(render(message))
    assert address in drawn.text
    assert {name for name, _ in drawn.tags} == {"div", "span"}
    assert not drawn.all("src")


def test_sizes_and_colours_become_style_that_follows_the_size_of_letters() -> None:
    """LINE's pixels are written in rem, so 200 % zoom and large letters enlarge everything."""
    text = {"type": "text", "text": "a", "size": "xl", "color": "#06703A", "lineSpacing": "4px"}
    box = {"type": "box", "layout": "vertical", "contents": [text], "paddingAll": "20px"}
    drawn = read(render({"type": "flex", "contents": {"type": "bubble", "body": box}}))
    styles = " ".join(drawn.all("data-css"))
    assert "color:#06703a" in styles
    assert "font-size:1.375rem" in styles
    assert "padding:1.25rem" in styles
    assert "line-height:calc(1.45em + 0.25rem)" in styles
    assert "px" not in styles


def test_parts_of_a_box_keep_their_distance_and_the_first_keeps_none() -> None:
    """LINE ignores the margin of a box's first part, and a part's margin beats the spacing."""
    parts = [
        {"type": "text", "text": str(n), "margin": margin}
        for n, margin in enumerate(("xl", "", "xs"))
    ]
    box = {"type": "box", "layout": "horizontal", "spacing": "md", "contents": parts}
    drawn = read(render({"type": "flex", "contents": {"type": "bubble", "body": box}}))
    texts = [given["data-css"] for name, given in drawn.tags if name == "p"]
    margins = [[part for part in style.split(";") if part.startswith("margin")] for style in texts]
    assert margins == [[], ["margin-left:0.5rem"], ["margin-left:0.125rem"]]


def test_a_static_page_gets_the_style_in_its_sheet() -> None:
    """A page without script shows the same looks; the text of a message stays as it was."""
    text = {"type": "text", "text": 'a data-css="color:red"', "color": "#111111"}
    box = {"type": "box", "layout": "vertical", "contents": [text]}
    made = page("", render({"type": "flex", "contents": {"type": "bubble", "body": box}}))
    head, _, body = made.partition("<body>")
    drawn = read(body.removesuffix("</body>\n</html>\n"))
    assert "color:#111111" in head.partition("<style>")[2]
    assert not drawn.all("data-css")
    assert drawn.text == 'a data-css="color:red"'


def test_drawn_markup_is_told_from_plain_text() -> None:
    """What was escaped once is not escaped again, and only drawing makes such markup."""
    assert isinstance(render({"type": "text", "text": "<"}), Html)
