"""Events that were put away are decided on later, in order, by a node that can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import orjson
import pytest

from bot.engine.backlog import PAUSE
from bot.engine.engine import Engine
from bot.engine.parcel import packed
from bot.engine.pseudonym import Pseudonyms, event_key, message_key
from bot.line.heard import Heard, Joined, Left
from bot.store.port import Arrival, Decision, Deferred, Outcome, Save, StoreDownError
from bot.store.sqlite import SqliteStore
from flows.conversation import Conversation, Event, Typed
from tests.engine import standin
from tests.engine.made import RING, VAULT, HandClock, Mute, column, turns

NAMES = Pseudonyms(RING)
ANN, BEN = NAMES.person("Ann"), NAMES.person("Ben")


class Store(SqliteStore):
    """A store that is down for some of the people."""

    down: tuple[bytes, ...] = ()

    async def deferred(self, user_key: bytes) -> list[Deferred]:
        if user_key in self.down:
            raise StoreDownError("down")
        return await super().deferred(user_key)


class House:
    """An engine at work, and events put away before it began."""

    def __init__(self, store: Store, clock: HandClock) -> None:
        self.store, self.clock, self.line = store, clock, Mute()
        self.engine = Engine(store, self.line, turns(), NAMES, VAULT)

    async def put_away(
        self, number: int, event: Event | None = None, *, who: str = "Ann", at: int = 0
    ) -> None:
        """Event *number* of *who*, *at* ms after now."""
        key, at = event_key(f"e{number}"), self.clock.ms + at
        user_key = NAMES.person(who)
        item: Heard | Left = (
            Heard("", at, False, who, f"t{number}", event) if event else Left("", at, who)
        )
        arrival = Arrival(
            user_key, key, at, leaving=event is None,
            message_key=message_key(f"m{number}") if event else None,
        )  # fmt: skip
        await self.store.defer([Deferred(arrival, packed(item, VAULT, user_key, key))])

    async def until(self, done: Callable[[], object]) -> None:
        """Wait for *done*; fails when it does not come true in time."""
        async with asyncio.timeout(5):
            while not done():
                await asyncio.sleep(0.01)

    async def worked_off(self) -> None:
        """Wait until nothing is put away any more."""
        async with asyncio.timeout(5):
            while await column(self.store, "SELECT 1 FROM deferred"):
                await asyncio.sleep(0.01)

    async def outcomes(self) -> list[str]:
        """What became of the events, in alphabetical order."""
        return sorted(await column(self.store, "SELECT outcome FROM inbox"))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """Nobody is at work yet."""
    clock = HandClock()
    store = Store.open(None, clock)
    house = House(store, clock)
    yield house
    await house.engine.stop()
    await store.close()


async def test_what_was_put_away_is_decided_on_in_the_order_it_happened(house: House) -> None:
    """Whatever order it was put away in; the answers go out in that order too."""
    for number in (3, 1, 2):
        await house.put_away(number, Typed(f"{number}"), at=number)

    house.engine.start()
    await house.until(lambda: len(house.line.tokens) == 3)

    assert house.line.tokens == ["t1", "t2", "t3"]
    assert await house.outcomes() == ["applied"] * 3
    state = await house.store.recall(ANN)
    assert state
    assert orjson.loads(VAULT.open(state, "conversation", ANN))["turn"] == 3


async def test_leaving_is_put_away_and_decided_on_too(house: House) -> None:
    """What was older goes with it."""
    await house.put_away(1, Typed("まえ"))
    await house.put_away(2, at=1)
    await house.put_away(3, Typed("あと"), at=2)

    house.engine.start()
    await house.worked_off()

    assert await house.outcomes() == ["applied", "applied", "erased"]
    state = await house.store.recall(ANN)
    assert state
    assert orjson.loads(VAULT.open(state, "conversation", ANN))["turn"] == 1


async def test_a_group_is_greeted_late(house: House) -> None:
    """As everything else that was put away."""
    place, key = NAMES.place("Cgroup"), event_key("e1")
    item = Joined("", house.clock.ms, "Cgroup", "t1")
    arrival = Arrival(place, key, house.clock.ms)
    await house.store.defer([Deferred(arrival, packed(item, VAULT, place, key))])

    house.engine.start()
    await house.until(lambda: house.line.tokens == ["t1"])


async def test_a_newer_conversation_is_left_for_a_newer_node(house: House) -> None:
    """This one neither decides nor forgets, looks again seldom, and serves the others."""
    newer = {**Conversation().to_json(), "v": 2}
    sealed = VAULT.seal(orjson.dumps(newer), "conversation", ANN)
    await house.store.accept(
        Arrival(ANN, event_key("e0"), house.clock.ms),
        lambda situation: Decision(Outcome.APPLIED, Save(sealed)),
    )
    await house.put_away(1, Typed("一"), at=1)
    await house.put_away(2, Typed("二"), who="Ben", at=1)

    house.engine.start()
    await house.until(lambda: house.line.tokens == ["t2"])

    assert await house.store.recall(ANN) == sealed
    assert [each.arrival.event_key for each in await house.store.deferred(ANN)] == [event_key("e1")]
    async with asyncio.timeout(5):
        query = "SELECT next_at FROM deferred"
        while (due := await column(house.store, query)) == [house.clock.ms]:
            await asyncio.sleep(0.01)
    assert PAUSE / 2 <= due[0] - house.clock.ms <= 2 * PAUSE, "not at once again, but soon"


async def test_the_newer_node_takes_what_was_left(house: House) -> None:
    """What the older one could not read it decides on, in order with what comes live."""
    await test_a_newer_conversation_is_left_for_a_newer_node(house)
    readable = VAULT.seal(orjson.dumps(Conversation().to_json()), "conversation", ANN)
    await house.store._writer.do(
        lambda c: c.execute("UPDATE person SET state = ? WHERE user_key = ?", (readable, ANN))
    )
    live = Heard("e3", house.clock.ms + 2, False, "Ann", "t3", Typed("三"))
    await house.engine.reception.take_all([live])
    house.clock.move(milliseconds=2 * PAUSE)

    await house.until(lambda: len(house.line.tokens) == 3)
    assert house.line.tokens == ["t2", "t1", "t3"]


async def test_a_parcel_nobody_can_open_ends_in_quarantine_and_stops_nobody(house: House) -> None:
    """Its key is gone or the disk damaged it: nothing can be said, but the next one goes on."""
    arrival = Arrival(ANN, event_key("e1"), house.clock.ms)
    await house.store.defer([Deferred(arrival, b"junk")])
    await house.put_away(2, Typed("二"), at=1)

    house.engine.start()
    await house.until(lambda: house.line.tokens == ["t2"])

    assert await house.outcomes() == ["applied", "quarantined"]


async def test_an_event_that_cannot_be_handled_stops_nobody_either(house: House) -> None:
    """It is answered like a live one."""
    await house.put_away(1, Typed(standin.POISON))
    await house.put_away(2, Typed("二"), at=1)

    house.engine.start()
    await house.until(lambda: house.line.tokens == ["t1", "t2"])

    assert await house.outcomes() == ["applied", "quarantined"]


async def test_one_person_s_locked_row_keeps_nobody_else_waiting(house: House) -> None:
    """Ann's turn comes when her row can be had."""
    house.store.down = (ANN,)
    await house.put_away(1, Typed("一"))
    house.clock.move(milliseconds=1)
    await house.put_away(2, Typed("二"), who="Ben")

    house.engine.start()
    await house.until(lambda: house.line.tokens == ["t2"])
    house.store.down = ()
    await house.until(lambda: house.line.tokens == ["t2", "t1"])


