"""``GET /healthz`` and ``GET /readyz``: what whoever runs the server asks it."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.store.port import Store, StoreDownError

ANSWER_WITHIN = 1.0
"""Seconds the database is given: slower than that, no event could be answered in time."""

REMEMBER = 1.0
"""Seconds an answer is repeated, so that asking often costs no writing to the disk."""


async def health(_request: Request) -> Response:
    """200 for as long as the process lives."""
    return PlainTextResponse("ok")


class Readiness:
    """Whether events can be taken in right now. Content was read before the server began."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one_at_a_time = asyncio.Lock()
        self._asked_at = float("-inf")
        self._reason = ""

    async def ready(self, _request: Request) -> Response:
        """200, or 503 with the name of what is missing."""
        async with self._one_at_a_time:
            now = asyncio.get_running_loop().time()
            if now - self._asked_at >= REMEMBER:
                self._reason = await self._missing()
                self._asked_at = asyncio.get_running_loop().time()
        return PlainTextResponse(self._reason or "ok", 503 if self._reason else 200)

    async def _missing(self) -> str:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._store.ping()
        except (StoreDownError, TimeoutError):
            return "database"
        return ""
