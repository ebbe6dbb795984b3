"""Decides on events that were put away: too slow a moment, or another node's to decide."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.engine.accept import Reception
from bot.engine.parcel import unpacked
from bot.engine.turn import unreadable
from bot.engine.vault import UnreadableError, Vault
from bot.engine.verdict import SPREAD
from bot.logs import logger, where
from bot.store.port import Deferred, Store, StoreDownError
from flows.conversation import NewerError

LOOK_EVERY = 0.25
"""Seconds between looks into the store."""

PEOPLE = 50
"""Taken up in one look."""

PAUSE = 5_000
"""Milliseconds after which to look again at what this node cannot decide on: a newer one may,
or what ails us may pass. After a day the event is stale, and over."""


class Backlog:
    """Works off deferred events from `start` to `stop`; never raises."""

    def __init__(
        self,
        store: Store,
        reception: Reception,
        vault: Vault,
        *,
        jitter: Callable[[], float] = SPREAD,
    ) -> None:
        """*jitter* keeps nodes out of step: one that cannot decide must not always come first."""
        self._store = store
        self._reception = reception
        self._vault = vault
        self._jitter = jitter
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with whatever an earlier process put away."""
        self._task = asyncio.create_task(self._run(), name="backlog")

    async def stop(self) -> None:
        """Finish the person at hand, and no other."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        """Look, decide, wait, look again."""
        while not self._stopping.is_set():
            try:
                for user_key in await self._store.behind(PEOPLE):
                    if not self._stopping.is_set():
                        with suppress(StoreDownError):  # perhaps only this person's row is locked
                            await self.work_off(user_key)
            except StoreDownError:
                pass  # whoever takes events in says so; there is nothing to do but look again
            except Exception as error:
                logger().error("backlog failed", error=type(error).__name__, where=where(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY * (1 + self._jitter() / 4)):
                    await self._stopping.wait()

    async def work_off(self, user_key: bytes) -> None:
        """Decide on all that waits of one person, in order. Raises StoreDownError."""
        try:
            for each in await self._store.deferred(user_key):
                await self._decide(each)
        except NewerError:
            await self._store.postpone(user_key, self._pause())
        except StoreDownError:
            raise
        except Exception as error:
            logger().error("event not decided", error=type(error).__name__, where=where(error))
            await self._store.postpone(user_key, self._pause())

    def _pause(self) -> int:
        return PAUSE + int(PAUSE * self._jitter())

    async def _decide(self, each: Deferred) -> None:
        arrival = each.arrival
        try:
            item = unpacked(
                each.event, arrival.at, self._vault, arrival.user_key, arrival.event_key
            )
        except UnreadableError:
            await self._store.accept(arrival, unreadable)
            return
        await self._reception.decide(item, arrival)
