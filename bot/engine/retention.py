"""Forgets with time: nothing is kept longer than it is needed for."""

from __future__ import annotations

import asyncio

from bot.logs import logger
from bot.store.port import Purged, Store, StoreDownError, Terms
from bot.store.rules import DAY

EVENT_IDS = 7 * DAY
"""Events are told from their duplicates this long; LINE does not say for how long it redelivers."""

CONVERSATIONS = 90 * DAY
"""An idle conversation: longer than a withdrawal with all its letters takes."""

ANSWERS = DAY
"""No answer is worth sending after this, nor its fate worth knowing."""

TOMBSTONES = 8 * DAY
"""Longer than `EVENT_IDS` and the day after which an event is too old to change anything."""

TERMS = Terms(events=EVENT_IDS, conversations=CONVERSATIONS, answers=ANSWERS, tombstones=TOMBSTONES)

EVERY = 600.0
"""Seconds between purges; a promise in days is kept to within ten minutes."""

SLICE = 500
"""Rows of a kind removed in one transaction: milliseconds, so that no event waits."""


async def purge(store: Store) -> int:
    """Remove all that has had its time; returns how many rows. Raises StoreDownError."""
    total = 0
    while (removed := await store.purge(TERMS, SLICE)) != Purged():
        total += removed.total
    return total


async def keep_purging(store: Store) -> None:
    """Purge now and then, until cancelled."""
    while True:
        try:
            if count := await purge(store):
                logger().info("purged", count=count)
        except StoreDownError:
            logger().error("purge failed", reason="database")
        await asyncio.sleep(EVERY)
