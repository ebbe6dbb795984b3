"""Webhook bodies as LINE sends them: complete, and signed over the exact bytes.

Shapes: LINE's reference, "Request body" and "Common properties".
"""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Literal

import orjson

from bot.simulator.fake_line.mint import Mint
from bot.simulator.happenings import HAVE_REPLY_TOKEN, Fields

WebhookEvent = dict[str, Any]
"""One event of a webhook, as JSON."""

HEADER = "x-line-signature"
"""LINE may change the header's case at any time; whoever reads it compares without case."""


def person(user_id: str) -> Fields:
    """The source of an event in a one-to-one chat."""
    return {"type": "user", "userId": user_id}


def group(group_id: str, user_id: str | None = None) -> Fields:
    """The source of an event in a group. LINE names the person on messages only."""
    return {"type": "group", "groupId": group_id} | ({"userId": user_id} if user_id else {})


def room(room_id: str, user_id: str | None = None) -> Fields:
    """The source of an event in a multi-person chat."""
    return {"type": "room", "roomId": room_id} | ({"userId": user_id} if user_id else {})


def event(
    happening: Fields,
    source: Fields,
    at: int,
    mint: Mint,
    *,
    mode: Literal["active", "standby"] = "active",
) -> WebhookEvent:
    """*happening* with what all events have; *at* in ms since 1970.

    It has a reply token unless its type has none, or another bot holds the chat (``standby``).
    """
    answerable = happening["type"] in HAVE_REPLY_TOKEN and mode == "active"
    return {
        **happening,
        **({"replyToken": mint.reply_token()} if answerable else {}),
        "webhookEventId": mint.event_id(at),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": at,
        "source": source,
        "mode": mode,
    }


def redelivered(original: WebhookEvent) -> WebhookEvent:
    """*original* as LINE sends it again: the same but for ``isRedelivery``."""
    again = copy.deepcopy(original)
    again["deliveryContext"]["isRedelivery"] = True
    return again


def body(destination: str, events: Sequence[WebhookEvent]) -> bytes:
    """The bytes of one webhook. Without events it is LINE's check that the URL works."""
    return orjson.dumps({"destination": destination, "events": list(events)})


def sign(secret: str, content: bytes) -> str:
    """The value of ``x-line-signature`` (LINE's reference, "Signature validation")."""
    return base64.b64encode(hmac.digest(secret.encode(), content, hashlib.sha256)).decode()
