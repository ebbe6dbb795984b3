"""Webhooks as LINE sends them, for the tests to take apart."""

from __future__ import annotations

import json
from typing import Any

BOT = "U" + "0" * 32
PERSON = "U" + "a" * 32
GROUP = "C" + "b" * 32
ROOM = "R" + "c" * 32
AT = 1_772_000_000_000

MESSAGES: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "id": "1", "quoteToken": "q", "text": "退会したい"},
    "sticker": {
        "type": "sticker",
        "id": "2",
        "quoteToken": "q",
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "ANIMATION",
    },
    "image": {"type": "image", "id": "3", "quoteToken": "q", "contentProvider": {"type": "line"}},
    "video": {
        "type": "video",
        "id": "4",
        "quoteToken": "q",
        "duration": 60000,
        "contentProvider": {"type": "line"},
    },
    "audio": {"type": "audio", "id": "5", "duration": 60000, "contentProvider": {"type": "line"}},
    "file": {"type": "file", "id": "6", "fileName": "履歴書.pdf", "fileSize": 2138},
    "location": {"type": "location", "id": "7", "latitude": 35.68, "longitude": 139.76},
}
"""One message of every type that LINE documents."""


def event(type_: str = "message", number: int = 1, **changes: Any) -> dict[str, Any]:
    """An event as it comes from a person; *changes* are set on it, ``None`` takes a key away."""
    made: dict[str, Any] = {
        "type": type_,
        "mode": "active",
        "timestamp": AT + number,
        "webhookEventId": f"01HXYZ{number:020}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": PERSON},
        "replyToken": f"{number:032x}",
    }
    if type_ == "message":
        made["message"] = MESSAGES["text"]
    made.update(changes)
    return {key: value for key, value in made.items() if value is not None}


def webhook(*events: object, destination: str = BOT) -> bytes:
    """A body holding *events*; anything JSON can hold passes, NaN and lone surrogates too."""
    return json.dumps({"destination": destination, "events": events}).encode()
