"""What happens to machines and databases while people write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context
from typing import Any

from bot.line.client import Refused
from tests.simulation.database import Weather
from tests.simulation.messaging import Messaging
from tests.simulation.node import Node
from tests.simulation.troubles import AWAY, FREEZE, REFUSING, STALL, Luck

REFUSALS = (
    Refused(401, "Authentication failed due to the following reason: invalid token", "r"),
    Refused(429, "The API rate limit has been exceeded. Try again later.", "r"),
)


class Skies(Weather):
    """The weather over the database of a world."""

    def __init__(self, luck: Luck) -> None:
        self._luck = luck
        self.away = False

    def takes(self) -> float | None:
        """See `Weather.takes`. Often enough nothing at all comes between two steps."""
        if self._luck.strikes("slow"):
            return self._luck.seconds(STALL)
        return None if self._luck.random.random() < 0.5 else self._luck.seconds(0.004)

    def is_down(self) -> bool:
        """See `Weather.is_down`."""
        return self.away

    def loses_answer(self) -> bool:
        """See `Weather.loses_answer`."""
        return self._luck.strikes("forgetful")

    def lands_after(self) -> float | None:
        """See `Weather.lands_after`."""
        return self._luck.seconds(1.0) if self._luck.random.random() < 0.5 else None


class Chaos:
    """Strikes, each trouble at its own rate, until `end`."""

    def __init__(
        self, nodes: Sequence[Node], skies: Skies, messaging: Messaging, luck: Luck
    ) -> None:
        self._nodes = nodes
        self._skies = skies
        self._messaging = messaging
        self._luck = luck
        self._tasks: list[asyncio.Task[None]] = []

        self.wrong: list[str] = []

    def begin(self) -> None:
        """From now on anything may happen."""
        blows: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "kills": self._kill,
            "stops": self._stop,
            "freezes": self._freeze,
            "away": self._lose_database,
            "refusals": self._refuse,
        }
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._repeat(name, blow)) for name, blow in blows.items()]

    async def end(self) -> None:
        """Faults off, everything up again."""
        await self._halt()
        for node in self._nodes:
            if not node.alive:
                self._start(node)

    async def outage(self, seconds: float) -> None:
        """All nodes away, for long; nothing else happens meanwhile."""
        await self._halt()
        for node in self._nodes:
            node.kill()
        await asyncio.sleep(seconds)
        for node in self._nodes:
            self._start(node)
        self.begin()

    async def _halt(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        self._skies.away = False
        self._messaging.refusing = None
        for node in self._nodes:
            if not node.alive:
                node.kill()  # it may have been about to exit

    def _start(self, node: Node) -> None:
        """Start it again, never an older version than it was: a deployment goes one way."""
        node.start(newer=node.newer or self._luck.strikes("newer"))

    async def _repeat(self, name: str, blow: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while (seconds := self._luck.until_next(name)) is not None:
            await asyncio.sleep(seconds)
            await blow()

    def pounce(self, process: str) -> None:
        """Something just became fact through *process*: the worst moment for it to fall."""
        node = next((node for node in self._nodes if node.process == process), None)
        if node is not None and self._luck.strikes("pounces"):
            kills = self._luck.random.random() < 0.5
            blow = self._fell(node) if kills else self._still(node)
            loop = asyncio.get_running_loop()
            self._tasks.append(loop.create_task(blow, context=Context()))

    async def _kill(self) -> None:
        await self._fell(self._luck.random.choice(self._nodes))

    async def _fell(self, node: Node) -> None:
        if node.alive:
            node.kill()
            await asyncio.sleep(self._luck.seconds(3.0))
            self._start(node)

    async def _stop(self) -> None:
        node = self._luck.random.choice(self._nodes)
        if node.alive:
            begun = node.loop.now
            if not await node.stop() and node.disturbed <= begun:
                self.wrong.append(f"I5: {node.process} did not stop in time")
            self._start(node)

    async def _freeze(self) -> None:
        await self._still(self._luck.random.choice(self._nodes))

    async def _still(self, node: Node) -> None:
        if node.alive:
            node.freeze(self._luck.seconds(FREEZE))

    async def _lose_database(self) -> None:
        self._skies.away = True
        await asyncio.sleep(self._luck.seconds(AWAY))
        self._skies.away = False

    async def _refuse(self) -> None:
        self._messaging.refusing = self._luck.random.choice(REFUSALS)
        await asyncio.sleep(self._luck.seconds(REFUSING))
        self._messaging.refusing = None
