"""Sends answers to LINE, and says for certain what became of each - or that nobody knows.

Not through the SDK: its models drop what they do not know, serialising one card costs it a
millisecond, its pool holds ten connections and its time-out is five minutes. Here are
connections for the whole process; the tests hold their requests against the SDK's own.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import orjson

from bot.line.connection import Failure, Response
from bot.line.http import Connections

REPLY = b"/v2/bot/message/reply"
PUSH = b"/v2/bot/message/push"
BOT_INFO = b"/v2/bot/info"

RETRY_KEY = b"X-Line-Retry-Key"

POOL = 512
"""Connections at once: LINE's own limit of 2,000 replies a second, at 250 ms each."""

TIMEOUT = 5.0
"""Seconds for one call, all told. A reply token lives for a minute: time for several tries."""

CONNECT_TIMEOUT = 2.0
"""Seconds of it for reaching LINE."""


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
        self._base = base.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",  # nothing to unpack, so nothing that swells
            "User-Agent": "taikai-navi",
        }
        self._timeout, self._connect_timeout, self._pool = timeout, connect_timeout, pool
        self._connections: Connections | None = None

    async def __aenter__(self) -> Self:
        self._connections = Connections(
            self._base,
            self._headers,
            timeout=self._timeout,
            connect=self._connect_timeout,
            limit=self._pool,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connections is not None:
            connections, self._connections = self._connections, None
            await connections.close()

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
        return _answer(await self._running().post(REPLY, body))

    async def push(self, to: str, messages: bytes, retry_key: str) -> Answer:
        """Send *messages*, a JSON array, to the person *to*; it counts against the month's quota.

        The same *retry_key* with the same messages is delivered once, for 24 hours: LINE
        answers a repetition 409, which is Accepted here (#retry-api-request). The phone tells
        of it: the answer comes late, so nobody is looking at the chat.

        Raises ValueError for a *retry_key* that is no UUID, for without a good one a second try
        would be a second message; otherwise as `reply`.
        """
        line = b"%b: %b\r\n" % (RETRY_KEY, str(uuid.UUID(retry_key)).encode())
        body = b'{"to":%b,"messages":%b,"notificationDisabled":false}' % (
            orjson.dumps(to),
            messages,
        )
        return _answer(await self._running().post(PUSH, body, line), keyed=True)

    async def bot_user_id(self) -> str | None:
        """The account's own user id, which every webhook names as its destination.

        None when LINE did not tell (#get-bot-info). Raises RuntimeError outside ``async with``.
        """
        response = await self._running().get(BOT_INFO)
        said = None
        if isinstance(response, Response) and response.status == 200:
            said = _json(response.body)
        found = said.get("userId") if said else None
        return found if isinstance(found, str) and _USER_ID.fullmatch(found) else None

    def _running(self) -> Connections:
        if self._connections is None:
            raise RuntimeError("LineClient is used inside 'async with'")
        return self._connections


def _answer(response: Response | Failure, *, keyed: bool = False) -> Answer:
    """What LINE's *response* means. Only LINE's own 200 and 4xx say anything for certain."""
    if isinstance(response, Failure):
        return Unknown(response.reason, left=response.left)
    status = response.status
    request_id = _text(response, b"x-line-request-id")
    if status != 200 and not 400 <= status < 500:
        return Unknown(f"status {status}", request_id)
    if keyed and status == 409:
        return Accepted(request_id, _text(response, b"x-line-accepted-request-id"))
    said = _json(response.body)
    if status != 200:
        message = said.get("message") if said else None
        return Refused(status, message if isinstance(message, str) else "", request_id)
    return Accepted(request_id) if said is not None else Unknown("unreadable answer", request_id)


def _text(response: Response, name: bytes) -> str:
    """The header *name*, empty where there is none."""
    return response.headers.get(name, b"").decode("ascii", "backslashreplace")


def _json(body: bytes | None) -> dict[str, object] | None:
    """The JSON object that *body* holds; None if it holds none, or did not arrive whole."""
    try:
        value = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
