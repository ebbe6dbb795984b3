"""Whether an answer may be pushed: pushes cost money, so there is a limit for each day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.store.port import Store
from bot.store.rules import DAY, HOUR

QUOTA_PAUSE = HOUR / 1000
"""Seconds without pushes after LINE said that the month's are used up. Asking again each hour
costs nothing, and notices a new month or a bigger plan."""

TOKYO_OFFSET = 9 * HOUR
"""A day begins at midnight in Japan, where no summer time is kept."""


@dataclass(slots=True)
class PushAllowance:
    """At most ``daily`` pushes a day, counted in the store for all nodes together.

    ``channel`` is the store's key of the account itself. With ``daily`` 0 none is allowed.
    ``uptime`` is any clock that never goes back, in seconds.
    """

    store: Store
    channel: bytes
    daily: int
    uptime: Callable[[], float]
    _closed_until: float = field(default=0.0, init=False)

    @property
    def is_open(self) -> bool:
        """Whether a push may be tried at all at present."""
        return self.daily > 0 and self.uptime() >= self._closed_until

    async def one(self, now: int) -> bool:
        """Take one push out of the allowance of the day of *now* (ms). Raises StoreDownError."""
        if not self.is_open:
            return False
        return await self.store.allow(self.channel, (now + TOKYO_OFFSET) // DAY, self.daily)

    def close(self) -> None:
        """LINE takes no more."""
        self._closed_until = self.uptime() + QUOTA_PAUSE
