"""One connection and one call on it: HTTP/1.1 as far as LINE needs it, exact about what left.

A request is one write here, httptools reads the answer, and of the rest of HTTP there is only
what LINE needs: no redirects, cookies, proxies, compression, streams or trailers; no request is
repeated, none sent before the last is answered. TLS is ended by hanging up: an answer that counts
tells its own end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

LONGEST_HEAD = 16 * 1024
"""Bytes after which we no longer wait for an answer's head to end."""

LONGEST_BODY = 64 * 1024
"""Bytes of a body that are read; twice as many with all that stands around its chunks."""


@dataclass(slots=True)
class Response:
    """An answer. ``headers`` by lower-case name; no ``body`` if it broke off or was too long.

    Never changed; frozen, it would take five times as long to make.
    """

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


class Pool(Protocol):
    """Whoever keeps connections."""

    open: set[Connection]

    def free(self, connection: Connection) -> None:
        """*connection* is good for another call."""
        ...

    def gone(self, connection: Connection) -> None:
        """*connection* is no more."""
        ...


class Call:
    """A request on its way, and the one future that somebody waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, request: bytes, until: float) -> None:
        self.answer: asyncio.Future[Response | Failure] = loop.create_future()
        self.request, self.until = request, until
        self.timer: asyncio.TimerHandle  # the pool's
        self.connection: Connection | None = None  # from the first byte to the answer's last

    def end(self, outcome: Response | Failure) -> None:
        self.timer.cancel()
        self.connection = None
        if not self.answer.done():  # else it was cancelled
            self.answer.set_result(outcome)


class Connection(asyncio.Protocol):
    """One connection, for one call at a time; ended as soon as anything is out of order, such as
    by an exception in one of the parser's ``on_`` functions: it comes out as HttpParserError."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._call: Call | None = None
        self._parser = HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._pool.open.add(self)

    def send(self, call: Call) -> None:
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
