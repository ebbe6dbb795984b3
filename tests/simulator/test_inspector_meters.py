"""The meters measure what LINE measures, and disagree with the limits nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from bot.line.limits import Unit, broken, limit, limits
from bot.simulator.inspector.limit_words import UNITS, WORDS, says
from bot.simulator.inspector.meters import meters, tightest


def quick(label: str) -> dict[str, Any]:
    """A quick reply with this label."""
    action = {"type": "postback", "label": label, "data": "1|a|b|c||1", "displayText": label}
    return {"type": "action", "action": action}


def text(words: str, **more: Any) -> dict[str, Any]:
    """A text message."""
    return {"type": "text", "text": words, **more}


def flex(*parts: dict[str, Any], alt: str = "ご案内") -> dict[str, Any]:
    """A card with these parts."""
    body = {"type": "box", "layout": "vertical", "contents": [*parts]}
    return {"type": "flex", "altText": alt, "contents": {"type": "bubble", "body": body}}


def button(**action: Any) -> dict[str, Any]:
    """A button of a card."""
    return {"type": "button", "action": action}


def words(length: int) -> str:
    """So many letters."""
    return "あ" * length


ON_THE_EDGE = [
    ("text", lambda n: text(words(n))),
    ("quickReply.label", lambda n: text("はい？", quickReply={"items": [quick(words(n))]})),
    ("quickReply.items", lambda n: text("はい？", quickReply={"items": [quick("はい")] * n})),
    ("flex.altText", lambda n: flex({"type": "text", "text": "本文"}, alt=words(n))),
    (
        "flex.label",
        lambda n: flex(button(type="uri", label=words(n), uri="https://example.jp/")),
    ),
    (
        "uri",
        lambda n: flex(button(type="uri", label="開く", uri="https://example.jp/".ljust(n, "a"))),
    ),
    (
        "clipboard.clipboardText",
        lambda n: flex(button(type="clipboard", label="写す", clipboardText=words(n))),
    ),
    (
        "postback.data",
        lambda n: flex(button(type="postback", label="次", data="a" * n, displayText="次")),
    ),
    (
        "postback.displayText",
        lambda n: flex(button(type="postback", label="次", data="a", displayText=words(n))),
    ),
    (
        "flex.carousel.bubbles",
        lambda n: {
            "type": "flex",
            "altText": "ご案内",
            "contents": {
                "type": "carousel",
                "contents": [flex({"type": "text", "text": "本文"})["contents"]] * n,
            },
        },
    ),
]


@pytest.mark.parametrize(("what", "made"), ON_THE_EDGE, ids=[what for what, _ in ON_THE_EDGE])
def test_a_meter_is_over_exactly_where_line_refuses(what: str, made: Any) -> None:
    """All of a limit is still taken; one more is too much for the meter and for the fake LINE."""
    most = limit(what).value

    for used, level in ((most, "near"), (most + 1, "over")):
        message = made(used)
        (meter,) = [one for one in tightest(meters(message)) if one.limit.what == what]
        assert (meter.used, meter.level) == (used, level)
        assert bool(broken(message)) == (level == "over")


def test_a_card_is_weighed_as_json() -> None:
    """30,000 bytes of a bubble and 50,000 of a carousel, as the limits count them."""
    heavy = flex(*({"type": "text", "text": words(400)} for _ in range(14)))

    (meter,) = [one for one in meters(heavy) if one.limit.what == "flex.bubble"]

    assert meter.level == "over"
    assert any(f"contents: {meter.used:,} of at most 30,000" in it for it in broken(heavy))


def test_what_is_over_is_kept_however_much_of_it_there_is() -> None:
    """Of what is within a limit, the nearest to it is enough; each breach is to be mended."""
    labels = [words(21), words(22), "はい", "いいえ"]
    message = text("どれ？", quickReply={"items": [quick(label) for label in labels]})

    told = [one.words for one in tightest(meters(message)) if one.limit.what == "quickReply.label"]

    assert told == labels[:2]


def test_a_meter_says_where_in_the_message_it_measured() -> None:
    """The path leads to the very text, as LINE's own complaint would."""
    message = flex(button(type="uri", label="公式サイト", uri="https://example.jp/"))

    places = {one.limit.what: one.where for one in meters(message)}

    assert places["flex.label"] == "contents.body.contents[0].action.label"
    assert places["uri"] == "contents.body.contents[0].action.uri"


def test_a_template_has_the_limits_of_its_kind() -> None:
    """Title, text, actions and their labels; the app sends none, a talk may."""
    actions = [{"type": "uri", "label": words(21), "uri": "https://example.jp/"}]
    template = {"type": "buttons", "title": words(41), "text": words(3), "actions": actions * 5}

    over = {
        one.limit.what
        for one in meters({"type": "template", "altText": "案内", "template": template})
        if one.level == "over"
    }

    assert over == {"buttons.title", "buttons.actions", "template.label"}


def test_every_limit_a_message_can_meet_has_words_for_staff() -> None:
    """A meter that reads `flex.label` tells nobody who writes content what to shorten."""
    elsewhere = ("richmenu.", "multicast.", "webhook.")  # of requests no message is part of
    met = {what for what in limits() if not what.startswith(elsewhere)}

    assert met - set(WORDS) == set()
    assert set(WORDS) - set(limits()) == set()
    assert says("flex.label") == "ボタンの言葉"
    assert not any(word.isascii() for word in WORDS.values())


def test_every_way_of_counting_has_a_word() -> None:
    """The number beside a meter is one of something."""
    assert set(UNITS) == set(Unit)
