"""The ground that is explored: a content at a moment, and every press in each of its services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from bot.simulator.coverage.reach import NOON
from bot.simulator.explore.endless import Outlook, must_end
from content.catalog import Catalog, load
from flows.coverage import arrivals
from flows.walk import Arrival


class Ground:
    """*catalog* as it is at *now*. What is found out about it is found out once."""

    def __init__(self, catalog: Catalog, now: datetime) -> None:
        self.catalog = catalog
        self.now = now
        self._arrivals: dict[str, Sequence[Arrival]] = {}

    def arrivals(self, slug: str) -> Sequence[Arrival]:
        """Every press in every place of the service *slug*, its look-alikes' included.

        Raises EndlessError for a service that has too many of them.
        """
        if slug not in self._arrivals:
            found, seen = list[Arrival](), set[Outlook]()
            for arrival in arrivals(self.catalog, slug, self.now):
                found.append(arrival)
                seen.add(arrival.key)
                must_end(slug, seen)
            self._arrivals[slug] = tuple(found)
        return self._arrivals[slug]


@cache
def shipped() -> Ground:
    """The shipped content at noon, surveyed whole. Raises ContentError and EndlessError.

    Called before other processes begin, so that a forked one has it for nothing.
    """
    ground = Ground(load(), NOON)
    for slug in ground.catalog.services:
        ground.arrivals(slug)
    return ground
