"""``GET /metrics``, on a listener of its own that only this machine reaches.

Its port is never the one LINE calls, so no mistake in a proxy can publish it. A page in a
browser on this machine cannot read it either: it must be asked for by a loopback name.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from bot.headers import HEADERS, NOTHING
from bot.logs import logger, where

LOOPBACK = "127.0.0.1"

NAMES = {"127.0.0.1", "localhost", "[::1]"}
"""What a caller may call this machine; another name was pointed at it by somebody else's DNS."""

METHODS = ("GET", "HEAD")

LONGEST_HEAD = 8 * 1024
"""Bytes of a request."""

PATIENCE = 5.0
"""Seconds one request may take, all told."""

TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus's own format."""

Exposition = Callable[[], Awaitable[bytes]]
"""Everything there is to show, looked up anew."""


class MetricsRefusedError(Exception):
    """The port cannot be had; the message, in Japanese, says why and what to do."""


def listener(port: int) -> socket.socket:
    """A socket at *port* of this machine alone. Raises MetricsRefusedError."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise MetricsRefusedError(
            f"METRICS_PORT: {LOOPBACK}:{port} を使えません({error.strerror or error})。"
            "ほかのプログラムが使っていない番号にするか、off にしてください。"
        ) from None


@asynccontextmanager
async def serving(listening: socket.socket, exposition: Exposition) -> AsyncIterator[None]:
    """Answer at *listening* until the context ends; then it is closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await _answer(head.decode("latin-1"), exposition))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, sock=listening, limit=LONGEST_HEAD)
    try:
        yield
    finally:
        server.close()


async def _answer(head: str, exposition: Exposition) -> bytes:
    """The whole response to a request with this *head*."""
    request, *lines = head.split("\r\n")[:-2]
    method, _, rest = request.partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    hosts = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("host:")]
    body = b""
    if len(hosts) != 1 or _without_port(hosts[0]) not in NAMES:
        status = HTTPStatus.MISDIRECTED_REQUEST
    elif path != "/metrics":
        status = HTTPStatus.NOT_FOUND
    elif method not in METHODS:
        status = HTTPStatus.METHOD_NOT_ALLOWED
    else:
        status = HTTPStatus.OK
        try:
            body = await exposition()
        except Exception as error:
            logger().error("metrics failed", error=type(error).__name__, where=where(error))
            status = HTTPStatus.INTERNAL_SERVER_ERROR
    shown = body or str(status.value).encode()
    return _head(status, len(shown)) + (b"" if method == "HEAD" else shown)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()


def _head(status: HTTPStatus, length: int) -> bytes:
    """A response but for its body of *length* bytes."""
    headers = HEADERS | {
        "content-security-policy": NOTHING,
        "content-type": TEXT,
        "content-length": str(length),
        "connection": "close",
    }
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = ", ".join(METHODS)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status.value} {status.phrase}", *lines, "", ""]).encode()
