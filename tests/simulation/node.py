"""One node: the bot's own objects, put together as `bot.app` does, on a machine that may die."""

from __future__ import annotations

import asyncio
from contextvars import Context, copy_context
from functools import partial
from random import Random

from bot.engine.engine import Engine
from bot.engine.flow import Flow
from bot.engine.keys import KeyRing
from bot.engine.metrics import NO_METRICS
from bot.engine.phrases import Phrases
from bot.engine.pseudonym import Pseudonyms
from bot.engine.turn import Turns
from bot.engine.vault import Vault
from bot.line.hear import hear
from bot.throttle import Throttle
from bot.webhook import Webhook
from tests.simulation.counting import Counting, NewerFlow, spoken
from tests.simulation.database import Database
from tests.simulation.loop import NODE, SimLoop
from tests.simulation.messaging import PLAIN_TEXT, Messaging
from tests.simulation.store import ModelStore

SECRET = "c4nary5ecret0123456789abcdef0123"
RING = KeyRing.of([bytes(range(7, 39))])
VAULT = Vault(RING)
PSEUDONYMS = Pseudonyms(RING)
PHRASES = Phrases(
    fallback="sorry", answer_refused=PLAIN_TEXT, memory_lost="lost", crowded="crowd", group="group"
)


REQUESTS, STOP_WITHIN = 5.0, 17.0
"""Seconds that requests under way are given on stopping, and everything together."""


class Node:
    """A machine with a name, on which one process after the other runs."""

    def __init__(
        self,
        name: str,
        loop: SimLoop,
        database: Database,
        line: Messaging,
        daily: int,
        random: Random,
    ) -> None:
        """*daily* pushes are allowed, 0 for none."""
        self.name = name
        self.loop = loop
        self.process = ""
        self.alive = False
        self.newer = False
        self.disturbed = 0.0  # until when the node stood still, last
        self._database = database
        self._line = line
        self._daily = daily
        self._random = random
        self._count = 0
        self._context = Context()

    def start(self, *, newer: bool = False) -> None:
        """Start a process, of this version of the program or the next."""
        self._count += 1
        self.alive, self.newer = True, newer
        self.process = f"{self.name}.{self._count}{'+' if newer else ''}"
        self._context = copy_context()
        self._context.run(NODE.set, self.process)
        self.loop.shift(self.process, self._random.uniform(0, 100_000))
        self._context.run(self._build)

    def _build(self) -> None:
        self.store = ModelStore(self._database)
        flow = NewerFlow if self.newer else Flow
        self.engine = Engine(
            self.store,
            self._line,
            Turns(flow(Counting().step, spoken), VAULT, PHRASES, push=self._daily > 0),
            PSEUDONYMS,
            VAULT,
            pushes=self._daily,
            jitter=self._random.random,
        )
        self.webhook = Webhook(
            [SECRET],
            partial(hear, destination=None),
            self.engine.reception,
            Throttle(self.loop.time),
            NO_METRICS,
        )
        self._taking: list[asyncio.Task[int]] = []
        self.engine.start()

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self.alive and self.disturbed > self.loop.now

    def take(self, body: bytes, signature: bytes) -> asyncio.Task[int]:
        """LINE posts a webhook; the status is the task's result."""
        taking = self.loop.create_task(self.webhook.take(body, signature), context=self._context)
        self._taking.append(taking)
        return taking

    def kill(self) -> None:
        """SIGKILL."""
        self.alive = False
        self.loop.kill(self.process)
        self._database.forget(self.process)

    def freeze(self, seconds: float) -> None:
        """The whole machine stands still."""
        self.disturbed = max(self.disturbed, self.loop.now + seconds)
        self.loop.freeze(self.process, seconds)

    async def stop(self) -> bool:
        """SIGTERM: finish what was begun, then exit. False if it had to be killed in the end."""
        self.alive = False
        exiting = self.loop.create_task(self._shut_down(), context=self._context)
        await asyncio.wait([exiting], timeout=STOP_WITHIN)
        self.kill()
        return exiting.done()

    async def _shut_down(self) -> None:
        if under_way := [task for task in self._taking if not task.done()]:
            await asyncio.wait(under_way, timeout=REQUESTS)
        await self.engine.stop()
        await self.store.close()
