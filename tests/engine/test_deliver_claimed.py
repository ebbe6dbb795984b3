"""An answer claimed as it is made is sent without asking again, and no lease is wasted."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from bot.engine import deliver
from bot.store.port import (
    Claim,
    Finished,
    Settlement,
    Status,
    StoreDownError,
)
from bot.store.rules import MINUTE
from bot.store.sqlite import SqliteStore
from tests.engine.delivering import NEVER, OwnLine, delivering, ended, rows, taken, until
from tests.engine.fake_line import FakeLine
from tests.engine.made import ANN, RunningClock


class Counting(SqliteStore):
    """A store that counts what is asked of it."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.asked: Counter[str] = Counter()

    async def claim(self, user_key: bytes, lease: int) -> Claim | None:
        self.asked["claim"] += 1
        return await super().claim(user_key, lease)

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        self.asked["settle"] += 1
        return await super().settle(claim, settlement)


async def test_an_answer_claimed_as_it_was_made_is_sent_without_asking_again(
    line: FakeLine, clock: RunningClock
) -> None:
    """Two transactions an event: accept and settle."""
    store = Counting.open(None, clock)
    async with delivering(store, line, clock, look_every=NEVER) as house:
        await house.answer("やあ", claimed=True)
        assert await ended(house) == ["sent"]
        await until(lambda: not house.deliverer._busy)

    assert line.texts() == ["やあ"]
    assert store.asked == {"settle": 1}
    await store.close()


async def test_more_claims_than_attempts_wait_their_turn_and_all_go_out(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Room is counted with what is claimed already, so that no lease is given out in vain."""
    line.delay = 0.05
    async with delivering(store, line, clock, at_once=2) as house:
        leases = []
        for number in range(6):
            leases.append(house.deliverer.lease)
            await house.answer(f"{number}", bytes([number]) * 16, claimed=True)
        assert None in leases
        await until(lambda: len(line.delivered) == 6)

    assert line.most_at_once == 2


async def test_a_claim_that_waited_too_long_is_given_back_unsent(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Its lease might end while LINE is asked; given back, it is not ambiguous."""
    async with delivering(store, line, clock) as house:
        await house.answer("x", told=False)
        claim = await store.claim(ANN, deliver.LEASE)
        assert claim
        long_ago = asyncio.get_running_loop().time() - deliver.LEASE / 1000
        await house.deliverer._carry_out(claim, long_ago)
        assert line.attempts == []
        house.deliverer.answer_waits(ANN)
        assert await ended(house) == ["sent"]

    assert await rows(store) == [("sent", 0, 0)]


async def test_stopping_gives_back_what_was_claimed_and_not_begun(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """The next process finds it free and beyond doubt; nothing was sent meanwhile."""
    async with delivering(store, line, clock) as house:
        house.deliverer._stopping = True
        await house.answer("x", told=False)
        claim = await store.claim(ANN, deliver.LEASE)
        assert claim
        house.deliverer.answer_is_ours(claim, asyncio.get_running_loop().time())

    assert line.attempts == []
    again = await store.claim(ANN, 1)
    assert again
    assert not again.ambiguous
    assert deliver.Deliverer.lease.fget(house.deliverer) is None  # type: ignore[attr-defined]


async def test_a_moment_without_database_leaves_no_doubt(
    line: FakeLine, clock: RunningClock
) -> None:
    """What became of an answer is written down as soon as it can be; the next one goes out."""
    store = Failing.open(None, clock)
    store.failures = 2
    async with delivering(store, line, clock) as house:
        await house.answer("x", claimed=True)
        await house.answer("y")
        assert await ended(house, 2) == ["sent", "sent"]

    assert line.texts() == ["x", "y"]
    assert len(line.attempts) == 2
    assert await rows(store) == [("sent", 0, 0), ("sent", 0, 0)]
    await store.close()


async def test_an_answer_sent_while_the_database_was_away_is_not_sent_twice(
    line: FakeLine, clock: RunningClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What became of it could not be written down: doubt, the same token, and a proof."""
    monkeypatch.setattr(deliver, "SETTLE_PAUSE", deliver.LEASE / 1000)
    store = Failing.open(None, clock)
    store.failures = 1
    async with delivering(store, line, clock) as house:
        await house.answer("x", claimed=True)
        await until(lambda: not store.failures)
        clock.move(milliseconds=deliver.LEASE)
        assert await ended(house) == ["sent"]

    assert line.texts() == ["x"]
    assert len(line.attempts) == 2
    assert await rows(store) == [("sent", 1, 0)]
    await store.close()


class Failing(SqliteStore):
    """A store that fails to settle ``failures`` times."""

    failures = 0

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        if self.failures:
            self.failures -= 1
            raise StoreDownError("down")
        return await super().settle(claim, settlement)


async def test_an_attempt_that_lost_its_lease_settles_nothing(
    store: SqliteStore, clock: RunningClock
) -> None:
    """Somebody else took over; what the first one says no longer counts."""
    async with delivering(store, OwnLine(lambda call: taken()), clock) as house:
        await house.answer("x", told=False)
        house.deliverer._held_until = float("inf")
        first = await store.claim(ANN, 1)
        clock.move(seconds=1)
        second = await store.claim(ANN, MINUTE)
        assert first
        assert second
        assert second.ambiguous
        await store.settle(first, Finished(Status.SENT))
        assert [row[0] for row in await rows(store)] == ["waiting"]
        await store.settle(second, Finished(Status.UNCONFIRMED))

    assert [row[0] for row in await rows(store)] == ["unconfirmed"]