async def test_what_was_stale_when_it_came_is_not_acted_upon(house: House) -> None:
    """The day is counted to the receipt, so waiting makes nothing stale."""
    await house.put_away(1, Typed("一"), at=-24 * 3_600_000 - 1)
    await house.put_away(2, Typed("二"), who="Ben", at=-3_600_000)
    house.clock.move(hours=23, minutes=30)

    house.engine.start()
    await house.worked_off()

    assert await house.outcomes() == ["applied", "stale"]


async def test_stopping_leaves_the_rest_for_the_next_process(house: House) -> None:
    """Nothing is lost, and it does not take long."""
    for number in range(200):
        await house.put_away(number, Typed(f"{number}"), who=f"person {number}")
    house.engine.start()
    await house.until(lambda: house.line.tokens)

    async with asyncio.timeout(2):
        await house.engine.stop()

    [left] = await column(house.store, "SELECT count(*) FROM deferred")
    [done] = await column(house.store, "SELECT count(*) FROM inbox")
    assert left + done == 200
    assert await column(house.store, "SELECT count(*) FROM outbox WHERE claimed = 1") == [0]
    assert await column(house.store, "SELECT count(*) FROM outbox WHERE ambiguous = 1") == [0]
    await Engine(house.store, house.line, turns(), NAMES, VAULT).stop()  # never started
