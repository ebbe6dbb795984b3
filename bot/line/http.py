"""HTTP/1.1 to one server, in as few steps as a small call needs.

Answering somebody is one small POST, so what the client costs is a good part of what an event
costs; and whether an answer may be said again depends on whether a byte of it was ever given to
the network, which client libraries do not tell. TLS is always verified.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import OrderedDict
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from functools import partial
from socket import AF_INET, SOCK_STREAM
from typing import Any, cast
from urllib.parse import urlsplit

from bot.line.connection import NO_CONNECTION, Call, Connection, Failure, Response

IDLE = 15.0
"""Seconds a connection is kept unused: less than servers keep one. A request that meets one just
being closed is lost, and nobody can say whether it was read."""

LOOKUP = 10.0
"""Seconds an address is good for: hundreds of connections at once ask the name server once."""

Answering = Coroutine[Any, Any, Response | Failure]
"""What a call gives at once, to be awaited."""

_SERVER = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


class Connections:
    """Connections to the server at *base*, up to *limit*, kept open and used again, last first.

    *headers* go with every request. *timeout* seconds are for a whole call, *connect* of them for
    getting hold of a connection; calls beyond the limit stand in line for one. Made inside the
    running loop. Raises ValueError for a *base* other than ``http(s)://host[:port]``.
    """

    def __init__(
        self, base: str, headers: Mapping[str, str], *, timeout: float, connect: float, limit: int
    ) -> None:
        parts = urlsplit(base)
        if not _SERVER.fullmatch(base) or parts.hostname is None:
            raise ValueError("a server is named http(s)://host or http(s)://host:port, in ASCII")
        self._host, self._port, self._secure = parts.hostname, parts.port or 80, dict[str, Any]()
        if parts.scheme == "https":
            self._port = parts.port or 443
            self._secure = {"ssl": ssl.create_default_context(), "server_hostname": self._host}
            self._secure["ssl"].set_alpn_protocols(["http/1.1"])
        lines = {"Host": parts.netloc, **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
        self._timeout, self._connect, self._limit = timeout, min(connect, timeout), limit
        self._loop, self._new = asyncio.get_running_loop(), partial(Connection, self)
        self._waiting = OrderedDict[Call, None]()
        self._opening, self.open = set[asyncio.Task[None]](), set[Connection]()
        self._idle = dict[Connection, float]()  # since when, the longest first
        self._sweeper = self._loop.call_later(IDLE, self._sweep)
        self._resolving, self._resolve_at, self._addresses = asyncio.Lock(), 0.0, list[str]()
        self._closed: asyncio.Future[None] | None = None

    def post(self, path: bytes, body: bytes, lines: bytes = b"") -> Answering:
        """Send *body* to *path*; *lines* are header lines of this request, each with its CRLF."""
        lines = b"%b%bContent-Length: %d\r\n" % (self._head, lines, len(body))
        return self._answer(b"POST %b HTTP/1.1\r\n%b\r\n%b" % (path, lines, body))

    def get(self, path: bytes) -> Answering:
        """Ask for *path*."""
        return self._answer(b"GET %b HTTP/1.1\r\n%b\r\n" % (path, self._head))

    async def close(self) -> None:
        """End every connection, and with it every call; done when the last one is gone."""
        self._closed = self._loop.create_future()
        while self._waiting:
            self._waiting.popitem()[0].end(NO_CONNECTION)
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for connection in list(self.open):
            connection.end()
        self._sweeper.cancel()
        if self.open:
            await self._closed

    async def _answer(self, request: bytes) -> Response | Failure:
        if self._closed:
            return NO_CONNECTION
        now = self._loop.time()
        call = Call(self._loop, request, now + self._timeout)
        call.timer = self._loop.call_at(now + self._connect, self._late, call)
        while self._idle:
            connection, since = self._idle.popitem()
            if now - since < IDLE and not connection.transport.is_closing():
                connection.send(call)
                break
            connection.end()
        else:
            self._waiting[call] = None
            self._open_more()
        try:
            return await call.answer
        finally:  # a call that ended has nothing left of this, a cancelled one has
            call.timer.cancel()
            self._waiting.pop(call, None)
            if call.connection is not None:
                call.connection.end()

    def _late(self, call: Call) -> None:
        """The call's one timer: first for having no connection, then for having no answer."""
        if call.connection is None:
            del self._waiting[call]
            call.end(NO_CONNECTION)
        elif self._loop.time() < call.until:
            call.timer = self._loop.call_at(call.until, self._late, call)
        else:
            call.connection.end("timeout")

    def _open_more(self) -> None:
        """See that a connection is on its way for each call that waits, as far as there is room."""
        wanted = min(len(self._waiting), self._limit - len(self.open))
        while len(self._opening) < wanted and self._closed is None:
            self._opening.add(self._loop.create_task(self._opened()))

    async def _opened(self) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        timer, connection = self._loop.call_later(self._connect, task.cancel), None
        try:
            with suppress(OSError, UnicodeError):  # the latter: no name for a name server
                connection = await self._reached()
        finally:
            timer.cancel()
            self._opening.discard(task)
            if connection is not None and not connection.transport.is_closing():
                self.free(connection)
            elif len(self._waiting) > len(self._opening):
                self._waiting.popitem(last=False)[0].end(NO_CONNECTION)
            self._open_more()

    async def _reached(self) -> Connection | None:
        """A new connection, TLS and all, or none. Raises OSError for a name without address."""
        async with self._resolving:
            if self._loop.time() >= self._resolve_at:
                found = await self._loop.getaddrinfo(self._host, self._port, type=SOCK_STREAM)
                # IPv6 last: where it leads nowhere, it would take the time of the rest.
                found.sort(key=lambda each: each[0] != AF_INET)
                self._addresses = [str(each[4][0]) for each in found]
                self._resolve_at = self._loop.time() + LOOKUP
        for address in self._addresses:
            with suppress(OSError):
                new = self._loop.create_connection(self._new, address, self._port, **self._secure)
                return (await new)[1]
        return None

    def free(self, connection: Connection) -> None:
        """Give *connection* to whoever has waited longest, or keep it."""
        if self._waiting:
            connection.send(self._waiting.popitem(last=False)[0])
        else:
            self._idle[connection] = self._loop.time()

    def gone(self, connection: Connection) -> None:
        """Forget *connection*; there is room for another."""
        self.open.discard(connection)
        self._idle.pop(connection, None)
        self._open_more()
        if self._closed and not self.open and not self._closed.done():
            self._closed.set_result(None)

    def _sweep(self) -> None:
        """Hang up what nobody has used for long."""
        old = self._loop.time() - IDLE
        for connection in [each for each, since in self._idle.items() if since <= old]:
            connection.end()
        self._sweeper = self._loop.call_later(IDLE, self._sweep)
