"""``POST /callback``: bytes in → proven to be LINE's → heard → stored → 200.

LINE waits two seconds (messaging-api/check-webhook-error-statistics) and, where redelivery is
switched on, sends again what was not answered with 200. So 200 is said when every event is on
the disk or knowingly ignored, and never before.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Callable, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.engine.accept import Item, Reception
from bot.line.heard import Heard, Ignored, Joined, Left
from bot.logs import logger, where
from bot.store.port import StoreDownError

BODY_LIMIT = 1024 * 1024
"""Bytes. LINE names no limit; a hundred events are about 60 KB."""

BODY_SECONDS = 5.0
"""A sender slower than this is not LINE, which has given up after two."""

STORE_SECONDS = 1.2
"""Of LINE's two seconds; the rest is for the way and for reading the body."""

Hear = Callable[[bytes], Sequence[Heard | Left | Joined | Ignored]]


class Webhook:
    """Answers LINE's webhook calls."""

    def __init__(self, secrets: Sequence[str], hear: Hear, reception: Reception) -> None:
        """Signatures made with any of *secrets* are good, so that one can follow the other."""
        self._secrets = [secret.encode() for secret in secrets]
        self._hear = hear
        self._reception = reception

    async def callback(self, request: Request) -> Response:
        """200 stored, 401 not signed by LINE, 413 too large, 503 not stored."""
        begun = time.monotonic()
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            return _answer(415)  # the signature is over what was sent; LINE packs nothing
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.body()
        except TimeoutError:
            return _answer(408)
        except ClientDisconnect:
            return _answer(400)
        if not self._is_signed(body, request):
            logger().warning("webhook", status=401)
            return _answer(401)

        items = self._hear(body)
        failed = await self._take(items)
        status = 503 if failed else 200
        logger().info(
            "webhook",
            status=status,
            events=len(items),
            failed=failed,
            ms=round((time.monotonic() - begun) * 1000),
        )
        return _answer(status)

    def _is_signed(self, body: bytes, request: Request) -> bool:
        """Whether LINE signed exactly these bytes (reference/messaging-api/#signature-validation).

        The digest is always computed, for every secret, and compared in constant time.
        """
        given = [value for name, value in request.headers.raw if name == b"x-line-signature"]
        signature = given[0] if len(given) == 1 else b""
        good = False
        for secret in self._secrets:
            digest = base64.b64encode(hmac.digest(secret, body, hashlib.sha256))
            good |= hmac.compare_digest(digest, signature)
        return good

    async def _take(self, items: Sequence[Heard | Left | Joined | Ignored]) -> int:
        """Store what is to be stored; returns how many people's events could not be."""
        ignored = Counter(item.reason.value for item in items if isinstance(item, Ignored))
        for reason, count in ignored.items():
            logger().info("ignored", reason=reason, count=count)

        people: dict[bytes, list[Item]] = {}
        for item in items:
            if not isinstance(item, Ignored):
                people.setdefault(self._reception.key(item), []).append(item)
        if not people:
            return 0
        try:
            # What does not fit goes on in the store all the same; only the 200 is lost.
            async with asyncio.timeout(STORE_SECONDS):
                taken = [self._take_in_order(key, events) for key, events in people.items()]
                results = await asyncio.gather(*taken) if len(taken) > 1 else [await taken[0]]
        except TimeoutError:
            logger().error("webhook too slow", events=len(items))
            return len(people)
        return results.count(False)

    async def _take_in_order(self, key: bytes, items: list[Item]) -> bool:
        """Take one person's events as they happened. False when one could not be stored."""
        for item in sorted(items, key=lambda item: item.at):
            try:
                await self._reception.take(item, key)
            except StoreDownError:
                return False
            except Exception as error:
                logger().error("event not stored", error=type(error).__name__, where=where(error))
                return False
        return True


def _answer(status: int) -> Response:
    return PlainTextResponse("" if status == 200 else str(status), status)
