"""Messages made by hand, to be just right or just wrong."""

from __future__ import annotations

from typing import Any

from bot.line.measure import json_bytes

FAMILY = "👨‍👩‍👧‍👦"
"""One grapheme, eleven UTF-16 units."""

Made = list[dict[str, Any]]


def postback(label: str = "はい", data: str = "1", shown: str = "はい") -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": data, "displayText": shown}


def text(words: str = "はい", *quick: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"type": "text", "text": words}
    if quick:
        message["quickReply"] = {"items": [{"type": "action", "action": each} for each in quick]}
    return message


def bubble(*contents: dict[str, Any], words: str = "あ") -> dict[str, Any]:
    body = [{"type": "text", "text": words}, *contents]
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": body}}


def flex(contents: dict[str, Any], alt: str = "ご案内") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def button(action: dict[str, Any]) -> dict[str, Any]:
    return flex(bubble({"type": "button", "action": action}))


def row(*bubbles: dict[str, Any]) -> dict[str, Any]:
    return flex({"type": "carousel", "contents": list(bubbles)})


def sized(measured: int) -> dict[str, Any]:
    """A bubble of *measured* bytes."""
    return bubble(words="x" * (measured - json_bytes(bubble(words=""))))


def carousel_of(measured: int) -> dict[str, Any]:
    """A row of two bubbles of *measured* bytes, each well within a bubble's own limit."""
    frame = json_bytes(row(sized(200), sized(200))["contents"]) - 400
    half = (measured - frame) // 2
    return row(sized(half), sized(measured - frame - half))
