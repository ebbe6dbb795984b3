"""Where LINE sends its webhooks, as the API tells, sets and tests it.

The address is only kept: what our LINE has to say to the bot goes where the simulator's app is,
never to an address of the network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

import orjson

from bot.clock import Clock
from bot.simulator.fake_line import checks
from bot.simulator.fake_line.asked import Answer, Asked, Endpoint
from bot.simulator.fake_line.refusals import RefusalError

Knock = Callable[[bytes], int]
"""Posts a webhook's body to the bot, signed; the status it answers. Raises OSError for none."""


class WebhookSettings:
    """The bot's webhook. ``endpoint`` is its address, "" while none is set; ``knock`` is how a
    test reaches the bot, None while nobody answers there."""

    def __init__(self, clock: Clock, bot_id: str) -> None:
        self.endpoint = ""
        self.knock: Knock | None = None
        self._clock, self._bot_id = clock, bot_id

    def endpoints(self) -> Sequence[Endpoint]:
        path = "/v2/bot/channel/webhook/endpoint"
        return (
            Endpoint("GET", path, self._get),
            Endpoint("PUT", path, self._set),
            Endpoint("POST", "/v2/bot/channel/webhook/test", self._test),
        )

    def _get(self, asked: Asked) -> Answer:
        return Answer({"endpoint": self._must_be_set(), "active": True})

    def _set(self, asked: Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"endpoint": str}, ("endpoint",))
        self.endpoint = _must_be_good(body["endpoint"])
        return Answer()

    async def _test(self, asked: Asked) -> Answer:
        body = asked.read() if asked.content else {}
        checks.must_be(body, {"endpoint": str}, ())
        _must_be_good(body.get("endpoint") or self._must_be_set())
        empty = orjson.dumps({"destination": self._bot_id, "events": []})
        # Not on our own loop: whoever is knocked at may be calling us.
        found = await asyncio.to_thread(_knocked, self.knock, empty)
        at = self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
        return Answer({**found, "timestamp": at.replace("+00:00", "Z")})

    def _must_be_set(self) -> str:
        if not self.endpoint:
            raise RefusalError(404, "Webhook endpoint not found")
        return self.endpoint


def _must_be_good(url: str) -> str:
    """*url* unchanged. Raises RefusalError for what LINE sends no webhook to."""
    try:
        parts = urlsplit(url)
        good = parts.scheme == "https" and parts.hostname is not None
    except ValueError:
        good = False
    if not good or checks.excess("webhook.endpoint", url):
        raise RefusalError(400, "Invalid webhook endpoint URL")
    return url


def _knocked(knock: Knock | None, body: bytes) -> Mapping[str, Any]:
    """What LINE tells of a webhook it sent (#test-webhook-endpoint)."""
    if knock is None:
        return _failed("COULD_NOT_CONNECT", "Failure to connect")
    try:
        status = knock(body)
    except TimeoutError:
        return _failed("REQUEST_TIMEOUT", "Request timeout")
    except OSError:
        return _failed("COULD_NOT_CONNECT", "Failure to connect")
    told = {"statusCode": status, "detail": str(status)}
    if 200 <= status < 300:
        return {"success": True, "reason": "OK", **told}
    return {"success": False, "reason": "ERROR_STATUS_CODE", **told}


def _failed(reason: str, detail: str) -> Mapping[str, Any]:
    return {"success": False, "statusCode": 0, "reason": reason, "detail": detail}
