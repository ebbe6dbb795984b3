"""HTTP/1.1 to one server, in as few steps as a small call needs, and exact about what left.

Answering somebody is one small POST, so what the client costs is a good part of what an event
costs; and whether an answer may be said again depends on whether a byte of it was ever given to
the network, which client libraries do not tell. So a request is one write here, httptools reads
the answer, and of the rest of HTTP there is only what LINE needs: no redirects, cookies, proxies,
compression, streams or trailers; no request is repeated, none sent before the last is answered.
TLS is always verified, and ended by hanging up: an answer that counts tells its own end.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from socket import AF_INET, SOCK_STREAM
from typing import Any, cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

LONGEST_HEAD = 16 * 1024
"""Bytes after which we no longer wait for an answer's head to end."""

LONGEST_BODY = 64 * 1024
"""Bytes of a body that are read; twice as many with all that stands around its chunks."""

IDLE = 15.0
"""Seconds a connection is kept unused: less than servers keep one. A request that meets one just
being closed is lost, and nobody can say whether it was read."""

LOOKUP = 10.0
"""Seconds an address is good for: hundreds of connections at once ask the name server once."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``headers`` by lower-case name; no ``body`` if it broke off or was too long."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer: ``timeout``, ``no connection`` or ``connection lost``. ``left`` is False exactly
    where no byte of the request was handed to a connection."""

    reason: str
    left: bool


NO_CONNECTION = Failure("no connection", left=False)

_SERVER = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


class _Call:
    """A request on its way, and the one future that somebody waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, request: bytes, until: float) -> None:
        self.answer: asyncio.Future[Response | Failure] = loop.create_future()
        self.request, self.until = request, until
        self.timer: asyncio.TimerHandle  # the pool's
        self.connection: _Connection | None = None  # from the first byte to the answer's last

    def end(self, outcome: Response | Failure) -> None:
        self.timer.cancel()
        self.connection = None
        if not self.answer.done():  # else it was cancelled
            self.answer.set_result(outcome)


class _Connection(asyncio.Protocol):
    """One connection, for one call at a time; ended as soon as anything is out of order, such as
    by an exception in one of the parser's ``on_`` functions: it comes out as HttpParserError."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool
        self._call: _Call | None = None
        self._parser = HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._pool.open.add(self)

    def send(self, call: _Call) -> None:
        self._call, call.connection = call, self
        self._status = self._read = 0
        self._headers: dict[bytes, bytes] = {}
        self._body = bytearray()
        self._whole = self._keep = False
        self.transport.write(call.request)

    def end(self, reason: str = "connection lost", *, keep: bool = False) -> None:
        """End the call with what is known by now, and the connection unless it is good for more."""
        if not keep:
            self.transport.abort()
        call, self._call = self._call, None
        if call is not None:
            body = bytes(self._body) if self._whole else None
            answer = Response(self._status, self._headers, body) if self._status else None
            call.end(answer or Failure(reason, left=True))

    def data_received(self, data: bytes) -> None:
        try:
            if self._call is None:
                raise HttpParserError("an answer to nothing")
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            return self.end()
        self._read += len(data)
        if self._whole and self._keep and not self.transport.get_write_buffer_size():
            self.end(keep=True)
            self._pool.free(self)
        elif self._whole or self._read > (2 * LONGEST_BODY if self._status else LONGEST_HEAD):
            self.end()

    def eof_received(self) -> None:
        if self._call is not None:  # an answer that tells no length ends here
            self._whole = not self._headers.keys() & {b"content-length", b"transfer-encoding"}
        self.end()

    def connection_lost(self, exc: Exception | None) -> None:
        self.end()
        del self._parser  # it holds us
        self._pool.gone(self)

    def on_message_begin(self) -> None:
        if self._whole:
            raise ValueError("an answer after the answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._status:  # else it is a trailer
            self._headers.setdefault(name.lower(), value)

    def on_headers_complete(self) -> None:
        if (status := self._parser.get_status_code()) >= 200:
            self._status, self._keep = status, self._parser.should_keep_alive()
        else:
            self._headers.clear()  # an interim answer: the real one follows

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > LONGEST_BODY:
            raise ValueError("a body without end")

    def on_message_complete(self) -> None:
        self._whole = self._status != 0


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
        self._loop, self._new = asyncio.get_running_loop(), partial(_Connection, self)
        self._waiting = OrderedDict[_Call, None]()
        self._opening, self.open = set[asyncio.Task[None]](), set[_Connection]()
        self._idle = dict[_Connection, float]()  # since when, the longest first
        self._sweeper = self._loop.call_later(IDLE, self._sweep)
        self._resolving, self._resolve_at, self._addresses = asyncio.Lock(), 0.0, list[str]()
        self._closed: asyncio.Future[None] | None = None

    async def post(self, path: bytes, body: bytes, lines: bytes = b"") -> Response | Failure:
        """Send *body* to *path*; *lines* are header lines of this request, each with its CRLF."""
        lines = b"%b%bContent-Length: %d\r\n" % (self._head, lines, len(body))
        return await self._answer(b"POST %b HTTP/1.1\r\n%b\r\n%b" % (path, lines, body))

    async def get(self, path: bytes) -> Response | Failure:
        """Ask for *path*."""
        return await self._answer(b"GET %b HTTP/1.1\r\n%b\r\n" % (path, self._head))

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
        call = _Call(self._loop, request, now + self._timeout)
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

    def _late(self, call: _Call) -> None:
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

    async def _reached(self) -> _Connection | None:
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

    def free(self, connection: _Connection) -> None:
        """Give *connection* to whoever has waited longest, or keep it."""
        if self._waiting:
            connection.send(self._waiting.popitem(last=False)[0])
        else:
            self._idle[connection] = self._loop.time()

    def gone(self, connection: _Connection) -> None:
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
