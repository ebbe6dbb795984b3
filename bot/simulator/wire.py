"""One HTTP request, byte for byte as it was made: how a webhook travels."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

TIMEOUT = 10.0
"""Seconds. LINE itself gives up after two; what is slower than that is for a test to find out."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post *body* as LINE posts JSON; the status of the answer. Raises OSError for none."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
    try:
        json = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "LineBotWebhook/2.0",
        }
        connection.request("POST", parts.path, body, {**json, **headers})
        response = connection.getresponse()
        response.read()
        return response.status
    except http.client.HTTPException as error:
        raise ConnectionError(f"no HTTP answer: {type(error).__name__}") from error
    finally:
        connection.close()
