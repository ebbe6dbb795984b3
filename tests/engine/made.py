"""Keys, a vault, phrases, a clock set by hand: what the tests of the engine build upon."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from bot.clock import TOKYO, SystemClock, millis
from bot.engine.flow import Flow
from bot.engine.keys import KeyRing
from bot.engine.letter import Letter, unsealed
from bot.engine.phrases import Phrases
from bot.engine.turn import Turns
from bot.engine.vault import Vault
from bot.line.client import Accepted, Answer
from bot.store.port import Decision, Situation
from bot.store.sqlite import SqliteStore
from flows.conversation import Conversation, Event, Say
from tests.engine import standin

RING = KeyRing.of([bytes(range(32))])
VAULT = Vault(RING)
PHRASES = Phrases.of(standin.catalog().phrases)
START = datetime(2026, 11, 22, 12, tzinfo=TOKYO)
ANN, BEN = b"a" * 16, b"b" * 16


class HandClock:
    """A `bot.clock.Clock` that stands still until it is moved by hand, either way."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it shows."""
        return self.at

    @property
    def ms(self) -> int:
        """The same, as the store counts."""
        return millis(self.at)

    def move(self, **by: float) -> None:
        """Move it on by so much; the arguments are those of `timedelta`."""
        self.at += timedelta(**by)


class RunningClock(HandClock):
    """The machine's clock, a little ahead or behind."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The moment it shows."""
        return SystemClock().now() + self.ahead

    @property
    def ms(self) -> int:
        """The same, as the store counts."""
        return millis(self.now())

    def move(self, **by: float) -> None:
        """Set it forward by so much, or back."""
        self.ahead += timedelta(**by)


def step(
    conversation: Conversation, event: Event, now: datetime
) -> tuple[Conversation | None, Sequence[Say]]:
    """The stand-in flow, as the engine calls it."""
    return standin.step(conversation, event, standin.catalog(), now)


def turns(**changes: Any) -> Turns:
    """`Turns` with the stand-in flow, which remembers nothing; *changes* are its fields."""
    given: dict[str, Any] = {"flow": Flow(step, standin.say, 0), "vault": VAULT}
    return Turns(**(given | {"phrases": PHRASES} | changes))


def situation(**changes: Any) -> Situation:
    """Somebody new, alone, in time; *changes* are its fields."""
    given: dict[str, Any] = {"state": None, "faults": 0, "seq": 1, "late": False, "crowd": 1}
    return Situation(**(given | {"now": millis(START)} | changes))


def letter_of(decision: Decision, user_key: bytes, seq: int, event_key: bytes) -> Letter:
    """The letter that *decision* answers with, opened."""
    assert decision.letter is not None
    return unsealed(VAULT, decision.letter, user_key, seq, event_key)


def texts(letter: Letter) -> list[str]:
    """What the messages of *letter* read."""
    return [message["text"] for message in orjson.loads(letter.messages)]


async def column(store: SqliteStore, query: str, *values: object) -> list[Any]:
    """The first column of what *query*, filled with *values*, finds in *store*."""
    rows: list[Any] = await store._writer.do(lambda c: c.execute(query, values).fetchall())
    return [row[0] for row in rows]


class Mute:
    """A LINE that takes everything and delivers nothing; ``tokens`` and ``pushed`` name it."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.pushed: list[str] = []

    async def reply(self, token: str, messages: bytes) -> Answer:
        """Take it."""
        await asyncio.sleep(0)
        self.tokens.append(token)
        return Accepted("r")

    async def push(self, to: str, messages: bytes, retry_key: str) -> Answer:
        """Take it."""
        await asyncio.sleep(0)
        self.pushed.append(to)
        return Accepted("r")
