"""HTTP/1.1 as the connections speak it, on both loops: what is sent, read, kept and given up."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import bot.line.http
from bot.line.connection import LONGEST_BODY, LONGEST_HEAD, NO_CONNECTION, Failure, Response
from bot.line.http import Connections
from tests.line.fake import http, line_that, listening, on_both_loops, read

LOST = Failure("connection lost", left=True)
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


@asynccontextmanager
async def connected(base: str, **settings: Any) -> AsyncIterator[Connections]:
    usual: dict[str, Any] = {"timeout": 60.0, "connect": 60.0, "limit": 9}
    connections = Connections(base, {"A": "b"}, **usual | settings)
    try:
        yield connections
    finally:
        await connections.close()
    assert not connections.open


async def alone(connections: Connections) -> None:
    """Until every connection is gone."""
    while connections.open:
        await asyncio.sleep(0.01)


async def posted(connections: Connections) -> Response | Failure:
    return await connections.post(b"/path", b"body")


@asynccontextmanager
async def in_pieces(*pieces: bytes) -> AsyncIterator[str]:
    """A server that answers with *pieces*, each alone in what the client reads."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read(reader)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.002)

    async with listening(serve) as base:
        yield base


@on_both_loops
async def test_a_request_byte_for_byte() -> None:
    """The head that never changes, what does, and the body, in this order."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            seen.append(await reader.read(10_000))  # one write, so one read
            writer.write(http(200))

    async with listening(serve) as base, connected(base) as connections:
        await connections.post(b"/path", b"body", b"X: y\r\n")
        await connections.get(b"/other")
        [connection] = connections.open
        carried = connection.transport.get_extra_info("socket")
        assert carried.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0

    host = base.removeprefix("http://").encode()
    assert seen == [
        b"POST /path HTTP/1.1\r\nHost: %b\r\nA: b\r\nX: y\r\nContent-Length: 4\r\n\r\nbody" % host,
        b"GET /other HTTP/1.1\r\nHost: %b\r\nA: b\r\n\r\n" % host,
    ]


@on_both_loops
async def test_an_answer_may_come_in_any_pieces() -> None:
    """Chunks, an interim answer and the network's own cuts change nothing."""
    answer = (
        b"HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
        + OK
        + b"X-Name: first\r\nx-name: second\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\nX-Name: third\r\n\r\n"
    )
    headers = {b"x-name": b"first", b"transfer-encoding": b"chunked"}
    for pieces in ([answer], [bytes([byte]) for byte in answer]):
        async with in_pieces(*pieces) as base, connected(base) as connections:
            for _ in range(2):  # a trailer is not the next answer's
                assert await posted(connections) == Response(200, headers, b"abcde")
            assert len(connections.open) == 1


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK + b"connection: close\r\ncontent-length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"{}"),
        (OK + b"content-length: 2\r\n\r\n{}" + http(500), b"{}"),
        (OK + b"content-length: 2\r\n\r\n{}HTTP/1", b"{}"),
        (OK + b"content-length: 2\r\n\r\n{}nonsense", b"{}"),
        (OK + b"content-length: 9\r\n\r\n{}", None),
        (CHUNKED + b"2\r\n{}\r\n", None),
        (CHUNKED + b"nonsense\r\n", None),
        (OK + b"\r\n{}", b"{}"),
        (OK + b"content-length: %d\r\n\r\n" % 10**9 + b"x" * (LONGEST_BODY + 1), None),
        (CHUNKED + b"1\r\nx\r\n" * (LONGEST_BODY // 2), None),
    ],
    ids=[
        "close", "old", "another", "half another", "more", "short", "no last chunk", "bad chunk",
        "without length", "too long", "too many chunks",
    ],
)  # fmt: skip
@on_both_loops
async def test_a_connection_that_is_not_used_again(answer: bytes, body: bytes | None) -> None:
    """Its answer counts as far as it goes; what follows it is never taken for the next one."""
    requests: list[object] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await read(reader))
        writer.write(answer)
        await writer.drain()
        async with asyncio.timeout(0.1):  # then the server hangs up
            await read(reader)
            requests.append("again")

    async with listening(serve) as base, connected(base) as connections:
        for _ in range(2):
            found = await posted(connections)
            assert isinstance(found, Response)
            assert (found.status, found.body) == (200, body)

    assert len(requests) == 2
    assert "again" not in requests


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/3.7 200 OK\r\ncontent-length: 0\r\n\r\n",
        OK + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
        OK + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}x",
        OK + b"x: " + b"y" * 1_000_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
        b"\r\n" * 100_000,
    ],
    ids=["no http", "101", "3.7", "two framings", "two lengths", "long", "interim", "blank"],
)
@on_both_loops
async def test_what_is_no_answer(answer: bytes) -> None:
    """Given up at once, long before the time is."""
    async with line_that(answer=answer) as line, connected(line.base) as connections:
        assert await posted(connections) == LOST


