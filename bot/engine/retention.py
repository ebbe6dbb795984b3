"""Forgets with time: nothing is kept longer than it is needed for."""

from __future__ import annotations

import asyncio

from bot.clock import Clock, millis
from bot.logs import logger
from bot.store.port import Horizon, Purged, Store, StoreDownError
from bot.store.rules import DAY

EVENT_IDS = 7 * DAY
"""Events are told from their duplicates this long; LINE does not say for how long it redelivers."""

CONVERSATIONS = 90 * DAY
"""An idle conversation: longer than a withdrawal with all its letters takes."""

ANSWERS = DAY
"""No answer is worth sending after this, nor its fate worth knowing."""

TOMBSTONES = 8 * DAY
"""Longer than `EVENT_IDS` and the day after which an event is too old to change anything."""

EVERY = 600.0
"""Seconds between purges; a promise in days is kept to within ten minutes."""

SLICE = 500
"""Rows of a table removed in one transaction: milliseconds, so that no event waits."""


def horizon(now: int) -> Horizon:
    """Before which moment everything is to be forgotten at *now* (ms since 1970)."""
    return Horizon(
        inbox=now - EVENT_IDS,
        conversations=now - CONVERSATIONS,
        outbox=now - ANSWERS,
        tombstones=now - TOMBSTONES,
    )


async def purge(store: Store, now: int) -> int:
    """Remove all that has had its time at *now*; returns how many rows. Raises StoreDownError."""
    total = 0
    while (removed := await store.purge(horizon(now), SLICE)) != Purged():
        total += removed.total
    return total


async def keep_purging(store: Store, clock: Clock) -> None:
    """Purge now and then, until cancelled."""
    while True:
        try:
            if count := await purge(store, millis(clock.now())):
                logger().info("purged", count=count)
        except StoreDownError:
            logger().error("purge failed", reason="database")
        await asyncio.sleep(EVERY)
