"""Waiting for what tells nobody when it comes true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOK_EVERY = 0.01
"""Seconds."""


async def until(done: Callable[[], bool]) -> None:
    """Return once *done* is true: of processes, files and counters that raise no event."""
    while not done():
        await asyncio.sleep(LOOK_EVERY)
