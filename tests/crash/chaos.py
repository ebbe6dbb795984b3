"""Kills nodes at the worst moments, stops and freezes some, and crashes the database's server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.crash.database import Database
from tests.crash.history import History
from tests.crash.line import Line
from tests.crash.node import Node
from tests.crash.until import until

TAKEN = 0.4
"""Share of the kills that wait until LINE has just taken a message and has not said so yet:
few random moments hit it, and nothing is harder to get right."""

FROZEN = ((1.2, 1.9), (2.0, 10.0))
"""Seconds a node stands still, unnoticed: as long as LINE waits for it, or longer than any lease.
After the first it still answers, with all of its own time-outs over."""

DOWN = 1.0
"""At most so many seconds the database's server stays away."""


@dataclass(frozen=True, slots=True)
class Blows:
    """How many nodes to kill, to tell to stop and to freeze, how often to crash the database's
    server; all of it within ``seconds``, with ``pause`` seconds of peace between two blows on
    average."""

    kills: int
    stops: int = 0
    freezes: int = 0
    crashes: int = 0
    seconds: float = 120.0
    pause: float = 0.7

    @property
    def all(self) -> int:
        """How many that makes."""
        return self.kills + self.stops + self.freezes + self.crashes


class Chaos:
    """Deals blows; ``dealt`` tells how many there were so far."""

    def __init__(
        self,
        nodes: Sequence[Node],
        database: Database,
        line: Line,
        history: History,
        random: Random,
    ) -> None:
        self.dealt = 0
        self._thawing: set[asyncio.Task[None]] = set()
        self._nodes = nodes
        self._database = database
        self._line = line
        self._history = history
        self._random = random

    async def run(self, blows: Blows) -> None:
        """Deal all of *blows*, or what there is time for, in an order the dice choose."""
        left = [self._kill] * blows.kills + [self._stop] * blows.stops
        left += [self._freeze] * blows.freezes + [self._crash] * blows.crashes
        self._random.shuffle(left)
        try:
            async with asyncio.timeout(blows.seconds):
                for strike in left:
                    await asyncio.sleep(self._random.expovariate(1 / blows.pause))
                    await strike()
                    self.dealt += 1
        except TimeoutError:
            pass
        await asyncio.gather(*self._thawing)

    async def _kill(self) -> None:
        if self._random.random() < TAKEN:
            await self._line.takes_one(1.0)
        (await self._one_up()).kill()

    async def _stop(self) -> None:
        (await self._one_up()).terminate()

    async def _freeze(self) -> None:
        thaw = (await self._one_up()).freeze()

        async def later() -> None:
            await asyncio.sleep(self._random.uniform(*self._random.choice(FROZEN)))
            thaw()

        self._thawing.add(asyncio.create_task(later()))

    async def _one_up(self) -> Node:
        await until(lambda: any(node.up for node in self._nodes))
        return self._random.choice([node for node in self._nodes if node.up])

    async def _crash(self) -> None:
        self._history.write("crash")
        await asyncio.to_thread(self._database.crash)
        await asyncio.sleep(self._random.uniform(0, DOWN))
        await asyncio.to_thread(self._database.mend)
        self._history.write("mend")
