"""Many calls at once over few connections: every one gets its own answer, or the truth about it."""

from __future__ import annotations

import asyncio
import gc
import random
import socket
import weakref
import zlib
from collections import Counter
from typing import Any

import pytest

import bot.line.http
from bot.line.client import Accepted, LineClient, Unknown
from bot.line.connection import NO_CONNECTION, Call, Connection, Failure, Response
from bot.line.http import Connections
from tests.line.fake import http, line_that, listening, on_both_loops, read

LOST = Failure("connection lost", left=True)


class Echo(asyncio.Protocol):
    """Answers each request with its own body, in the way that the body begins with.

    Counts connections open at once, and requests that came before the one ahead was answered.
    """

    def __init__(self, seen: Counter[str]) -> None:
        self.seen, self.buffer, self.busy = seen, b"", False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.seen["open"] += 1
        self.seen["most"] = max(self.seen["most"], self.seen["open"])

    def connection_lost(self, exc: Exception | None) -> None:
        self.seen["open"] -= 1

    def data_received(self, data: bytes) -> None:
        self.seen["pipelined"] += self.busy
        self.buffer += data
        _head, _, body = self.buffer.partition(b"\r\n\r\n")
        if body.endswith(b"."):
            self.buffer, self.busy = b"", True
            self.seen[body.decode()] += 1
            self.seen["requests"] += 1
            delay = 0.002 if zlib.crc32(body) % 3 else 0.0
            asyncio.get_running_loop().call_later(delay, self.answer, body)

    def answer(self, body: bytes) -> None:
        self.busy = False
        if self.transport.is_closing():
            return
        plain = http(200, body)
        match body.split()[0]:
            case b"plain":
                self.transport.write(plain)
            case b"chunked":
                pieces = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
                self.transport.write(
                    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + pieces
                )
            case b"interim":
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n" + plain)
            case b"refused":
                self.transport.write(http(400, body))
            case b"last":
                self.transport.write(http(200, body, "connection: close"))
            case b"twice":
                self.transport.write(plain + http(500, b"another's"))
            case b"dead":
                self.transport.abort()
            case b"half":
                self.transport.write(plain[:-1])
                self.transport.close()
            case b"noise":
                self.transport.write(b"noise\r\n" + plain)
            case b"silent":
                pass


def expected(way: str, body: bytes) -> Response | Failure:
    """What a call sent to `Echo` must come to, looked at alone."""
    if way in ("dead", "noise"):
        return LOST
    headers = {b"content-length": str(len(body)).encode()}
    if way == "last":
        headers[b"connection"] = b"close"
    if way == "chunked":
        headers = {b"transfer-encoding": b"chunked"}
    return Response(400 if way == "refused" else 200, headers, None if way == "half" else body)


WAYS = ["plain"] * 6 + ["chunked", "interim", "refused", "last", "twice", "dead", "half", "noise"]


async def crowd(seed: int, calls: int, limit: int) -> Counter[str]:
    """*calls* at once over *limit* connections, some given up on the way, each held against
    what it must come to."""
    dice, seen = random.Random(seed), Counter[str]()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Echo(seen), "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    connections = Connections(base, {}, timeout=90.0, connect=90.0, limit=limit)

    async def one(number: int) -> None:
        way = dice.choice([*WAYS, "silent"])
        given_up = way == "silent" or dice.random() < 0.1
        patience = dice.random() * 0.05
        body = f"{way} {number} {'x' * dice.choice([0, 10, 5000])}.".encode()
        call = asyncio.ensure_future(connections.post(b"/", body))
        if given_up:
            await asyncio.wait([call], timeout=patience)
            call.cancel()
        [answer] = await asyncio.gather(call, return_exceptions=True)
        if isinstance(answer, asyncio.CancelledError):
            assert given_up
            seen["given up"] += 1
        else:
            assert answer == expected(way, body)
            assert seen[body.decode()] == 1

    try:
        await asyncio.gather(*map(one, range(calls)))
        assert len(connections.open) <= limit
        assert expected("plain", b"plain .") == await connections.post(b"/", b"plain .")
    finally:
        await connections.close()
        server.close()
        await server.wait_closed()
    assert not connections.open
    return seen


