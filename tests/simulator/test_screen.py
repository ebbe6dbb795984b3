"""Every kind of message can be read and tapped, whether or not our bot sends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.simulator.screen import MENU, menu, received
from bot.simulator.session import Session

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)


def press(label: str) -> dict[str, str]:
    """A postback."""
    return {"type": "postback", "label": label, "data": label}


def template(**given: Any) -> dict[str, Any]:
    """A template message."""
    return {"type": "template", "altText": "ご案内", "template": given}


COLUMN = {"text": "本文", "title": "題", "actions": [press("えらぶ")]}


@pytest.mark.parametrize(
    ("message", "text", "labels"),
    [
        (
            template(
                type="buttons",
                text="本文",
                title="題",
                defaultAction=press("全体"),
                actions=[press("はい"), {"type": "message", "label": "いいえ", "text": "やめます"}],
            ),
            "題\n本文",
            ["全体", "はい", "いいえ"],
        ),
        (
            template(type="confirm", text="退会しますか", actions=[press("はい"), press("いいえ")]),
            "退会しますか",
            ["はい", "いいえ"],
        ),
        (
            template(type="carousel", columns=[COLUMN, COLUMN]),
            "題\n本文\n題\n本文",
            ["えらぶ", "えらぶ"],
        ),
        (
            template(type="image_carousel", columns=[{"imageUrl": "u", "action": press("写真")}]),
            "",
            ["写真"],
        ),
        (
            {
                "type": "imagemap",
                "actions": [
                    {"type": "uri", "linkUri": "https://example.jp/", "area": {}},
                    {"type": "message", "text": "右", "area": {}},
                ],
            },
            "",
            ["https://example.jp/", "右"],
        ),
        ({"type": "location", "title": "東京駅", "address": "丸の内"}, "東京駅\n丸の内", []),
        ({"type": "sticker", "packageId": "446", "stickerId": "1988"}, "", []),
    ],
    ids=["buttons", "confirm", "carousel", "image_carousel", "imagemap", "location", "sticker"],
)
def test_a_message_is_read_and_tapped_from_top_to_bottom(
    message: Mapping[str, Any], text: str, labels: list[str]
) -> None:
    """Its words without those of its buttons, and each button once."""
    seen = received("1", message, NOON)

    assert seen.text == text
    assert [button.label for button in seen.buttons] == labels


def test_the_areas_of_a_rich_menu_are_its_buttons() -> None:
    """An area may have no label: then it goes by what it says."""
    areas = [
        {"bounds": {}, "action": press("さがす")},
        {"bounds": {}, "action": {"type": "message", "text": "使い方"}},
    ]

    seen = menu({"chatBarText": "メニュー", "areas": areas}, NOON)

    assert (seen.id, seen.text) == (MENU, "メニュー")
    assert [button.label for button in seen.buttons] == ["さがす", "使い方"]


def test_an_imagemaps_link_is_opened_as_any_other() -> None:
    """Imagemaps call the address `linkUri`; whoever asks what was opened need not know."""
    link = {"type": "uri", "linkUri": "https://example.jp/", "area": {}}
    with Session(seed=1) as session:
        hanako = session.person("hanako")
        shown = received("1", {"type": "imagemap", "actions": [link]}, session.clock.now())

        assert hanako.press(shown, shown.buttons[0]) is None
        assert hanako.opened == ["https://example.jp/"]


@pytest.mark.parametrize(
    ("kind", "sent"), [("camera", "image"), ("cameraRoll", "image"), ("location", "location")]
)
def test_a_quick_reply_for_a_picture_or_a_place_sends_one(kind: str, sent: str) -> None:
    """LINE opens the camera, the pictures or a map; the bot hears of what is sent from there."""
    action = {"type": kind, "label": "送る"}
    json = {"type": "text", "text": "送って", "quickReply": {"items": [{"action": action}]}}
    with Session(seed=1) as session:
        hanako = session.person("hanako")
        hanako.follow()
        shown = received("1", json, session.clock.now())
        hanako.show(shown)

        turn = hanako.press(shown, shown.quick_replies[0])

        assert turn is not None
        assert turn.events[0]["message"]["type"] == sent
        assert shown.quick_replies[0] not in hanako.quick_replies


def test_an_action_no_chat_has_is_refused_by_name() -> None:
    """Nothing is guessed about a kind nobody has heard of."""
    contents = {"type": "bubble", "hero": {"action": {"type": "telepathy", "label": "念じる"}}}
    with Session(seed=1) as session:
        hanako = session.person("hanako")
        shown = received("1", {"type": "flex", "contents": contents}, session.clock.now())

        with pytest.raises(ValueError, match="「telepathy」"):
            hanako.press(shown, shown.buttons[0])
