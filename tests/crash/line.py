"""A LINE full of trouble: takes every token once, and often does not say so."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Literal, Self

from aiohttp import web

from tests.crash.history import History

Trouble = Literal[
    "", "500 before", "500 after", "hang before", "hang after", "reset before", "reset after",
    "garbage before", "garbage after", "slow", "429",
]  # fmt: skip
"""``before`` or ``after`` LINE took it: whoever called cannot tell which."""

WEIGHTS: dict[Trouble, float] = {
    "500 before": 2, "500 after": 2, "hang before": 0.7, "hang after": 0.7,
    "reset before": 1.5, "reset after": 1.5, "garbage before": 1.5, "garbage after": 1.5,
    "slow": 5, "429": 0.2,
}  # fmt: skip
"""How often each of them among all calls, in percent. 429 stops all sending for a second."""

HANG = 8.0
"""Seconds without an answer: longer than anybody waits for one."""

BOT = "U" + "0" * 32
"""The bot's own user id."""


class Line:
    """Serves replies and pushes while ``async with`` lasts. ``troubled`` turns the trouble on.

    ``dead`` holds the tokens that have expired.
    """

    def __init__(self, history: History, random: Random, *, troubled: bool = True) -> None:
        self.troubled = troubled
        self.weights = WEIGHTS
        self.dead: set[str] = set()
        self.base = ""
        self._history = history
        self._random = random
        self._calls = itertools.count(1)
        self._used: set[str] = set()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._next: asyncio.Future[None] | None = None
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v2/bot/message/reply", self._reply)
        app.router.add_post("/v2/bot/message/push", self._push)
        app.router.add_get("/v2/bot/info", self._info)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def heard(self, token: str, seconds: float) -> None:
        """Wait until *token* is delivered, or for so long."""
        if token not in self._used:
            delivered = self._waiting.setdefault(token, asyncio.Future())
            await asyncio.wait([delivered], timeout=seconds)
            self._waiting.pop(token, None)

    async def takes_one(self, seconds: float) -> None:
        """Wait until LINE has taken a message and not said so yet, or for so long."""
        self._next = self._next or asyncio.Future()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._next), seconds)

    # --- what is asked of LINE ----------------------------------------------------------

    async def _info(self, _request: web.Request) -> web.Response:
        return web.json_response({"userId": BOT, "basicId": "@standin"})

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        if "x-line-retry-key" in request.headers:
            return web.json_response({"message": "Retry key is not accepted"}, status=400)
        body = await request.json()
        token = str(body["replyToken"])
        return await self._taken(request, "reply", token, 400, {"token": token}, body["messages"])

    async def _push(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        key = request.headers["x-line-retry-key"]
        who = {"to": str(body["to"]), "key": key}
        return await self._taken(request, "push", key, 409, who, body["messages"])

    async def _taken(
        self,
        request: web.Request,
        op: str,
        once: str,
        refusal: int,
        who: dict[str, str],
        messages: list[dict[str, str]],
    ) -> web.StreamResponse:
        """Deliver *messages*, unless there is trouble or *once* was used already."""
        what = {"call": next(self._calls), "texts": [m["text"] for m in messages]} | who
        self._history.write(op, "invoke", **what)
        trouble = self._trouble()
        if trouble == "slow":
            await asyncio.sleep(self._random.uniform(0.2, 3.0))
        if trouble == "429":
            self._history.write(op, "fail", **what, took=False, fault=trouble, status=429)
            return web.json_response({"message": "The API rate limit"}, status=429)
        if trouble.endswith("before"):
            self._history.write(op, "info", **what, took=False, fault=trouble)
            return await self._no_word(request, trouble)
        if once in self._used or once in self.dead:
            self._history.write(op, "fail", **what, took=False, fault="", status=refusal)
            return web.json_response({"message": "Invalid reply token"}, status=refusal)
        self._used.add(once)
        how = "info" if trouble.endswith("after") else "ok"
        self._history.write(op, how, **what, took=True, fault=trouble)
        await self._tell_of(once)
        if how == "info":
            return await self._no_word(request, trouble)
        return web.json_response({"sentMessages": []}, headers={"x-line-request-id": once})

    def _trouble(self) -> Trouble:
        if not self.troubled or self._random.uniform(0, 100) >= sum(self.weights.values()):
            return ""
        return self._random.choices(list(self.weights), list(self.weights.values()))[0]

    async def _tell_of(self, once: str) -> None:
        if (waiting := self._waiting.pop(once, None)) and not waiting.done():
            waiting.set_result(None)
        if self._next is not None:
            self._next.set_result(None)
            self._next = None
            await asyncio.sleep(0)  # whoever wants to kill the caller does it now

    async def _no_word(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        """Answer in a way that tells nothing."""
        kind = trouble.split()[0]
        if kind == "500":
            return web.json_response({"message": "oops"}, status=500)
        if kind == "garbage":
            return web.Response(text="<html>busy</html>", content_type="text/html")
        if kind == "hang":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), HANG)
        if request.transport:
            request.transport.abort()
        return web.Response(status=500)
