"""Nothing leaves the closed shapes of what we send, and every way out of them is told."""

from __future__ import annotations

from typing import Any

import pytest

from bot.line.limits import broken
from bot.line.speak import speak
from tests.line.made import bubble, button, flex, postback, row, text
from tests.line.says import PANEL, QUESTION, SERVICES, TURN, WORDING
from tests.line.tree import changed, nodes


@pytest.mark.parametrize(
    ("message", "breach"),
    [
        (text(""), "messages[0].text: is empty"),
        (text(" \n　"), "messages[0].text: is empty"),
        (text("a\ud800"), "messages[0].text: holds half a character"),
        (text("a" + chr(0xDFFF)), "messages[0].text: holds half a character"),
        (text() | {"text": 5}, "messages[0].text: Input should be a valid string"),
        ({"type": "text"}, "messages[0].text: is missing"),
        ({"text": "x"}, "messages[0]: has no type"),
        ({"type": 5}, "messages[0]: has no type"),
        ({"type": "sticker"}, "messages[0]: its type is none of 'text', 'flex'"),
        (text() | {"quickReply": {"items": []}}, "messages[0].quickReply.items: List should have"),
        (text() | {"quickReply": None}, "messages[0].quickReply: is not an object"),
        (text("？", postback(" ")), "messages[0].quickReply.items[0].action.label: is empty"),
        (text("？", {"type": "camera", "label": "撮る"}), "items[0].action.type: Input should be"),
        (flex(bubble(), alt=""), "messages[0].altText: is empty"),
        (flex({"type": "bubble"}), "messages[0].contents.body: is missing"),
        (flex(bubble({"type": "image"})), "body.contents[1]: its type is none of 'text', 'button'"),
        (flex(bubble({"type": "text", "text": "x", "color": "red"})), "color: String should match"),
        (flex(bubble({"type": "text", "text": "x", "color": "#12345"})), "color: String should"),
        (flex(bubble({"type": "text", "text": "x", "color": "#123456\n"})), "color: String"),
        (flex(bubble({"type": "text", "text": "x", "size": "14"})), "size: Input should be"),
        (flex(bubble({"type": "text", "text": "x", "wrap": "yes"})), "wrap: Input should be"),
        (flex(bubble({"type": "separator", "margin": "8"})), "margin: String should match"),
        (button(postback() | {"text": "x"}), "action.text: a key we do not use here"),
        (row(), "messages[0].contents.contents: List should have at least 1"),
        (row(bubble(), bubble() | {"size": "kilo"}), "messages[0].contents: bubbles of one"),
        (
            flex(bubble({"type": "box", "layout": "vertical", "contents": []})),
            "messages[0].contents.body.contents[1]: an empty box",
        ),
        (
            flex(bubble({"type": "box", "layout": "vertical", "contents": [], "width": "6px"})),
            "messages[0].contents.body.contents[1]: an empty box",
        ),
    ],
)
def test_a_message_out_of_shape_is_told_where_and_what(message: object, breach: str) -> None:
    """The path leads to the place; the sentence says what is wrong there."""
    assert any(breach in found for found in broken(message)), broken(message)


@pytest.mark.parametrize(
    ("uri", "fine"),
    [
        ("https://example.jp/%E9%80%80?a=b#c", True),
        ("tel:0120000000", True),
        ("tel:+81312345678", True),
        ("http://example.jp/", False),
        ("mailto:help@example.jp", False),
        ("line://nv/chat", False),
        ("javascript:alert(1)", False),
        ("HTTPS:example.jp", False),
        ("https://", False),
        ("https://[", False),
        ("example.jp", False),
        ("https://example.jp/退会", False),
        ("https://example.jp/a b", False),
        ("https://example.jp/100%", False),
        ("https://example.jp/\n", False),
        ("tel:0120-000-000", False),
        ("tel:", False),
        ("tel:０１２０", False),
    ],
)
def test_only_secure_links_and_plain_numbers_open(uri: str, fine: bool) -> None:
    """LINE refuses mailto: and others outright; http we do not want."""
    assert (broken(button({"type": "uri", "label": "開く", "uri": uri})) == []) is fine


@pytest.mark.parametrize("reply", [None, "text", 5, ["text"], [None], [[]]])
def test_what_is_no_reply_is_a_breach_and_no_crash(reply: object) -> None:
    """A fake LINE asks about whatever it was sent."""
    assert broken(reply)


def test_no_message_at_all_is_a_breach() -> None:
    """LINE takes one to five."""
    assert broken([]) == ["messages: a reply has at least one"]


def test_nesting_without_end_is_a_breach_and_no_crash() -> None:
    """However deep, it is told; the stack does not overflow."""
    box: dict[str, Any] = {"type": "text", "text": "x"}
    for _ in range(900):
        box = {"type": "box", "layout": "vertical", "contents": [box]}

    assert broken(flex(bubble(box)))


def test_quick_replies_count_only_on_the_last_message() -> None:
    """LINE shows none but the last message's: buttons elsewhere are answers nobody can give."""
    quick, plain = text("？", postback()), text()

    assert broken([plain, quick]) == []
    assert broken([quick, plain]) == [
        "messages[0].quickReply: only the last message's is shown (LINE: #quick-reply)"
    ]


def test_one_message_may_be_asked_about_alone() -> None:
    """The content check knows no replies, only messages."""
    assert broken(text()) == []
    assert broken(text("")) == ["messages[0].text: is empty"]


def test_every_fault_is_told_at_once() -> None:
    """A writer mends a file in one go."""
    bad = [text(""), flex(bubble(words=""), alt="あ" * 1_501), text("x") | {"emojis": []}]

    assert [breach.split(":")[0] for breach in broken(bad)] == [
        "messages[0].text",
        "messages[1].altText",
        "messages[1].contents.body.contents[0].text",
        "messages[2].emojis",
    ]


@pytest.mark.parametrize("say", [QUESTION, PANEL, SERVICES], ids=lambda say: say.id)
def test_no_object_of_ours_takes_a_stranger(say: Any) -> None:
    """A misspelt key is silently ignored by LINE's models: here it is a breach, at its place."""
    [message] = speak([say], WORDING)
    for path, node in nodes(message):
        if isinstance(node, dict):
            [breach] = broken(changed(message, path, {**node, "colour": "#FFFFFF"}))

            assert breach.endswith(".colour: a key we do not use here")


@pytest.mark.parametrize("say", [QUESTION, PANEL, SERVICES], ids=lambda say: say.id)
def test_no_value_of_ours_may_be_null_or_of_another_type(say: Any) -> None:
    """Whichever value is replaced, it is noticed."""
    [message] = speak([say], WORDING)
    for path, _ in list(nodes(message))[1:]:
        for new in (None, 3.5, {"x": "y"}):
            assert broken(changed(message, path, new)), (path, new)


def test_what_we_say_passes() -> None:
    """The sentinel of this file: a whole turn, without a breach."""
    assert broken(speak(TURN, WORDING)) == []
