"""Lets calls for one person take effect in the order in which they were made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Order:
    """A queue for each person who has a call under way, and nothing for anybody else.

    Whoever waits holds no connection meanwhile. For one event loop.
    """

    def __init__(self) -> None:
        self._last: dict[bytes, asyncio.Future[None]] = {}

    def __len__(self) -> int:
        """How many people have a call under way."""
        return len(self._last)

    async def next(
        self, who: bytes, call: Callable[[], Awaitable[T]], *, overtaking: bool = False
    ) -> T:
        """The result of *call*, made when all earlier ones for *who* have ended.

        ``overtaking`` makes it at once; later calls wait for it all the same.
        """
        before = self._last.get(who)
        mine = self._last[who] = asyncio.get_running_loop().create_future()
        try:
            if before is not None and not overtaking:
                await asyncio.shield(before)  # for others wait for it too
            return await call()
        finally:
            self._end(who, before, mine)

    def _end(
        self, who: bytes, before: asyncio.Future[None] | None, mine: asyncio.Future[None]
    ) -> None:
        if before is not None and not before.done():  # overtook it, or was cancelled waiting
            before.add_done_callback(lambda _: self._end(who, None, mine))
            return
        mine.set_result(None)
        if self._last.get(who) is mine:
            del self._last[who]