@pytest.mark.parametrize("seed", range(6))
@on_both_loops
async def test_every_call_gets_its_own_answer(seed: int) -> None:
    """Whatever its neighbours suffer; nothing is sent twice, nothing before its turn."""
    seen = await crowd(seed, calls=300, limit=1 + seed * 3)

    assert seen["given up"] > 5
    assert seen["pipelined"] == 0
    assert seen["most"] <= 2 * (1 + seed * 3)  # ours may be gone before the server hears of it
    assert max(count for name, count in seen.items() if name.endswith(".")) == 1


@on_both_loops
async def test_a_thousand_calls_wait_their_turn() -> None:
    """Over seven connections, and in the order in which they came."""
    async with (
        line_that(answer=http(200)) as line,
        LineClient(line.base, "token", timeout=90.0, connect_timeout=90.0, pool=7) as client,
    ):
        calls = (client.reply(f"{number:032}", b"[]") for number in range(1000))
        assert await asyncio.gather(*calls) == [Accepted("")] * 1000

    tokens = [int(request.body[15:47]) for request in line.requests]
    assert line.connections == 7
    assert sorted(tokens) == list(range(1000))
    assert all(abs(token - place) < 50 for place, token in enumerate(tokens))


@on_both_loops
async def test_a_cancelled_call_takes_its_connection_with_it() -> None:
    """Its answer would be taken for the next one's; a call still waiting leaves no trace."""
    hung_up = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"first" not in (await read(reader)).body:
            writer.write(http(200, b"second's"))
        elif await reader.read() == b"":
            hung_up.set()

    async with listening(serve) as base:
        connections = Connections(base, {}, timeout=60.0, connect=60.0, limit=1)
        first = asyncio.create_task(connections.post(b"/", b"first"))
        waits, second = (
            asyncio.create_task(connections.post(b"/", body)) for body in (b"waits", b"second")
        )
        await asyncio.sleep(0.05)
        waits.cancel()
        first.cancel()
        answer = await second
        await asyncio.wait_for(hung_up.wait(), 10)
        await connections.close()

    assert isinstance(answer, Response)
    assert answer.body == b"second's"
    assert first.cancelled()
    assert waits.cancelled()


@on_both_loops
async def test_a_crowd_nobody_lets_in_learns_it_at_once() -> None:
    """More calls than connections, and none to be had: each is told, and none has left."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with LineClient(base, "token", timeout=90.0, connect_timeout=90.0, pool=3) as client:
            answers = await asyncio.gather(*(client.reply("0", b"[]") for _ in range(200)))

    assert answers == [Unknown("no connection", left=False)] * 200


@on_both_loops
async def test_closing_ends_whatever_is_under_way() -> None:
    """Sent, waiting, or too late: each is told what is known."""
    async with line_that(answer=http(200), hang=60.0) as line:
        connections = Connections(line.base, {}, timeout=60.0, connect=60.0, limit=1)
        calls = [asyncio.create_task(connections.post(b"/", b"{}")) for _ in range(3)]
        await line.enough.wait()
        await connections.close()
        assert await asyncio.gather(*calls) == [LOST, NO_CONNECTION, NO_CONNECTION]
        assert await connections.get(b"/") == NO_CONNECTION

    assert not connections.open


@on_both_loops
async def test_nothing_is_kept_of_calls_and_connections_that_are_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even until the garbage collector comes: the server makes it come seldom."""
    made = weakref.WeakSet[object]()

    class Watched(Connection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            made.add(self)
            super().connection_made(transport)

    class WatchedCall(Call):
        def __init__(self, *given: Any) -> None:
            made.add(self)
            super().__init__(*given)

    monkeypatch.setattr(bot.line.http, "Connection", Watched)
    monkeypatch.setattr(bot.line.http, "Call", WatchedCall)
    answers = [http(200, b"{}", "connection: close"), http(200), b"noise"]
    gc.collect()
    gc.disable()
    try:
        async with line_that() as line:
            connections = Connections(line.base, {}, timeout=60.0, connect=60.0, limit=4)
            for number in range(60):
                line.answer = answers[number % 3]
                await asyncio.gather(*(connections.post(b"/", b"{}") for _ in range(4)))
            await asyncio.sleep(0.05)
            kept = Counter(type(each).__name__ for each in made)
            await connections.close()
    finally:
        gc.enable()

    assert kept["Watched"] <= 4
    assert kept["WatchedCall"] <= 4
