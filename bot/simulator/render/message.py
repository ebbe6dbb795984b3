"""A LINE message, as plain data, drawn as HTML: pure, escaped, and total.

Whatever a message holds, the answer is markup of our own making: text from it stands only
between tags and in quoted attributes, colours and lengths only in their documented forms, and
a kind unknown here becomes a labelled box. Used by the web chat and by any static page
(`static_page`). It looks like LINE, not exactly as LINE: LINE itself differs between devices.

Markup carries two data attributes: ``data-action``, the action object a tap performs, as JSON;
``data-css``, the style of one element.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.simulator.render import media
from bot.simulator.render.flex import container
from bot.simulator.render.markup import (
    NOTHING,
    Html,
    action_json,
    as_list,
    as_mapping,
    as_text,
    element,
    join,
)
from bot.simulator.render.template import template

__all__ = ["Html", "render", "render_quick_replies"]

# As LINE does, an address ends where the letters of an address end: 「（https://a.jp）」.
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.\-]+(?::\d+)?(?:[/?#][\w\-./?#%&=+~:;,@!$*]*)?", re.ASCII
)
_CLOSING = ".,:;!?"


def render(message: Mapping[str, object]) -> Html:
    """Draw one message without its quick replies, which belong to the chat's edge."""
    try:
        inside = _inside(message)
    except RecursionError:  # LINE names no limit for nesting, Python has one
        inside = None
    kind = as_text(message.get("type"))
    drawn = inside if inside is not None else _unknown(kind, as_text(message.get("altText")))
    return element("div", drawn, class_="message", data_kind=kind or "unknown")


def _inside(message: Mapping[str, object]) -> Html | None:
    """Draw what the message holds; None when this program does not know its kind."""
    match message.get("type"):
        case "text" | "textV2":
            words = as_text(message.get("text"))
            return element("div", with_links(words), class_="bubble", dir="auto")
        case "flex":
            return container(message.get("contents"))
        case "template":
            return template(message.get("template"))
        case "image":
            return media.image(message)
        case "video":
            return media.video(message)
        case "audio":
            return media.audio(message)
        case "sticker":
            return media.sticker(message)
        case "location":
            return media.location(message)
        case "imagemap":
            return media.imagemap(message)
        case _:
            return None


def with_links(text: str) -> Html:
    """Escape text and turn the web addresses in it into something to tap, as LINE does."""
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_CLOSING)
        parts += [
            text[end : found.start()],
            element(
                "button",
                address,
                type="button",
                class_="link",
                data_action=action_json({"type": "uri", "uri": address}),
            ),
        ]
        end = found.start() + len(address)
    return join([*parts, text[end:]])


def _unknown(kind: str, alt_text: str) -> Html:
    """Label a message of a kind, or with contents, that cannot be drawn."""
    return element(
        "div",
        element("p", f"表示できないメッセージ：{kind or '種類なし'}", class_="unknown"),
        element("p", alt_text, class_="unknown-alt") if alt_text else NOTHING,
        class_="bubble is-unknown",
    )


def render_quick_replies(message: Mapping[str, object]) -> Html:
    """Draw the quick replies of a message as a list of buttons; nothing when it has none."""
    items = as_list(as_mapping(message.get("quickReply")).get("items"))
    actions = [as_mapping(as_mapping(item).get("action")) for item in items]
    return join(
        element(
            "li",
            element(
                "button",
                as_text(action.get("label")),
                type="button",
                class_="chip",
                data_action=action_json(action),
            ),
        )
        for action in actions
    )
