"""Sends answers to LINE, and says for certain what became of each - or that nobody knows.

Not through the SDK: its models drop what they do not know, serialising one card costs it a
millisecond, its pool holds ten connections and its time-out is five minutes. Here is one
session for the whole process; the tests hold its requests against the SDK's own.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import orjson
from yarl import URL

REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"
BOT_INFO = "/v2/bot/info"

RETRY_KEY = "X-Line-Retry-Key"

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
    """LINE took the messages. ``request_id`` is its ``x-line-request-id``, for the log.

    ``earlier_id`` is the id of the earlier request that brought them, where this one only
    repeated it under the same retry key (``x-line-accepted-request-id``).
    """

    request_id: str
    earlier_id: str = ""


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
    """Nobody knows whether LINE took it. The same token or retry key may be used again: LINE
    takes either once.

    ``reason`` is one of ``timeout``, ``no connection``, ``connection lost``, ``unreadable
    answer`` and ``status NNN``. ``left`` is False only where no byte of the request can have
    left this machine, so nothing was delivered for sure.
    """

    reason: str
    request_id: str = ""
    left: bool = True


Answer = Accepted | Refused | Unknown

_USER_ID = re.compile(r"U[0-9a-f]{32}")


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
        base = base.rstrip("/")
        # Parsed once, not for each call.
        self._reply_url, self._push_url = URL(base + REPLY), URL(base + PUSH)
        self._info_url = URL(base + BOT_INFO)
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

    async def reply(self, token: str, messages: bytes) -> Answer:
        """Send *messages*, a JSON array, by a reply *token*, once.

        Never with a retry key: LINE refuses it on a reply (#retry-api-request); the token
        itself is what makes a second try harmless. The phone stays silent: whoever gets an
        answer is looking at the chat.

        Network trouble is an answer, never raised. Raises RuntimeError outside ``async with``.
        """
        body = b'{"replyToken":%b,"messages":%b,"notificationDisabled":true}' % (
            orjson.dumps(token),
            messages,
        )
        return await self._post(self._reply_url, body)

    async def push(self, to: str, messages: bytes, retry_key: str) -> Answer:
        """Send *messages*, a JSON array, to the person *to*; it counts against the month's quota.

        The same *retry_key* with the same messages is delivered once, for 24 hours: LINE
        answers a repetition 409, which is Accepted here (#retry-api-request). The phone tells
        of it: the answer comes late, so nobody is looking at the chat.

        Raises ValueError for a *retry_key* that is no UUID, for without a good one a second try
        would be a second message; otherwise as `reply`.
        """
        headers = {RETRY_KEY: str(uuid.UUID(retry_key))}
        body = b'{"to":%b,"messages":%b,"notificationDisabled":false}' % (
            orjson.dumps(to),
            messages,
        )
        return await self._post(self._push_url, body, headers)

    async def bot_user_id(self) -> str | None:
        """The account's own user id, which every webhook names as its destination.

        None when LINE did not tell (#get-bot-info). Raises RuntimeError outside ``async with``.
        """
        session = self._running()
        try:
            async with session.get(self._info_url, allow_redirects=False) as response:
                said = await _json(response) if response.status == 200 else None
        except (aiohttp.ClientError, OSError):  # TimeoutError is an OSError
            return None
        found = said.get("userId") if said else None
        return found if isinstance(found, str) and _USER_ID.fullmatch(found) else None

    async def _post(self, url: URL, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        session = self._running()
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return await _answer(response, keyed=headers is not None)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError):
            return Unknown("no connection", left=False)
        except TimeoutError:
            return Unknown("timeout")
        except (aiohttp.ClientError, OSError):
            return Unknown("connection lost")

    def _running(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("LineClient is used inside 'async with'")
        return self._session


async def _answer(response: aiohttp.ClientResponse, *, keyed: bool) -> Answer:
    """What LINE's *response* means. Only LINE's own 200 and 4xx say anything for certain."""
    status, headers = response.status, response.headers
    request_id = headers.get("x-line-request-id", "")
    if status != 200 and not 400 <= status < 500:
        return Unknown(f"status {status}", request_id)
    if keyed and status == 409:
        return Accepted(request_id, headers.get("x-line-accepted-request-id", ""))
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
    content = response.content
    body = bytearray(await content.readany())
    while not content.at_eof() and len(body) <= LONGEST_ANSWER:
        body += await content.readany()
    if len(body) > LONGEST_ANSWER:
        return None
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
