"""Sends replies to LINE, and says for certain what became of each - or that nobody knows.

Not through the SDK: its models drop what they do not know, serialising one card costs it a
millisecond, its pool holds ten connections and its time-out is five minutes. Here is one
session for the whole process; the tests hold its requests against the SDK's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import orjson

REPLY = "/v2/bot/message/reply"

POOL = 512
"""Connections at once: LINE's own limit of 2,000 replies a second, at 250 ms each."""

TIMEOUT = 5.0
"""Seconds for one call, all told. A reply token lives for a minute: time for several tries."""

CONNECT_TIMEOUT = 2.0
"""Seconds of it for reaching LINE."""

LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read. LINE's are a few hundred."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """LINE took the messages. ``request_id`` is its ``x-line-request-id``, for the log."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """LINE refused (4xx): nothing was delivered, and the same again is refused again.

    ``message`` is LINE's own, such as "Invalid reply token"; it may change without notice, and
    is empty when the answer held none.
    """

    status: int
    message: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether LINE took it. The same token may be used again: LINE takes it once.

    ``reason`` is one of ``timeout``, ``no connection``, ``connection lost``, ``unreadable
    answer`` and ``status NNN``. ``left`` is False only where no byte of the request can have
    left this machine, so nothing was delivered for sure.
    """

    reason: str
    request_id: str = ""
    left: bool = True


Answer = Accepted | Refused | Unknown


class LineClient:
    """LINE's Messaging API at *base*, for as long as ``async with`` lasts.

    Made inside the running loop, once a process. Raises ValueError for a *token* that no HTTP
    header can carry, without showing it.
    """

    def __init__(
        self,
        base: str,
        token: str,
        *,
        timeout: float = TIMEOUT,
        connect_timeout: float = CONNECT_TIMEOUT,
        pool: int = POOL,
    ) -> None:
        if not token or any(not "!" <= character <= "~" for character in token):
            raise ValueError("a channel access token is visible ASCII without spaces")
        self._reply_url = base.rstrip("/") + REPLY
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",  # nothing to unpack, so nothing that swells
            "User-Agent": "taikai-navi",
        }
        self._timeout = aiohttp.ClientTimeout(
            total=timeout, connect=connect_timeout, sock_connect=connect_timeout
        )
        self._pool = pool
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._pool, limit_per_host=0),
            headers=self._headers,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,  # a proxy in the environment is not asked for, and halves the speed
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def reply(self, token: str, messages: Sequence[Mapping[str, object]]) -> Answer:
        """Send *messages* by a reply *token*, once. Network trouble is an answer, never raised.

        Never with ``X-Line-Retry-Key``: LINE refuses it on a reply (#retry-api-request); the
        token itself is what makes a second try harmless. The phone stays silent: whoever gets
        an answer is looking at the chat.

        Raises RuntimeError outside ``async with``.
        """
        if self._session is None:
            raise RuntimeError("LineClient is used inside 'async with'")
        body = orjson.dumps(
            {"replyToken": token, "messages": messages, "notificationDisabled": True}
        )
        try:
            async with self._session.post(
                self._reply_url, data=body, allow_redirects=False
            ) as response:
                return await _answer(response)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError):
            return Unknown("no connection", left=False)
        except TimeoutError:
            return Unknown("timeout")
        except (aiohttp.ClientError, OSError):
            return Unknown("connection lost")


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    """What LINE's *response* means. Only LINE's own 200 and 4xx say anything for certain."""
    status = response.status
    request_id = response.headers.get("x-line-request-id", "")
    if status != 200 and not 400 <= status < 500:
        return Unknown(f"status {status}", request_id)
    try:
        said = await _json(response)
    except (aiohttp.ClientError, OSError):
        said = None
    if status != 200:
        message = said.get("message") if said else None
        return Refused(status, message if isinstance(message, str) else "", request_id)
    return Accepted(request_id) if said is not None else Unknown("unreadable answer", request_id)


async def _json(response: aiohttp.ClientResponse) -> dict[str, object] | None:
    """The JSON object that *response* holds; None if it is longer than we read, or none."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LONGEST_ANSWER:
            return None
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
