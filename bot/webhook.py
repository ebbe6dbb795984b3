"""``POST /callback``: bytes in → proven to be LINE's → heard → stored → 200.

LINE waits two seconds (messaging-api/check-webhook-error-statistics) and, where redelivery is
switched on, sends again what was not answered with 200. So 200 is said when every event is on
the disk or knowingly ignored, and never before.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import Callable, Sequence
from functools import cache

from starlette.types import Message, Receive, Scope, Send

from bot.body import GoneError, TooLargeError, read
from bot.deadlines import Deadlines
from bot.engine.accept import RECORDED, Item, Reception
from bot.engine.metrics import Metrics
from bot.headers import bound
from bot.line.heard import Heard, Ignored, Joined, Left, Unsent
from bot.logs import logger, where
from bot.mac import Mac
from bot.store.port import StoreDownError
from bot.throttle import Throttle, could_be_signed

BODY_LIMIT = 1024 * 1024
"""Bytes. LINE names no limit; a hundred events are about 60 KB."""

BODY_SECONDS = 5.0
"""A sender slower than this is not LINE, which has given up after two."""

SIGNATURE = b"x-line-signature"
ENCODING = b"content-encoding"

AT_ONCE = 256
"""Webhooks taken in at the same time. More could not all be stored before LINE gives up on them:
they would only keep each other waiting, also after whatever slowed us down is over. LINE sends
those turned away again."""

Hear = Callable[[bytes], Sequence[Heard | Left | Joined | Unsent | Ignored]]


class Webhook:
    """Answers LINE's webhook calls: an ASGI application.

    200 stored, 401 not signed by LINE, 408 too slow, 413 too large, 415 packed, 429 enough of it,
    503 not stored.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        hear: Hear,
        reception: Reception,
        throttle: Throttle,
        metrics: Metrics,
    ) -> None:
        """Signatures made with any of *secrets* are good, so that one can follow the other.

        Made inside the running loop.
        """
        self._macs = [Mac(secret.encode()) for secret in secrets]
        self._hear = hear
        self._reception = reception
        self._throttle = throttle
        self._under_way = 0
        self._reading = Deadlines(BODY_SECONDS)
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ``POST``."""
        try:
            status = await self._status(scope, receive)
        except GoneError:
            return
        except Exception as error:
            logger().error("webhook failed", error=type(error).__name__, where=where(error))
            status = 500
        start, text = _answer(status)
        await send(start)
        await send(text)

    async def _status(self, scope: Scope, receive: Receive) -> int:
        """The status to answer with."""
        signatures, is_packed = [], False
        for name, value in scope["headers"]:
            if name == SIGNATURE:
                signatures.append(value)
            elif name == ENCODING and value.lower() != b"identity":
                is_packed = True
        client = scope["client"][0] if scope["client"] else ""
        if not could_be_signed(signatures) and not self._throttle.allow(client):
            self._metrics.throttled()
            return 429
        if is_packed:
            return 415  # the signature is over what was sent; LINE packs nothing
        try:
            body = await read(scope, receive, BODY_LIMIT, self._reading)
        except TooLargeError:
            return 413
        except TimeoutError:
            return 408
        return await self.take(body, signatures[0] if len(signatures) == 1 else b"", client)

    async def take(self, body: bytes, signature: bytes, client: str = "") -> int:
        """Take in what LINE posted from the address *client*; the status to answer it with."""
        begun = self._loop.time()
        if not self._is_signed(body, signature):
            if self._throttle.failed(client):
                logger().warning("webhook", status=401)
            self._metrics.webhook(401, self._loop.time() - begun)
            return 401
        heard = self._hear(body)
        status = await self._stored(self._to_record(heard))
        seconds = self._loop.time() - begun
        self._metrics.webhook(status, seconds)
        logger().info("webhook", status=status, events=len(heard), ms=round(seconds * 1000))
        return status

    async def _stored(self, items: Sequence[Item]) -> int:
        """200 once *items* are on the disk, 503 when they could not be put there."""
        if not items:
            return 200
        if self._under_way >= AT_ONCE:
            return 503
        self._under_way += 1
        try:
            await self._reception.take_all(items)
        except StoreDownError:
            return 503
        finally:
            self._under_way -= 1
        return 200

    def _is_signed(self, body: bytes, signature: bytes) -> bool:
        """Whether LINE signed exactly these bytes (reference/messaging-api/#signature-validation).

        The digest is always computed, for every secret, and compared in constant time.
        """
        good = False
        for mac in self._macs:
            good |= hmac.compare_digest(base64.b64encode(mac.digest(body)), signature)
        return good

    def _to_record(self, heard: Sequence[Heard | Left | Joined | Unsent | Ignored]) -> list[Item]:
        """What of *heard* is to be written down; the rest is only counted."""
        ignored = [item.reason for item in heard if isinstance(item, Ignored)]
        if not ignored:
            return list(heard)
        for reason in sorted(set(ignored)):
            self._metrics.ignored(reason, ignored.count(reason))
            logger().info("ignored", reason=reason.value, count=ignored.count(reason))
        return [item for item in heard if not isinstance(item, Ignored) or _is_recorded(item)]


def _is_recorded(item: Ignored) -> bool:
    return item.reason in RECORDED and item.event_id != "" and item.person != ""


@cache
def _answer(status: int) -> tuple[Message, Message]:
    """An answer's two ASGI messages. Whoever sends them leaves them as they are."""
    text = b"" if status == 200 else b"%d" % status
    kind = [(b"content-type", b"text/plain")] if text else []
    headers = bound(*kind, (b"content-length", b"%d" % len(text)))
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": text},
    )
