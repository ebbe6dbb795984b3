"""Who we are to LINE: events meant for another channel are not for us.

A webhook's ``destination`` is the bot's own user id (reference/messaging-api/#request-body). It
is asked for in the background: until LINE has told it, the signature alone says that an event
is ours, which it does for certain.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.line.client import LineClient
from bot.line.hear import Arrival, hear
from bot.logs import logger

ASK_AGAIN = 600.0
"""Seconds until LINE is asked again, where it did not tell."""


class Identity:
    """Hears webhooks, knowing for which bot once `find_out` has succeeded."""

    def __init__(self, line: LineClient) -> None:
        self._line = line
        self._user_id: str | None = None

    async def find_out(self) -> None:
        """Ask LINE until it tells; never raises for network trouble."""
        while (user_id := await self._line.bot_user_id()) is None:
            logger().warning("identity unknown")
            await asyncio.sleep(ASK_AGAIN)
        self._user_id = user_id

    def hear(self, body: bytes) -> Sequence[Arrival]:
        """`bot.line.hear.hear`, for this bot."""
        return hear(body, self._user_id)
