"""Posts webhooks over kept connections and waits until every one has had its reply.

Times are of `time.perf_counter`: uvloop's own clock counts whole milliseconds.

Closed loop: a fixed number of connections, each posting as soon as it is answered; it finds out
how much a server can do. Open loop: a fixed rate, come what may; it finds out how long people
wait, and counts from when an event was due, not from when there was room to post it.
"""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import cast

import httptools

from tests.bench.fake_line import FakeLine
from tests.bench.traffic import Post

PATIENCE = 20.0
"""Seconds without any progress after which what is missing is lost."""

SPIN = 0.002
"""Seconds before an event is due from which on the clock is watched: timers are coarser."""

MOST_CONNECTIONS = 512
"""Of an open loop."""


class LostError(Exception):
    """A server did not do what it was asked: a reply is missing or doubled, a call refused."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load. Times in seconds, one for each webhook or reply.

    ``refused`` webhooks, which LINE would deliver once more, are none of ``events``.
    """

    events: int
    refused: int
    seconds: float
    answered: list[float]
    replied: list[float]

    @property
    def rate(self) -> float:
        """Events a second, up to the last reply."""
        return self.events / self.seconds


class Generator:
    """Loads the server at *port*, whose replies *line* takes; without *line* it sends none."""

    def __init__(self, port: int, line: FakeLine | None) -> None:
        self._port = port
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._free: list[_Connection] = []
        self._open: set[_Connection] = set()
        self._queue: deque[tuple[Post, float]] = deque()
        self._answered: list[float] = []
        self._refused: list[int] = []
        self._events = 0
        self._under_way = 0

    async def closed(self, posts: Sequence[Post], connections: int = 32) -> Load:
        """Post all of *posts* as fast as they are answered. Raises LostError, also for a refusal:
        it is quick, and must not look like speed."""
        self.close()  # a server drops connections that idled between two rounds
        await self._connect(connections)
        with undisturbed():
            begun = self._begin()
            self._queue.extend((post, begun) for post in posts)
            self._fill()
            load = await self._finish(begun)
        if self._refused:
            raise LostError(f"{len(self._refused)} webhooks refused: {set(self._refused)}")
        return load

    async def open(self, posts: Sequence[Post], rate: float) -> Load:
        """Post *rate* of *posts* a second, however long the answers take. Raises LostError."""
        self.close()
        await self._connect(32)
        with undisturbed():
            begun = self._begin() + SPIN
            for number, post in enumerate(posts):
                due = begun + number / rate
                await _until(due)
                self._queue.append((post, due))
                if not self._free and len(self._open) < MOST_CONNECTIONS:
                    await self._connect(1)
                self._fill()
            return await self._finish(begun)

    def close(self) -> None:
        """Close every connection."""
        self._free.clear()
        for connection in self._open:
            connection.close()
        self._open = set()

    async def _connect(self, count: int) -> None:
        for _ in range(count):
            _, connection = await self._loop.create_connection(
                lambda: _Connection(self._done, self._gone), "127.0.0.1", self._port
            )
            self._open.add(connection)
            self._free.append(connection)

    def _gone(self, connection: _Connection) -> None:
        """The server closed *connection*, perhaps because nobody used it for a while."""
        self._open.discard(connection)
        if connection in self._free:
            self._free.remove(connection)

    def _begin(self) -> float:
        self._answered, self._refused, self._events = [], [], 0
        if self._line is not None:
            if self._line.unasked:
                raise LostError(f"{self._line.unasked} replies nobody waited for")
            self._line.took = []
        return perf_counter()

    def _fill(self) -> None:
        while self._free and self._queue:
            post, since = self._queue.popleft()
            if self._line is not None:
                for token in post.tokens:
                    self._line.waited_for[token] = since
            self._under_way += 1
            self._free.pop().send(post, since)

    def _done(self, connection: _Connection, status: int) -> None:
        self._under_way -= 1
        if status == 200:
            self._answered.append(perf_counter() - connection.since)
            self._events += len(connection.tokens)
        else:
            self._refused.append(status)
            if self._line is not None:
                self._line.give_up(connection.tokens)
        if status:
            self._free.append(connection)
        self._fill()

    async def _finish(self, begun: float) -> Load:
        """Wait for the last answer and reply, and see that none is missing or doubled."""
        await self._settled(lambda: self._under_way + len(self._queue))
        ended = perf_counter()
        if self._line is None:
            return Load(self._events, 0, ended - begun, self._answered, [])
        waited_for = self._line.waited_for
        await self._settled(lambda: len(waited_for))
        if self._line.unasked:
            raise LostError(f"{self._line.unasked} replies nobody waited for")
        seconds = max(ended, self._line.last) - begun
        return Load(self._events, len(self._refused), seconds, self._answered, self._line.took)

    async def _settled(self, left: Callable[[], int]) -> None:
        before, since = left(), perf_counter()
        while (now_left := left()) > 0:
            if now_left < before:
                before, since = now_left, perf_counter()
            elif perf_counter() - since > PATIENCE:
                raise LostError(f"{now_left} answers or replies are missing")
            await asyncio.sleep(0.002)


async def _until(due: float) -> None:
    """Wait for the time *due*: asleep at first, then with an eye on the clock."""
    if (early := due - perf_counter()) > SPIN:
        await asyncio.sleep(early - SPIN)
    while perf_counter() < due:
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    def __init__(
        self, done: Callable[[_Connection, int], None], gone: Callable[[_Connection], None]
    ) -> None:
        self._done, self._gone = done, gone
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._is_busy = False
        self.since = 0.0
        self.tokens: tuple[bytes, ...] = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def send(self, post: Post, since: float) -> None:
        self._is_busy, self.since, self.tokens = True, since, post.tokens
        assert self._transport is not None
        self._transport.write(post.request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._is_busy = False
        self._done(self, self._parser.get_status_code())

    def connection_lost(self, _: Exception | None) -> None:
        self._gone(self)
        if self._is_busy:
            self._is_busy = False
            self._done(self, 0)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@contextmanager
def undisturbed() -> Iterator[None]:
    """No garbage collection of ours while others are timed."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
