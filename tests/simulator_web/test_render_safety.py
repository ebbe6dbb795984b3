"""No message, however odd or hostile, makes markup of its own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator.render.message import render, render_quick_replies
from bot.simulator.render.static_page import page

from .markup import Read, read

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</div></li><iframe srcdoc='<script>alert(1)</script>'>",
    "<!-- <style>*{display:none}</style>",
    "&lt;b&gt; &amp;amp; &#60;script&#62;",
    '" data-css="background:url(//example.jp)" x="',
    "red;background:url(//example.jp)",
    "#fff;}</style>",
    "\x00<b>\x00",
)
TAGS = {"div", "p", "span", "button", "ul", "li"}
ATTRIBUTES = {
    "class",
    "dir",
    "type",
    "role",
    "tabindex",
    "aria-label",
    "data-action",
    "data-css",
    "data-kind",
}
STYLE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-:;#%.(),/+ ")


def must_be_ours(drawn: Read) -> None:
    """Only our tags, our attributes, our style; nothing left open."""
    assert drawn.is_balanced
    assert {name for name, _ in drawn.tags} <= TAGS
    assert {key for _, given in drawn.tags for key in given} <= ATTRIBUTES
    for style in drawn.all("data-css"):
        assert set(style) <= STYLE
        assert "url" not in style


def everywhere(bad: str) -> list[Mapping[str, object]]:
    """Put *bad* into every place of a message where a text can stand."""
    action = {"type": "uri", "label": bad, "uri": bad, "data": bad, "clipboardText": bad}
    text = {"type": "text", "text": bad, "action": action, **dict.fromkeys(LOOKS, bad)}
    spans = {"type": "text", "contents": [{"type": "span", "text": bad, "color": bad}]}
    button = {"type": "button", "action": action, "color": bad, "style": bad, "height": bad}
    image = {"type": "image", "url": bad, "aspectRatio": bad, "size": bad, "aspectMode": bad}
    gradient = {"type": "linearGradient", "angle": bad, "startColor": bad, "endColor": bad}
    others = [{"type": kind, "url": bad} for kind in ("icon", "separator", "filler", "spacer", bad)]
    box = {
        "type": "box",
        "layout": bad,
        "contents": [text, spans, button, image, *others],
        "background": gradient,
        **dict.fromkeys(FRAME, bad),
    }
    bubble = {
        "type": "bubble",
        "size": bad,
        "direction": bad,
        "hero": {"type": "video", "url": bad, "altContent": box},
        "body": box,
        "styles": {"body": {"backgroundColor": bad, "separator": True, "separatorColor": bad}},
    }
    column = {"title": bad, "text": bad, "thumbnailImageUrl": bad, "actions": [action]}
    quick = {"items": [{"type": "action", "imageUrl": bad, "action": action}]}
    return [
        {"type": "text", "text": bad, "quickReply": quick},
        {"type": "text", "text": f"https://example.jp/{bad}"},
        {"type": bad, "altText": bad},
        {"type": "image", "originalContentUrl": bad},
        {"type": "sticker", "packageId": bad, "stickerId": bad},
        {"type": "flex", "altText": bad, "contents": bubble},
        {"type": "flex", "altText": bad, "contents": {"type": "carousel", "contents": [bubble]}},
        {"type": "template", "template": {"type": "buttons", **column}},
        {"type": "template", "template": {"type": "carousel", "columns": [column]}},
        {"type": "template", "altText": bad, "template": {"type": bad}},
    ]


LOOKS = ("size", "color", "weight", "style", "decoration", "align", "gravity", "margin", "flex")
FRAME = (
    "backgroundColor",
    "borderColor",
    "borderWidth",
    "cornerRadius",
    "paddingAll",
    "paddingTop",
    "width",
    "height",
    "spacing",
    "justifyContent",
    "alignItems",
    "offsetTop",
)


@pytest.mark.parametrize("bad", PAYLOADS)
def test_hostile_text_stays_text_wherever_it_stands(bad: str) -> None:
    """The other renderers of flex messages let `<img onerror>` through: this one must not."""
    for message in everywhere(bad):
        must_be_ours(read(render(message)))
        must_be_ours(read(render_quick_replies(message)))
        _, _, body = page("", render(message)).partition("<body>")
        plain = read(body.removesuffix("</body>\n</html>\n"))
        assert plain.is_balanced
        assert {name for name, _ in plain.tags} <= TAGS
    shown = read(render({"type": "text", "text": bad})).text
    assert shown.replace("\x00", "") == bad.replace("\x00", "")


def test_a_lone_surrogate_can_still_be_sent_to_the_page() -> None:
    """JSON may carry half a character; UTF-8, in which the page is sent, cannot."""
    for message in everywhere("\ud83d"):
        assert "message" in render(message).encode().decode()
        render_quick_replies(message).encode()


def test_boxes_nested_without_end_are_a_labelled_box() -> None:
    """LINE names no limit for nesting; a message that breaks Python's must not break the page."""
    box: dict[str, object] = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(5000):
        box = {"type": "box", "layout": "vertical", "contents": [box]}
    drawn = read(
        render({"type": "flex", "altText": "深い", "contents": {"type": "bubble", "body": box}})
    )
    assert "深い" in drawn.text
    must_be_ours(drawn)


PARTS = ("text", "flex", "template", "bubble", "carousel", "box", "button", "image", "span")
KEYS = st.sampled_from((*LOOKS, *FRAME, "type", "text", "contents", "body", "action", "actions"))
WORDS = st.sampled_from((*PARTS, "confirm", "buttons", "icon", "vertical", "md", "12px", "#112233"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(PARTS), JSON, JSON)
def test_any_json_at_all_is_drawn_as_markup_of_ours(
    kind: str, inner: object, quick: object
) -> None:
    """Drawing is total: it never raises, and whatever comes out is well formed and ours."""
    message = {"type": kind, "text": inner, "contents": inner, "template": inner}
    must_be_ours(read(render(message)))
    must_be_ours(read(render_quick_replies({**message, "quickReply": quick})))
    bubble = {"type": "bubble", "body": {"type": "box", "contents": [{"type": kind}, inner]}}
    must_be_ours(read(render({"type": "flex", "contents": {**bubble, "hero": inner}})))
