"""HTTP/1.1 to one server, in as few steps as a small call needs, and exact about what left.

Answering somebody is one small POST, so what the client itself costs is a good part of what an
event costs; and whether an answer may be said again depends on whether a byte of it was ever given
to the network, which client libraries do not tell. Hence this one: a request is one write, httptools
reads the answer, and of the rest of HTTP there is only what LINE needs.

What it does not do: redirects, cookies, proxies, compression, streams, trailers, a request again,
a second one before the first is answered. TLS is verified always and ended by hanging up: every
answer that counts tells its own end.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from socket import AF_INET, SOCK_STREAM
from typing import cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

LONGEST_HEAD = 16 * 1024
"""Bytes of header lines, and of interim answers, that are read before an answer is given up."""

LONGEST_BODY = 64 * 1024
"""Bytes of an answer that are read. LINE's are a few hundred."""

IDLE = 15.0
"""Seconds a connection is kept unused: less than servers keep one. What meets a connection just
being closed is lost, and nobody can say whether it was read."""

LOOKUP = 10.0
"""Seconds an address is good for: hundreds of connections at once ask the name server once."""

LOST = "connection lost"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``headers`` by lower-case name, the first of each; ``body`` is None where it
    broke off or was longer than we read."""

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


class _Call:
    """A request on its way, and the one future that somebody waits for."""

    __slots__ = ("answer", "connection", "request", "timer", "until")

    def __init__(self, loop: asyncio.AbstractEventLoop, request: bytes, until: float) -> None:
        self.answer: asyncio.Future[Response | Failure] = loop.create_future()
        self.request, self.until = request, until
        self.connection: _Connection | None = None  # set from the first byte to the answer's last
        self.timer: asyncio.TimerHandle | None = None

    def at(self, timer: asyncio.TimerHandle) -> None:
        """Wait for *timer*, and for no earlier one."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = timer

    def end(self, outcome: Response | Failure) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.connection = None
        if not self.answer.done():  # else it was cancelled
            self.answer.set_result(outcome)


class _Connection(asyncio.Protocol):
    """One connection: one call at a time, and hung up whenever anything is out of the ordinary."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool
        self._call: _Call | None = None
        self._parser: HttpResponseParser | None = HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._pool.opened(self)

    def usable(self) -> bool:
        return not self._transport.is_closing()

    def send(self, call: _Call) -> None:
        self._call, call.connection = call, self
        self._status = self._head = self._before = 0
        self._headers: dict[bytes, bytes] = {}
        self._body = bytearray()
        self._whole = self._keep = False
        call.at(self._pool.loop.call_at(call.until, self.hang_up, "timeout"))
        self._transport.write(call.request)

    def hang_up(self, reason: str = LOST) -> None:
        """End the connection, and the call on it with what is known by now."""
        self._transport.abort()
        if self._call is not None:
            self._end(Failure(reason, left=True))

    def _end(self, otherwise: Failure | None = None) -> None:
        assert self._call is not None
        call, self._call = self._call, None
        if otherwise is not None and not self._status:
            call.end(otherwise)
        else:
            body = bytes(self._body) if self._whole else None
            call.end(Response(self._status, self._headers, body))

    def data_received(self, data: bytes) -> None:
        if self._call is None or self._parser is None:
            return self.hang_up()  # an answer to nothing
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            return self.hang_up()
        if not self._status:
            self._before += len(data)
            if self._before > LONGEST_HEAD:
                self.hang_up()
        elif self._whole:
            if not self._keep or self._transport.get_write_buffer_size():
                return self.hang_up()
            self._end()
            self._pool.free(self)

    def eof_received(self) -> None:
        framed = self._call is None or self._headers.keys() & {
            b"content-length",
            b"transfer-encoding",
        }
        self._whole = not framed  # then the end of the connection is the end of the answer
        self.hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        self._parser = None  # it holds us
        self._pool.gone(self)
        self.hang_up()

    # --- what the parser says. An exception here ends feed_data with HttpParserError ---

    def on_message_begin(self) -> None:
        if self._whole:
            raise ValueError("an answer after the answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head += len(name) + len(value)
        if self._head > LONGEST_HEAD:
            raise ValueError("a head without end")
        if not self._status:  # else a trailer
            self._headers.setdefault(name.lower(), value)

    def on_headers_complete(self) -> None:
        assert self._parser is not None
        status = self._parser.get_status_code()
        if status < 100:
            raise ValueError("not a status")
        if status < 200:
            self._headers.clear()  # an interim answer: the real one follows
        else:
            self._status, self._keep = status, self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > LONGEST_BODY:
            raise ValueError("a body without end")

    def on_message_complete(self) -> None:
        self._whole = self._status != 0


class Connections:
    """Connections to the server at *base*, up to *limit*, kept open and used again, last first.

    *headers* go with every request. *timeout* seconds are for a whole call, *connect_timeout* of
    them for getting hold of a connection; calls beyond the limit wait in line for one. Made inside
    the running loop. Raises ValueError for a *base* that is not ``http(s)://host[:port]``.
    """

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        *,
        timeout: float,
        connect_timeout: float,
        limit: int,
        idle: float = IDLE,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self._host, self._port, tls = origin(base)
        self._tls = ssl.create_default_context() if tls else None
        if self._tls is not None:
            self._tls.set_alpn_protocols(["http/1.1"])
        lines = {"Host": urlsplit(base).netloc, **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
        self._timeout, self._connect_timeout = timeout, min(connect_timeout, timeout)
        self._limit, self._keep_idle = limit, idle
        self._waiting: OrderedDict[_Call, None] = OrderedDict()
        self._opening: set[asyncio.Task[None]] = set()
        self._open: set[_Connection] = set()
        self._idle: dict[_Connection, float] = {}  # since when, the longest first
        self._sweeper: asyncio.TimerHandle | None = None
        self._resolving = asyncio.Lock()
        self._addresses: list[str] = []
        self._resolve_at = 0.0
        self._closed: asyncio.Future[None] | None = None
