"""How many messages the month still has: LINE counts people reached, and replies not at all."""

from __future__ import annotations

from bot.clock import TOKYO, Clock
from bot.simulator.fake_line import refusals

FREE = 200
"""Messages a month of the free plan, which has no extra ones (LINE's price list for Japan)."""


class Quota:
    """The messages of a month in Japan, by simulated time. ``limit`` may be set to any number."""

    def __init__(self, clock: Clock, limit: int = FREE) -> None:
        self.limit = limit
        self._clock = clock
        self._spent: dict[tuple[int, int], int] = {}

    @property
    def used(self) -> int:
        """How many of this month's are gone."""
        return self._spent.get(self._month(), 0)

    def spend(self, people: int) -> None:
        """A message goes to *people*. Raises RefusalError where the month has no more for all."""
        if self.used + people > self.limit:
            raise refusals.monthly_limit()
        self._spent[self._month()] = self.used + people

    def _month(self) -> tuple[int, int]:
        now = self._clock.now().astimezone(TOKYO)
        return now.year, now.month
