"""The model of the database: it does what SQLite does, and fails as no database here can be made
to. (That it keeps the contract of every store is tested with the stores themselves.)"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from bot.store.port import (
    Decision,
    Finished,
    Outcome,
    Retry,
    Save,
    Settlement,
    Situation,
    Status,
    Store,
    StoreDownError,
)
from bot.store.rules import DAY, HOUR
from bot.store.sqlite import SqliteStore
from tests.simulation.database import Database, Weather
from tests.simulation.loop import SimLoop
from tests.simulation.store import ModelStore
from tests.simulation.test_loop import lived, on
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    HandClock,
    Marking,
    arrival,
    claimed,
    deferred,
    erasing,
    keeping,
    message,
    never,
    saying,
)

Call = Callable[[Store], Awaitable[object]]


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_happens_it_agrees_with_sqlite(seed: int) -> None:
    """Hundreds of random calls; each has the same result in both."""
    random, clock = Random(seed), HandClock()
    model, sqlite = ModelStore.open(clock), SqliteStore.open(None, clock)
    for number in range(300):
        clock.at += random.choice([0, 1, 500, LEASE, 60_000])
        call = a_call(random, number, clock.at)
        assert await call(model) == await call(sqlite), f"call {number}"
    assert await model.backlog() == await sqlite.backlog()
    await sqlite.close()


def a_call(random: Random, number: int, now: int) -> Call:
    """Something to ask of a store; the same, asked again."""
    who = random.choice([ANN, BEN])
    came = arrival(
        random.randrange(number + 1) if random.random() < 0.2 else number,
        who,
        now + random.choice([0, -1, -5_000, -30 * HOUR, 5_000, 5 * HOUR]),
        redelivered=random.random() < 0.2,
        leaving=random.random() < 0.1,
        message_key=message(random.randrange(8)) if random.random() < 0.3 else None,
    )
    decide = random.choice(
        [saying("a"), saying(None), telling, keeping("k", 1), erasing("e"), erasing()]
    )
    lease, when = random.choice([None, LEASE]), now + random.choice([0, -1, -9])
    settlements: list[Settlement] = [
        Finished(Status.SENT),
        Retry(500, ambiguous=True),
        Retry(0, ambiguous=False, letter=b"plain"),
        Retry(9, ambiguous=False, push=True),
    ]
    settlement = random.choice(settlements)

    async def settle(store: Store) -> object:
        claim = await store.claim(who, LEASE)
        return claim, claim and await store.settle(claim, settlement)

    async def people(store: Store) -> object:
        return sorted(await store.waiting(9)), sorted(await store.behind(9))

    async def unsend(store: Store) -> object:
        return came.message_key and await store.unsend(came)

    calls: list[Call] = [
        lambda store: store.note(came, Outcome.FOREIGN),
        lambda store: store.defer([deferred(number, who, when, message_key=came.message_key)]),
        lambda store: store.deferred(who),
        lambda store: store.postpone(who, 700),
        lambda store: store.recall(who),
        lambda store: store.allow(who, now // DAY, 3),
        lambda store: store.adopt(ANN, BEN, Marking()),
        unsend,
        people,
    ]
    accept: Call = lambda store: store.accept(came, decide, lease)  # noqa: E731
    return random.choice([accept] * 8 + [settle] * 4 + calls)


def telling(situation: Situation) -> Decision:
    """Decide to answer with all that the decision rests on."""
    return Decision(Outcome.APPLIED, Save(b"told"), repr(situation).encode())


class Bad(Weather):
    """As bad as one says."""

    def __init__(self) -> None:
        self.seconds: float | None = 1.0
        self.down = self.losing = False
        self.landing: float | None = None

    def takes(self) -> float | None:
        """See `Weather.takes`."""
        return self.seconds

    def is_down(self) -> bool:
        """See `Weather.is_down`."""
        return self.down

    def loses_answer(self) -> bool:
        """See `Weather.loses_answer`."""
        return self.losing

    def lands_after(self) -> float | None:
        """See `Weather.lands_after`."""
        return self.landing


def in_bad_weather(main: Callable[[SimLoop, ModelStore, Bad], Awaitable[None]]) -> None:
    """Run *main* with a store whose every step takes a second."""

    async def run(loop: SimLoop) -> None:
        weather = Bad()
        database = Database(lambda: NOW + round(loop.now * 1000), weather)
        await main(loop, ModelStore(database), weather)

    lived(run)


def test_a_commit_whose_answer_is_lost_is_made_all_the_same() -> None:
    """The client hears what it hears when nothing was done."""

    async def main(_loop: SimLoop, store: ModelStore, weather: Bad) -> None:
        weather.losing = True
        with pytest.raises(StoreDownError):
            await store.accept(arrival(1), saying("one"))
        weather.losing = False
        assert (await store.accept(arrival(1), never)).outcome is Outcome.DUPLICATE

    in_bad_weather(main)


def test_a_database_that_goes_away_before_the_commit_did_nothing() -> None:
    """Whatever the decision was."""

    async def main(_loop: SimLoop, store: ModelStore, weather: Bad) -> None:
        accepting = asyncio.ensure_future(store.accept(arrival(1), saying("one")))
        await asyncio.sleep(2.5)  # decided, not committed
        weather.down = True
        with pytest.raises(StoreDownError):
            await accepting
        weather.down = False
        assert (await store.accept(arrival(1), saying("one"))).outcome is Outcome.APPLIED

    in_bad_weather(main)


@pytest.mark.parametrize("landing", [None, 3.0])
def test_whoever_dies_lets_go_and_what_was_sent_may_still_land(landing: float | None) -> None:
    """The next one waits for the lock until then, and no longer."""

    async def main(loop: SimLoop, store: ModelStore, weather: Bad) -> None:
        async def accept() -> None:
            await store.accept(arrival(1), saying("one"))

        weather.landing = landing
        on(loop, "one", accept())
        await asyncio.sleep(2.5)
        loop.kill("one")
        store.database.forget("one")
        accepted = await store.accept(arrival(1), saying("again"))
        assert loop.now == (8.5 if landing else 6.5)
        assert accepted.outcome is (Outcome.DUPLICATE if landing else Outcome.APPLIED)
        assert len(store.database.locks) == len(store.database.order) == 0

    in_bad_weather(main)


def test_what_is_written_meanwhile_without_the_lock_is_not_undone() -> None:
    """Field by field: a claim made while a duplicate winds up the token's clock stays a claim."""

    async def main(loop: SimLoop, store: ModelStore, weather: Bad) -> None:
        async def repeat() -> None:
            accepted = await store.accept(arrival(1, redelivered=True), never)
            assert accepted.outcome is Outcome.DUPLICATE

        await store.accept(arrival(1), saying("one"))
        duplicate = on(loop, "one", repeat())
        await asyncio.sleep(2.5)  # it has read the row and not yet written it
        weather.seconds = None
        claim = await claimed(store)
        await duplicate
        row = store.database.people[ANN].outbox[1]
        assert (row.tries, row.claimed) == (claim.tries, True)
        assert row.token_born > claim.token_born

    in_bad_weather(main)


def test_an_event_recorded_meanwhile_is_not_recorded_twice() -> None:
    """Its key is taken, so the decision is weighed again, on what is there by now."""

    async def main(loop: SimLoop, store: ModelStore, weather: Bad) -> None:
        async def accept() -> None:
            accepted = await store.accept(arrival(1, message_key=message(1)), saying("one"))
            assert accepted.outcome is Outcome.DUPLICATE

        accepting = on(loop, "one", accept())
        await asyncio.sleep(2.5)  # decided, not committed
        weather.seconds = None
        await store.defer([deferred(1, message_key=message(1))])
        await store.unsend(arrival(2, message_key=message(1)))
        await accepting
        assert store.database.people[ANN].outbox == {}

    in_bad_weather(main)
