"""The contract of every store: many calls at once, and the order in which they take effect."""

from __future__ import annotations

import asyncio

from bot.store.port import Accepted, Outcome, Situation, Store
from tests.store.rows import ANN, LEASE, NOW, arrival, counting, erasing, noting, saying


async def test_twenty_copies_at_once_are_decided_on_once(store: Store) -> None:
    """No two copies pass the check for duplicates side by side."""
    copies = [store.accept(arrival(1), counting("one"), LEASE) for _ in range(20)]

    accepted = await asyncio.gather(*copies)

    outcomes = sorted(str(each.outcome) for each in accepted)
    assert outcomes == [Outcome.APPLIED] + [Outcome.DUPLICATE] * 19
    assert len([each for each in accepted if each.claim]) == 1
    assert await store.recall(ANN) == b"1"


async def test_fifty_events_at_once_each_rest_on_the_one_before(store: Store) -> None:
    """Counting in the state, nothing is lost between reading and writing it."""
    seen: list[Situation] = []

    await asyncio.gather(
        *(store.accept(arrival(n, at=NOW + n), noting(seen, counting("x"))) for n in range(50))
    )

    assert await store.recall(ANN) == b"50"
    assert [situation.seq for situation in seen] == list(range(1, 51))
    assert [situation.crowd for situation in seen] == list(range(1, 51))


async def test_calls_for_one_person_take_effect_in_the_order_they_were_made(store: Store) -> None:
    """Nobody waits for one before making the next; none of them looks late."""
    calls = [store.accept(arrival(n, at=NOW + n), saying("x", str(n)), LEASE) for n in range(30)]
    tasks = [asyncio.ensure_future(call) for call in calls]
    state = asyncio.ensure_future(store.recall(ANN))
    erased = asyncio.ensure_future(store.accept(arrival(99, at=NOW + 99), erasing()))

    accepted = await asyncio.gather(*tasks)

    assert [each.outcome for each in accepted] == [Outcome.APPLIED] * 30
    assert [each.claim is not None for each in accepted] == [True] + [False] * 29
    assert await state == b"29"
    assert (await erased).outcome is Outcome.ERASED
    assert await store.recall(ANN) is None


async def test_whoever_gives_up_waiting_does_not_let_others_pass(store: Store) -> None:
    """A call cancelled in the middle of the queue; those around it keep their order."""
    calls = [store.accept(arrival(n, at=NOW + n), counting()) for n in range(9)]
    tasks = [asyncio.ensure_future(call) for call in calls]
    await asyncio.sleep(0)
    for given_up in (tasks[3], tasks[5]):
        given_up.cancel()

    ended = await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = [each.outcome for each in ended if isinstance(each, Accepted)]
    assert outcomes == [Outcome.APPLIED] * 7
    assert await store.recall(ANN) in (b"7", b"8", b"9")  # a call may be too far on to be stopped