@pytest.mark.parametrize(
    ("start", "outcome"),
    [(OK, LOST), (CHUNKED + b"0\r\n", Response(200, {b"transfer-encoding": b"chunked"}, None))],
    ids=["head", "trailer"],
)
@on_both_loops
async def test_header_after_header_is_not_read_for_ever(
    start: bytes, outcome: Response | Failure
) -> None:
    """Given up after a few kilobytes more than are allowed."""
    sent = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(start)
        while True:
            writer.write(b"x: y\r\n" * 100)
            sent += 600
            await writer.drain()
            await asyncio.sleep(0)

    async with listening(serve) as base, connected(base, timeout=20.0) as connections:
        assert await posted(connections) == outcome

    assert LONGEST_HEAD < sent < 10_000_000


@on_both_loops
async def test_an_answer_before_the_request_is_read() -> None:
    """It counts, and the connection, half written, is not used again."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http(413))
        await writer.drain()
        await asyncio.sleep(60)

    async with listening(serve) as base, connected(base) as connections:
        for _ in range(2):
            answer = await connections.post(b"/", b"x" * 20_000_000)
            assert isinstance(answer, Response)
            assert answer.status == 413


@on_both_loops
async def test_an_answer_nobody_asked_for_is_not_the_next_ones() -> None:
    """Such as a server's farewell to a connection it thinks unused for too long."""
    connections_made = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections_made
        connections_made += 1
        await read(reader)
        writer.write(http(200))
        await asyncio.sleep(0.05)
        writer.write(http(408))
        assert await reader.read() == b""  # hung up

    async with listening(serve) as base, connected(base) as connections:
        for _ in range(2):
            answer = await posted(connections)
            assert isinstance(answer, Response)
            assert answer.status == 200
            await alone(connections)

    assert connections_made == 2


@on_both_loops
async def test_a_connection_the_server_closes_is_not_used_again() -> None:
    """Noticed as it happens, not when the next reply is lost with it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read(reader)
        writer.write(http(200))

    async with listening(serve) as base, connected(base) as connections:
        for _ in range(3):
            assert isinstance(await posted(connections), Response)
            await alone(connections)


@on_both_loops
async def test_a_connection_unused_for_long_is_hung_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the server does it, just when we write."""
    monkeypatch.setattr(bot.line.http, "IDLE", 0.05)
    async with line_that(answer=http(200)) as line, connected(line.base) as connections:
        for _ in range(2):
            await posted(connections)
            assert len(connections.open) == 1
            await alone(connections)
        await posted(connections)
        time.sleep(0.1)  # noqa: ASYNC251 - a loop too busy to hang up in time
        await posted(connections)

    assert line.connections == 4


@pytest.mark.parametrize("base", ["http://" + "a" * 64 + ".test", "https://a..b", "http://[::2]:1"])
@on_both_loops
async def test_a_server_that_cannot_be_found_gets_nothing(base: str) -> None:
    """Nor does looking for it fail in any other way."""
    async with connected(base, connect=1.0) as connections:
        assert await posted(connections) == NO_CONNECTION


@pytest.mark.parametrize(
    "base",
    ["", "line", "ftp://line", "http://", "http://a/b", "http://a?b", "http://a@b", "http://a\nb",
     "http://a b", "http://あ", "http://a:b", "http://a:99999", "https://a/"],
)  # fmt: skip
async def test_what_names_no_server(base: str) -> None:
    """Refused as the connections are made, not with the first reply."""
    with pytest.raises(ValueError, match=r"server|[Pp]ort"):
        Connections(base, {}, timeout=1.0, connect=1.0, limit=1)
