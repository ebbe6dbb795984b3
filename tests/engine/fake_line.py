"""LINE's reply endpoint on a loopback socket: takes every token once, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from aiohttp import web

Fault = Literal["hang before", "hang after", "500 before", "500 after", "401", "429", "bad message"]
"""``before`` LINE took it or ``after``: the caller cannot tell which."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What LINE delivered."""

    token: str
    texts: tuple[str, ...]
    at: float


class FakeLine:
    """Runs in a thread of its own while ``with`` lasts.

    ``delivered`` is what people saw; ``attempts`` every call, delivered or not. ``faults`` are
    used up one per call; ``rule`` decides for all calls that find none.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.delivered: list[Reply] = []
        self.attempts: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.faults: list[Fault] = []
        self.rule: Callable[[str, list[str]], Fault | None] = lambda token, texts: None
        self.expired: set[str] = set()
        self.most_at_once = 0
        self.base = ""
        self._used: set[str] = set()
        self._at_once = 0
        self._closing = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-line")

    def __enter__(self) -> Self:
        self._thread.start()
        self._runner = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(5)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def texts(self) -> list[str]:
        """The first line of every answer delivered, in order."""
        return [reply.texts[0] for reply in self.delivered]

    def wait_for(self, count: int, seconds: float = 5.0) -> list[str]:
        """`texts`, once there are *count* of them or the time is up."""
        self.wait_until(lambda: len(self.delivered) >= count, seconds)
        return self.texts()

    def wait_until(self, done: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Whether *done* came true in time."""
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            time.sleep(0.005)
        return done()

    # --- in the thread ------------------------------------------------------------------

    async def _open(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/v2/bot/message/reply", self._reply)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _close(self) -> None:
        self._closing.set()  # lets go of the calls left hanging
        await self._runner.cleanup()

    async def _reply(self, request: web.Request) -> web.Response:
        body = await request.json()
        token, texts = body["replyToken"], [m.get("text", m["type"]) for m in body["messages"]]
        self.attempts.append((token, body, dict(request.headers)))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._answered(token, texts)
        finally:
            self._at_once -= 1

    async def _answered(self, token: str, texts: list[str]) -> web.Response:
        await asyncio.sleep(self.delay)
        fault = self.faults.pop(0) if self.faults else self.rule(token, texts)
        match fault:
            case "hang before":
                await self._closing.wait()
            case "500 before":
                return web.json_response({"message": "oops"}, status=500)
            case "401":
                return web.json_response({"message": "Authentication failed"}, status=401)
            case "429":
                return web.json_response({"message": "The API rate limit"}, status=429)
            case "bad message":
                return web.json_response({"message": "A message is invalid"}, status=400)
        if self._closing.is_set() or token in self._used or token in self.expired:
            return web.json_response({"message": "Invalid reply token"}, status=400)
        self._used.add(token)
        self.delivered.append(Reply(token, tuple(texts), time.monotonic()))
        if fault == "hang after":
            await self._closing.wait()
        if fault == "500 after":
            return web.json_response({"message": "oops"}, status=500)
        return web.json_response({"sentMessages": []}, headers={"x-line-request-id": "r-1"})
