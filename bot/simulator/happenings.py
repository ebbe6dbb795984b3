"""What can happen on LINE, each as the part of a webhook event that is its own.

Shapes: LINE's reference, "Webhook event objects". What is common to all events (ids, time,
who) is added by `envelope`.
"""

from __future__ import annotations

from typing import Any

from bot.simulator.fake_line.mint import Mint

Fields = dict[str, Any]

STICKER = {"packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC"}
"""One of the stickers that come with LINE."""

HAVE_REPLY_TOKEN = frozenset(
    {"message", "follow", "join", "memberJoined", "postback", "beacon", "accountLink", "telepathy"}
)
"""Types of event that can be answered. "telepathy" is the type nobody has heard of."""

SENDABLE = ("sticker", "image", "video", "audio", "file", "location", "hologram")
"""Kinds of message besides text. "hologram" is the kind nobody has heard of."""


TAPPABLE = frozenset(
    {
        *("postback", "message", "uri", "clipboard", "datetimepicker"),
        *("camera", "cameraRoll", "location", "richmenuswitch"),
    }
)
"""Types of action a button in a chat may have (LINE's reference, "Action objects")."""


def follow(*, unblocked: bool = False) -> Fields:
    """Somebody adds the account as a friend, or takes back having blocked it."""
    return {"type": "follow", "follow": {"isUnblocked": unblocked}}


def unfollow() -> Fields:
    """Somebody blocks the account."""
    return {"type": "unfollow"}


def text(words: str, mint: Mint) -> Fields:
    """Somebody writes *words*."""
    return _message({"type": "text", "text": words}, mint, quotable=True)


def sent(kind: str, mint: Mint) -> Fields:
    """Somebody sends something of *kind*, one of `SENDABLE`. Raises ValueError for another."""
    line = {"contentProvider": {"type": "line"}}
    match kind:
        case "sticker":
            rest: Fields = {**STICKER, "keywords": ["OK", "了解"]}
        case "image":
            rest = line
        case "video":
            rest = {"duration": 60_000, **line}
        case "audio":
            rest = {"duration": 4_200, **line}
        case "file":
            rest = {"fileName": "履歴書.pdf", "fileSize": 20_138}
        case "location":
            rest = {
                "title": "東京駅",
                "address": "東京都千代田区丸の内1丁目",
                "latitude": 35.681236,
                "longitude": 139.767125,
            }
        case "hologram":
            rest = {"depth": 3}
        case _:
            raise ValueError(f"{kind!r} is none of {', '.join(SENDABLE)}")
    return _message({"type": kind, **rest}, mint, quotable=kind in ("sticker", "image", "video"))


def postback(data: str, params: Fields | None = None) -> Fields:
    """Somebody taps a button that carries *data*; *params* are what a date picker adds."""
    return {"type": "postback", "postback": {"data": data} | ({"params": params} if params else {})}


def unsend(message_id: str) -> Fields:
    """Somebody takes the message *message_id* back."""
    return {"type": "unsend", "unsend": {"messageId": message_id}}


def join() -> Fields:
    """Somebody invites the account into a group or a multi-person chat."""
    return {"type": "join"}


def leave() -> Fields:
    """Somebody removes the account from a group."""
    return {"type": "leave"}


def beacon() -> Fields:
    """Somebody's phone comes near a LINE beacon."""
    return {"type": "beacon", "beacon": {"hwid": "d41d8cd98f", "type": "enter"}}


def account_link() -> Fields:
    """Somebody links their LINE account with a service's."""
    return {"type": "accountLink", "link": {"result": "ok", "nonce": "xxxxxxxxxxxxxxx"}}


def unheard_of() -> Fields:
    """An event of a type LINE may add tomorrow without notice."""
    return {"type": "telepathy", "telepathy": {"thought": "…"}}


def _message(content: Fields, mint: Mint, *, quotable: bool) -> Fields:
    tokens = {"quoteToken": mint.quote_token()} if quotable else {}
    content = {"id": mint.message_id(), **content, **tokens, "markAsReadToken": mint.quote_token()}
    return {"type": "message", "message": content}
