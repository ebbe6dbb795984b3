"""From what was heard to what is stored, and back to the person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.clock import SystemClock, millis
from bot.engine.accept import Item, Reception
from bot.engine.keys import Keys
from bot.engine.phrases import Phrases
from bot.engine.pseudonym import Pseudonyms
from bot.engine.turn import Turns
from bot.engine.vault import Vault
from bot.line.heard import Heard, Joined, Left
from bot.store.port import Outcome
from bot.store.rules import CLOCK_TOLERANCE
from bot.store.sqlite import SqliteStore
from flows.conversation import Event, Typed
from tests.engine import standin

START = datetime.fromisoformat("2026-11-22T12:00:00+09:00")
KEYS = Keys.derive(bytes(range(32)))


class House:
    """A reception that writes down whom it announced."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.time = START
        self.waiting: list[bytes] = []
        self.names = Pseudonyms(KEYS.pseudonym)
        turns = Turns(
            lambda conversation, event, now: standin.step(
                conversation, event, standin.catalog(), now
            ),
            standin.say,
            Vault(KEYS.sealing),
            Phrases(),
        )
        self.reception = Reception(store, turns, self.names, self, self.waiting.append)

    def now(self) -> datetime:
        return self.time

    async def take(self, item: Item) -> Outcome:
        return await self.reception.take(item)

    def heard(
        self,
        number: int,
        event: Event = Typed("やあ"),  # noqa: B008 - a frozen value
        *,
        at: timedelta = timedelta(),
        redelivered: bool = False,
    ) -> Heard:
        """Event *number* of Ann, *at* after now."""
        return Heard(f"e{number}", millis(self.time + at), redelivered, "Ann", f"t{number}", event)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    store = SqliteStore.open(None)
    yield House(store)
    await store.close()


async def test_an_event_is_taken_under_the_persons_pseudonym(house: House) -> None:
    """Her id is not in the store, and her answer is announced by its key."""
    assert await house.take(house.heard(1)) is Outcome.APPLIED

    key = house.names.person("Ann")
    assert house.waiting == [key]
    assert await house.store.recall(key) is not None
    assert house.reception.key(house.heard(1)) == key


async def test_an_event_taken_twice_is_announced_once(house: House) -> None:
    """One event, one answer."""
    await house.take(house.heard(1))

    assert await house.take(house.heard(1, redelivered=True)) is Outcome.DUPLICATE
    assert len(house.waiting) == 1


async def test_silence_is_not_announced(house: House) -> None:
    """There is nothing to send."""
    await house.take(house.heard(1, Typed("だまって")))

    assert house.waiting == []


async def test_leaving_erases_at_once_and_brings_nothing_back(house: House) -> None:
    """What the person did before leaving is dropped when it comes late."""
    await house.take(house.heard(1))
    left = Left("e2", millis(house.time + timedelta(seconds=5)), "Ann")

    assert await house.take(left) is Outcome.ERASED
    assert await house.store.recall(house.names.person("Ann")) is None
    house.time += timedelta(seconds=10)
    assert await house.take(house.heard(3, at=timedelta(seconds=-6))) is Outcome.DROPPED
    assert await house.take(house.heard(4)) is Outcome.APPLIED


async def test_a_group_is_answered_and_not_remembered(house: House) -> None:
    """Nothing is kept but the event's id and the answer."""
    joined = Joined("e1", millis(house.time), "Cgroup", "t1")

    assert await house.take(joined) is Outcome.APPLIED
    assert house.waiting == [house.names.place("Cgroup")]
    assert await house.store.recall(house.names.place("Cgroup")) is None
    assert house.reception.key(joined) == house.names.place("Cgroup")


async def test_one_event_from_the_far_future_locks_nobody_out(house: House) -> None:
    """A wrong clock at the other end must not make everything after it look late."""
    await house.take(house.heard(1, at=timedelta(days=3650)))
    await house.take(house.heard(2, Typed("消して"), at=timedelta(days=3650)))

    house.time += timedelta(milliseconds=CLOCK_TOLERANCE + 1)

    assert await house.take(house.heard(3)) is Outcome.APPLIED


async def test_a_clock_that_is_behind_makes_nobody_late(house: House) -> None:
    """Ours two hours slow, LINE's times all look to be in the future."""
    ahead = timedelta(hours=2)
    outcomes = []
    for number in range(3):
        outcomes.append(await house.take(house.heard(number, at=ahead)))
        house.time += timedelta(seconds=1)

    assert outcomes == [Outcome.APPLIED] * 3


async def test_a_clock_that_is_ahead_makes_nobody_stale_or_late(house: House) -> None:
    """Ours two hours fast, LINE's times all look old, but in order they are."""
    outcomes = []
    for number in range(3):
        outcomes.append(await house.take(house.heard(number, at=timedelta(hours=-2))))
        house.time += timedelta(seconds=1)

    assert outcomes == [Outcome.APPLIED] * 3


def test_the_system_clock_tells_the_time_of_tokyo() -> None:
    """Whatever the machine is set to."""
    now = SystemClock().now()

    assert now.utcoffset() == timedelta(hours=9)
    assert millis(datetime.fromisoformat("2026-11-22T12:00:00.123+09:00")) == 1795316400123
