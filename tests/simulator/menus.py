"""Rich menus and pictures made by hand, to be just right or just wrong."""

from __future__ import annotations

import struct
from typing import Any

WIDTH, HEIGHT = 800, 270

POSTBACK = {"type": "postback", "label": "はじめる", "data": "1|start"}


def area(action: dict[str, Any] | None = None, **bounds: int) -> dict[str, Any]:
    """An area that does *action*; it covers the menu, but for *bounds*."""
    whole = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT}
    return {"bounds": {**whole, **bounds}, "action": action or POSTBACK}


def menu(**change: Any) -> dict[str, Any]:
    """A small good menu, but for *change*."""
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "name": "はじめの画面",
        "chatBarText": "メニュー",
        "areas": [area()],
        **change,
    }


def jpeg(width: int, height: int) -> bytes:
    """The head of a JPEG: what comes before the picture itself, with a comment in it."""
    comment = b"\xff\xfe" + struct.pack(">H", 2 + 4) + b"\xff\xc0no"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + comment + frame + b"\xff\xd9"
