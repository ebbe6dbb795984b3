"""A world: made from a seed, it lives through its troubles, heals, and is judged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from random import Random
from typing import Any

from bot.engine.retention import purge
from bot.store.rules import DAY
from tests.simulation import invariants
from tests.simulation.chaos import Chaos, Skies
from tests.simulation.database import Database
from tests.simulation.history import History
from tests.simulation.line import Line
from tests.simulation.loop import SimLoop
from tests.simulation.messaging import Messaging
from tests.simulation.node import PSEUDONYMS, VAULT, Node
from tests.simulation.people import EPOCH, People
from tests.simulation.story import Story
from tests.simulation.troubles import PEACE, Luck, Troubles, drawn

HEALING = 15 * 60
"""Virtual seconds after which everything must be done; nearly always it takes a few."""

SECONDS, DEEDS = 5.0, 14
"""How long people write, and about how many things they do."""

FORGETTING = 200 * DAY
"""After so long nothing is left of anybody, in ms."""


class World:
    """Everything there is in a run."""

    def __init__(self, seed: int, loop: SimLoop, given: Mapping[str, float]) -> None:
        """What *given* says takes the place of troubles that the seed would bring."""
        random = Random(f"{seed} world")
        self.troubles: Troubles = replace(drawn(random), **given)
        self.pushes = random.choice([0, 0, 1, 3, 50])
        self.story: list[str] = []
        self.wrong: list[str] = []
        self._random = random
        self._loop = loop
        self._ages = 0
        self.luck = Luck(self.troubles, random)
        self.history = History(PSEUDONYMS, VAULT)
        self.skies = Skies(self.luck)
        self.database = Database(self._now, self.skies)
        self.database.observers.append(self.history.committed)
        self.messaging = Messaging(self.luck, self.history, lambda: loop.now)
        self.nodes = [
            Node(f"n{number}", loop, self.database, self.messaging, self.pushes, random)
            for number in range(1, random.randint(1, 3) + 1)
        ]
        self.line = Line(loop, self.nodes, self.messaging, self.luck, self.history)
        self.people = People(
            random.randint(1, 3),
            self.line,
            self.history,
            self.troubles.skew,
            Random(f"{seed} people"),
        )
        self.chaos = Chaos(self.nodes, self.skies, self.messaging, self.luck)
        self.database.observers.append(lambda commit: self.chaos.pounce(commit.node))
        self.messaging.taken = self.chaos.pounce

    def _now(self) -> int:
        return EPOCH + self._ages + round(self._loop.now * 1000)

    async def live(self) -> None:
        """Write and suffer, heal, be judged."""
        for node in self.nodes:
            node.start()
        self.chaos.begin()
        await self.people.live(SECONDS / 2, DEEDS // 2)
        if self.troubles.outage:
            self.line.bot_returns = self._loop.now + self.troubles.outage
            await self.chaos.outage(self.troubles.outage)
        await self.people.live(SECONDS / 2, DEEDS // 2)
        await asyncio.sleep(self.troubles.aftermath)
        self.luck.troubles = PEACE
        await self.chaos.end()
        await self._heal()
        self.wrong += self.chaos.wrong + self.history.wrong
        self.wrong += invariants.violations(self)
        await self._forget()

    async def _heal(self) -> None:
        """Wait until nothing is left to do; a second more, for what should not be there."""
        end = self._loop.now + HEALING
        while next(invariants.undone(self), None):
            if self._loop.now > end:
                left = invariants.undone(self)
                self.wrong += [f"I5: after {HEALING} s {what}" for what in left]
                return
            await asyncio.sleep(1.0)
        await asyncio.sleep(1.0)

    async def _forget(self) -> None:
        """Long after, nothing is kept of anybody."""
        self._ages = FORGETTING
        await purge(self.nodes[0].store)
        for user_key, rows in self.database.people.items():
            if user_key != PSEUDONYMS.channel():
                self.wrong.append(f"I7: something is kept for ever: {rows}")

    # --- telling ---------------------------------------------------------------------------

    def note(self, line: MutableMapping[str, Any]) -> None:
        """The bot logged something that an operator is to look at."""
        if line["event"] not in EXPECTED:
            self.wrong.append(f"I0: {line}")

    def tell_story(self) -> None:
        """Keep a line for everything that happens."""
        story = Story(self.history, lambda: self._loop.now)
        self.story = story.lines
        self.database.observers.append(story.committed)


EXPECTED = {
    "event not handled",
    "message refused",
    "sending on hold",
    "delivery interrupted",
    "purge failed",
    "webhook too slow",
}
"""Errors in the log that the troubles and poisons of a world explain."""
