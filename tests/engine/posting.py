"""Webhooks as LINE posts them: real bodies, real signatures, a real socket."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import itertools
import json
import time
from typing import Any
from urllib.parse import urlsplit

from tests.engine.standin import SECRET

_numbers = itertools.count(1)


def user(number: int = 1) -> str:
    """The LINE id of some person."""
    return f"Uc4nary{number:026x}"


def event(
    what: str | dict[str, Any] = "こんにちは", *, who: int = 1, ago: float = 0.0, **changes: Any
) -> dict[str, Any]:
    """An event of *who*, *ago* seconds old: words, or the fields that make another kind."""
    number = next(_numbers)
    made: dict[str, Any] = {
        "type": "message",
        "mode": "active",
        "timestamp": round((time.time() - ago) * 1000),
        "webhookEventId": f"01K{number:023}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": user(who)},
        "replyToken": f"c4narytoken{number:021}",
    }
    if isinstance(what, str):
        made["message"] = {"type": "text", "id": str(number), "quoteToken": "q", "text": what}
    else:
        made |= what
    return made | changes


def body(*events: object) -> bytes:
    """A webhook's body."""
    return json.dumps({"destination": "U" + "0" * 32, "events": events}).encode()


def signature(data: bytes, secret: str = SECRET) -> str:
    """What LINE writes into ``x-line-signature``."""
    return base64.b64encode(hmac.digest(secret.encode(), data, hashlib.sha256)).decode()


def post(
    base: str, data: bytes, headers: dict[str, str] | None = None, path: str = "/callback"
) -> int:
    """Post *data*, signed unless *headers* say otherwise; returns the status."""
    return request(base, "POST", path, data, headers)[0]


def request(
    base: str,
    method: str,
    path: str,
    data: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of one call on a connection of its own."""
    if headers is None:
        headers = {"X-Line-Signature": signature(data or b"")}
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return response.status, names, response.read()
    finally:
        connection.close()


def tell(base: str, *events: object) -> int:
    """Post *events* as one signed webhook."""
    return post(base, body(*events))
