"""LINE on a loopback socket: takes every token and retry key once, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from aiohttp import web

Fault = Literal[
    "hang before", "hang after", "500 before", "500 after", "reset before", "reset after",
    "401", "429", "monthly limit", "bad message", "not json", "huge", "redirect",
]  # fmt: skip
"""``before`` LINE took it or ``after``: the caller cannot tell which."""

REFUSALS: dict[Fault, tuple[int, str]] = {
    "500 before": (500, "oops"),
    "401": (401, "Authentication failed"),
    "429": (429, "The API rate limit has been exceeded. Try again later."),
    "monthly limit": (429, "You have reached your monthly limit."),
    "bad message": (400, "A message (messages[0]) in the request body is invalid"),
}

BOT = "U" + "0" * 32
"""The bot's own user id: the destination of the webhooks of `tests.engine.posting`."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What LINE delivered: by a reply ``token``, or pushed to ``to``."""

    token: str
    texts: tuple[str, ...]
    at: float
    to: str = ""


class FakeLine:
    """Runs in a thread of its own while ``with`` lasts.

    ``delivered`` is what people saw; ``attempts`` every reply asked for, delivered or not, and
    ``pushes`` every push. ``faults`` are used up one per call; ``rule`` decides for all calls
    that find none. Tokens that are ``expired`` are refused as LINE refuses them.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.delivered: list[Reply] = []
        self.attempts: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.faults: list[Fault] = []
        self.rule: Callable[[str, list[str]], Fault | None] = lambda token, texts: None
        self.pushes: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.expired: set[str] = set()
        self.most_at_once = 0
        self.asked_who = 0
        self.base = ""
        self._used: set[str] = set()
        self._keys: set[str] = set()
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
        app.router.add_post("/v2/bot/message/push", self._push)
        app.router.add_get("/v2/bot/info", self._info)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _close(self) -> None:
        self._closing.set()  # lets go of the calls left hanging
        await self._runner.cleanup()

    async def _info(self, request: web.Request) -> web.Response:
        self.asked_who += 1
        return web.json_response({"userId": BOT, "displayName": "退会ナビ"})

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        token, texts = body["replyToken"], _texts(body)
        self.attempts.append((token, body, dict(request.headers)))

        def take() -> web.Response | None:
            if token in self._used or token in self.expired:
                return web.json_response({"message": "Invalid reply token"}, status=400)
            self._used.add(token)
            self.delivered.append(Reply(token, tuple(texts), time.monotonic()))
            return None

        return await self._counted(request, token, texts, take)

    async def _push(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        to, key, texts = body["to"], request.headers["X-Line-Retry-Key"], _texts(body)
        self.pushes.append((body, dict(request.headers)))

        def take() -> web.Response | None:
            if key in self._keys:
                told = {"x-line-accepted-request-id": "r-0"}
                return web.json_response({"message": "accepted"}, status=409, headers=told)
            self._keys.add(key)
            self.delivered.append(Reply("", tuple(texts), time.monotonic(), to))
            return None

        return await self._counted(request, to, texts, take)

    async def _counted(
        self, request: web.Request, token: str, texts: list[str], take: Take
    ) -> web.StreamResponse:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._answered(request, token, texts, take)
        finally:
            self._at_once -= 1

    async def _answered(
        self, request: web.Request, token: str, texts: list[str], take: Take
    ) -> web.StreamResponse:
        await asyncio.sleep(self.delay)
        fault = self.faults.pop(0) if self.faults else self.rule(token, texts)
        if fault in REFUSALS:
            status, message = REFUSALS[fault]
            return web.json_response({"message": message}, status=status)
        match fault:
            case "hang before":
                await self._closing.wait()
            case "reset before":
                return _reset(request)
            case "redirect":
                raise web.HTTPTemporaryRedirect(f"{self.base}/v2/bot/message/reply")
        if self._closing.is_set():
            return web.json_response({"message": "closing"}, status=500)
        if refusal := take():
            return refusal
        match fault:
            case "hang after":
                await self._closing.wait()
            case "reset after":
                return _reset(request)
            case "500 after":
                return web.json_response({"message": "oops"}, status=500)
            case "not json":
                return web.Response(body=b"<html>ok</html>", content_type="text/html")
            case "huge":
                return web.Response(body=b" " * 10_000_000, content_type="application/json")
        return web.json_response({"sentMessages": []}, headers={"x-line-request-id": "r-1"})


Take = Callable[[], web.Response | None]
"""Delivers, or says why not."""


def _texts(body: dict[str, Any]) -> list[str]:
    return [message.get("text", message["type"]) for message in body["messages"]]


def _reset(request: web.Request) -> web.Response:
    """Cut the connection in the middle of the call."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
