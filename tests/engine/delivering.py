"""A store, a deliverer and LINE at work, for the tests of sending."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.engine import deliver
from bot.engine.attempt import Attempts, Line
from bot.engine.deliver import Deliverer
from bot.engine.letter import Letter
from bot.engine.metrics import NO_METRICS
from bot.engine.pseudonym import event_key
from bot.engine.push import PushAllowance
from bot.line.client import TIMEOUT, Accepted, Answer, LineClient
from bot.store.port import (
    Arrival,
    Decision,
    Erase,
    Outcome,
    Save,
    Situation,
)
from bot.store.sqlite import SqliteStore
from tests.engine.fake_line import FakeLine
from tests.engine.made import ANN, VAULT, RunningClock

PLAIN = "やさしい文"
NEVER = 3600.0
"""Seconds between two looks, more than any test lasts."""

SHORT = 1.0
"""Seconds of patience with a call that hangs, so that a test does not."""

ANNS_ID = "U" + "a" * 32


@dataclass
class House:
    """A store, a deliverer and LINE, at work."""

    store: SqliteStore
    clock: RunningClock
    deliverer: Deliverer
    count: int = 0

    async def answer(
        self,
        text: str,
        who: bytes = ANN,
        *,
        erase: bool = False,
        told: bool = True,
        ago: int = 0,
        claimed: bool = False,
    ) -> str:
        """Put an answer into the outbox, to an event *ago* ms old; returns its reply token.

        With *claimed* it is claimed as it is made, where the deliverer has room.
        """
        self.count += 1
        token = f"token-{self.count}"
        key = event_key(token)
        arrival = Arrival(who, key, self.clock.ms - ago)

        def decide(situation: Situation) -> Decision:
            messages = b'[{"type":"text","text":"%b"}]' % text.encode()
            letter = Letter(token, messages, ANNS_ID, str(uuid.uuid4()))
            sealed = letter.sealed(VAULT, who, situation.seq, key)
            return Decision(Outcome.APPLIED, Erase() if erase else Save(b"x"), sealed)

        lease = self.deliverer.lease if claimed else None
        since = asyncio.get_running_loop().time()
        accepted = await self.store.accept(arrival, decide, lease)
        if told and accepted.claim:
            self.deliverer.answer_is_ours(accepted.claim, since)
        elif told:
            self.deliverer.answer_waits(who)
        return token


@asynccontextmanager
async def delivering(
    store: SqliteStore,
    line: Line | FakeLine,
    clock: RunningClock,
    *,
    patience: float = TIMEOUT,
    pushes: int = 0,
    at_once: int = deliver.AT_ONCE,
    look_every: float = deliver.LOOK_EVERY,
) -> AsyncIterator[House]:
    """A deliverer at work, over a real client where *line* is a fake LINE.

    The client gives a call *patience* seconds. Where none is to hang that is what it has in
    production: on a busy machine, an ordinary answer that is given up falls into doubt. With
    *look_every* `NEVER` nothing is found that the deliverer was not told of; it is this one's
    alone, for servers of other tests may be at work in this process.
    """
    if isinstance(line, FakeLine):
        async with (
            LineClient(line.base, "token", timeout=patience) as client,
            delivering(
                store, client, clock, pushes=pushes, at_once=at_once, look_every=look_every
            ) as house,
        ):
            yield house
        return
    allowance = PushAllowance(store, b"c" * 16, pushes, asyncio.get_running_loop().time)
    attempts = Attempts(line, VAULT, PLAIN, allowance, NO_METRICS, jitter=lambda: 0.0)
    deliverer = Deliverer(
        store, attempts, NO_METRICS, at_once=at_once, look_every=look_every, jitter=lambda: 0.0
    )
    deliverer.start()
    try:
        yield House(store, clock, deliverer)
    finally:
        await deliverer.stop()


class OwnLine:
    """A LINE of the test's own: every reply is answered by *answer*, which may raise or wait."""

    def __init__(self, answer: Callable[[int], Awaitable[Answer]]) -> None:
        self.answer = answer
        self.tokens: list[str] = []

    async def reply(self, token: str, messages: bytes) -> Answer:
        self.tokens.append(token)
        return await self.answer(len(self.tokens))

    async def push(self, to: str, messages: bytes, retry_key: str) -> Answer:
        raise AssertionError("nothing is to be pushed here")


async def until(done: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for *done*; fails when it does not come true in time."""
    async with asyncio.timeout(seconds):
        while not done():
            await asyncio.sleep(0.005)


async def rows(store: SqliteStore) -> list[Any]:
    """Status, ambiguity and letter of every answer, in order."""
    query = "SELECT status, ambiguous, letter IS NOT NULL FROM outbox ORDER BY received, seq"
    found: list[Any] = await store._writer.do(lambda c: c.execute(query).fetchall())
    return found


async def ended(house: House, count: int = 1) -> list[str]:
    """The statuses of all answers, once *count* are final."""
    async with asyncio.timeout(5):
        while sum(row[0] != "waiting" for row in await rows(house.store)) < count:
            await asyncio.sleep(0.01)
    return [row[0] for row in await rows(house.store)]


async def taken() -> Answer:
    """LINE took it."""
    return Accepted("r")
