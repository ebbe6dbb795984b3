"""A LINE that takes replies as fast as one core can, and knows each token it waits for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from time import perf_counter
from typing import Self, cast

import httptools

from tests.bench.traffic import BOT

REPLY = b"/v2/bot/message/reply"
INFO = b"/v2/bot/info"

_TOKEN = re.compile(rb'"replyToken":\s*"([0-9a-f]{32})"')


def _answer(status: bytes, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nX-Line-Request-Id: bench\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (status, len(body), body)
    )


_TAKEN = _answer(b"200 OK", b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}')
_KNOWN = _answer(b"200 OK", b'{"userId":"%s","basicId":"@bench","displayName":"bench",'
                 b'"chatMode":"bot","markAsReadMode":"auto"}' % BOT.encode())  # fmt: skip
_REFUSED = _answer(b"400 Bad Request", b'{"message":"Invalid reply token"}')
_UNKNOWN = _answer(b"404 Not Found", b'{"message":"Not found"}')


class FakeLine:
    """Listens on loopback while ``async with`` lasts. ``delay`` seconds before it answers.

    ``waited_for`` holds the tokens whose reply is still to come, each with the time from which
    it is counted. ``took`` are the seconds each reply took since then. ``given_up`` holds the
    tokens of webhooks that were refused: their reply may come or not. ``unasked`` counts the
    replies nobody waited for: a token used twice, or never given out.
    """

    def __init__(self) -> None:
        self.delay = 0.0
        self.port = 0
        self.waited_for: dict[bytes, float] = {}
        self.took: list[float] = []
        self.given_up: set[bytes] = set()
        self.unasked = 0
        self.last = 0.0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def base(self) -> str:
        """What `LINE_API_BASE` is set to."""
        return f"http://127.0.0.1:{self.port}"

    def give_up(self, tokens: Iterable[bytes]) -> None:
        """Wait for the replies of *tokens* no more; but they may come."""
        for token in tokens:
            if self.waited_for.pop(token, None) is not None:
                self.given_up.add(token)

    def take(self, body: bytes, now: float) -> bytes:
        """The answer to a reply that came at *now*."""
        found = _TOKEN.search(body)
        token = found[1] if found else b""
        since = self.waited_for.pop(token, None)
        if since is None:
            if token not in self.given_up:
                self.unasked += 1
                return _REFUSED
            self.given_up.discard(token)
            return _TAKEN
        self.took.append(now - since)
        self.last = now
        return _TAKEN


class _Connection(asyncio.Protocol):
    def __init__(self, line: FakeLine) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._body = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url, self._body = url, b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._url == REPLY:
            answer = self._line.take(self._body, perf_counter())
        else:
            answer = _KNOWN if self._url == INFO else _UNKNOWN
        if self._line.delay:
            self._loop.call_later(self._line.delay, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)
