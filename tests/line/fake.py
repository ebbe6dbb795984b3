"""A server on a loopback socket that behaves as badly as it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


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
        try:
            while request := await self._read(reader):
                self.requests.append(request)
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
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")[:-2]
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
        }
        return Request(
            first, headers, await reader.readexactly(int(headers.get("content-length", 0)))
        )


def http(status: int, body: bytes = b"{}", *headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def line_that(**behaviour: object) -> AsyncIterator[Fake]:
    """A `Fake` at a free port, gone with everything it was doing at the end."""
    fake = Fake(**behaviour)  # type: ignore[arg-type]
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await fake.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    fake.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield fake
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
