"""A server on a loopback socket that behaves as badly as it is told to."""

from __future__ import annotations

import asyncio
import inspect
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LOOPS = [pytest.param(asyncio.run, id="asyncio")]
if sys.platform != "win32":
    import uvloop

    LOOPS.append(pytest.param(uvloop.run, id="uvloop"))


@dataclass
class Request:
    """What arrived, byte for byte."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Fake:
    """Answers every request with ``answer``, written as it is.

    ``hang`` seconds pass before the answer, and ``together`` requests have to be there; with
    ``reset`` the connection is torn down after it; ``drip`` writes on for ever.
    """

    base: str = ""
    answer: bytes = b""
    hang: float = 0.0
    together: int = 1
    reset: bool = False
    drip: bool = False
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    sent: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            self.requests.append(await read(reader))
            if len(self.requests) >= self.together:
                self.enough.set()
            await self.enough.wait()
            await asyncio.sleep(self.hang)
            writer.write(self.answer)
            await writer.drain()
            if self.reset:
                writer.transport.abort()
            while self.drip:
                writer.write(b"x" * 16_384)
                self.sent += 16_384
                await writer.drain()


async def read(reader: asyncio.StreamReader) -> Request:
    """The next request. Raises IncompleteReadError where there is none."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")[:-2]
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Request(first, headers, await reader.readexactly(int(headers.get("content-length", 0))))


def http(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def listening(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The base URL of a free port where *serve* has each connection, until the end."""
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):  # TimeoutError is an OSError
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{port}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def line_that(tls: ssl.SSLContext | None = None, **behaviour: object) -> AsyncIterator[Fake]:
    """A `Fake` at a free port, gone with everything it was doing at the end."""
    fake = Fake(**behaviour)  # type: ignore[arg-type]
    async with listening(fake.serve, tls) as fake.base:
        yield fake


def on_both_loops(test: Callable[..., Coroutine[object, object, None]]) -> Callable[..., None]:
    """*test* once on asyncio's own loop and once on uvloop, which production runs."""

    def on(run: Callable[[Coroutine[object, object, None]], None], **given: object) -> None:
        run(test(**given))

    first = inspect.Parameter("run", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    wanted = inspect.signature(test)
    on.__name__, on.__doc__, on.__module__ = test.__name__, test.__doc__, test.__module__
    on.__signature__ = wanted.replace(  # type: ignore[attr-defined]
        parameters=[first, *wanted.parameters.values()]
    )
    marked: Callable[..., None] = pytest.mark.parametrize("run", LOOPS)(on)
    return marked
