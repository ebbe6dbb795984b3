"""SQLite and PostgreSQL do the same, whatever happens."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

import pytest

from bot.store.port import Decision, Finished, Outcome, Retry, Settlement, Situation, Status, Store
from bot.store.postgres import PostgresStore
from bot.store.rules import DAY, HOUR
from bot.store.sqlite import SqliteStore
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    HandClock,
    arrival,
    deferred,
    erasing,
    keeping,
    message,
    saying,
)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_sqlite_and_postgresql_agree(nodes_url: str, seed: int) -> None:
    """Hundreds of random calls with odd bytes; each has the same result in both."""
    dice = random.Random(seed)
    clock = HandClock()
    left: Store = await PostgresStore.open(nodes_url, clock=clock)
    right: Store = SqliteStore.open(None, clock)
    for number in range(150):
        clock.at += dice.choice([0, 1, 500, LEASE, 60_000])
        call = _random_call(dice, number, clock.at)
        assert await call(left) == await call(right), f"call {number} of seed {seed}"
    for who in (ANN, BEN):
        assert await left.deferred(who) == await right.deferred(who)
        assert await left.recall(who) == await right.recall(who)
    assert await left.backlog() == await right.backlog()
    await left.close()
    await right.close()


def _random_call(
    dice: random.Random, number: int, now: int
) -> Callable[[Store], Awaitable[object]]:
    who = dice.choice([ANN, BEN])
    again = dice.randrange(number + 1) if dice.random() < 0.2 else number
    at = now + dice.choice([0, -1, -5_000, -30 * HOUR, 5_000, 5 * HOUR])
    key = message(dice.randrange(8)) if dice.random() < 0.3 else None
    came = arrival(
        again, who, at, redelivered=dice.random() < 0.2, message_key=key,
        leaving=dice.random() < 0.1,
    )  # fmt: skip
    odd = dice.choice(["\x00", "\ud800", "字", ""])
    odd = odd.encode("utf-8", "surrogatepass").decode("latin1")
    decide = dice.choice(
        [saying(f"a{odd}", odd), saying(None, odd), keeping("k", 1), erasing("e"), _telling]
    )
    lease = dice.choice([None, LEASE])
    settlements: list[Settlement] = [
        Finished(Status.SENT),
        Retry(500, ambiguous=True),
        Retry(0, ambiguous=False, letter=b"p\x00"),
        Retry(9, ambiguous=False, push=True),
    ]
    settlement = dice.choice(settlements)

    async def settle(store: Store) -> object:
        claim = await store.claim(who, LEASE)
        return claim, claim and await store.settle(claim, settlement)

    return dice.choice(
        [lambda store: store.accept(came, decide, lease)] * 6
        + [settle] * 3
        + [
            lambda store: store.note(came, Outcome.FOREIGN),
            lambda store: store.unsend(arrival(again, who, at, message_key=message(1))),
            lambda store: store.defer([deferred(again, who, at, message_key=key)]),
            lambda store: store.waiting(9),
            lambda store: store.behind(9),
            lambda store: store.postpone(who, 700),
            lambda store: store.allow(who, now // DAY, 3),
            lambda store: store.backlog(),
        ]
    )


def _telling(situation: Situation) -> Decision:
    """Decide on all that a situation tells."""
    told = f"{situation.state!r} {situation.faults} {situation.late} {situation.crowd}"
    return saying(f"{situation.seq} {situation.now}", told[-200:])(situation)
