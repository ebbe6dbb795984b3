"""The contract of every store: taking events in, exactly once, whole or not at all."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.port import Accepted, Decide, Decision, Finished, Outcome, Situation, Status, Store
from bot.store.rules import DAY, MINUTE
from tests.store.rows import (
    ANN,
    BEN,
    NOW,
    SECOND,
    arrival,
    erasing,
    keeping,
    never,
    saying,
)


async def test_an_event_is_decided_on_once_and_its_answer_waits(store: Store) -> None:
    """Somebody new has no state; afterwards the decision is what is remembered."""
    seen: list[Situation] = []

    def decide(situation: Situation) -> Decision:
        seen.append(situation)
        return saying("hello", "first")(situation)

    accepted = await store.accept(arrival(), decide)

    assert seen == [Situation(state=None, faults=0, seq=1, late=False)]
    assert accepted == Accepted(Outcome.APPLIED, answer_waits=True)
    assert await store.recall(ANN) == b"first"
    assert await store.recall(BEN) is None


async def test_a_second_event_rests_on_the_first(store: Store) -> None:
    """State and number of the answer go on where the first event left them."""
    await store.accept(arrival(1), saying("one", "first"))
    seen: list[Situation] = []

    def decide(situation: Situation) -> Decision:
        seen.append(situation)
        return saying(None)(situation)

    accepted = await store.accept(arrival(2, at=NOW + SECOND), decide)

    assert seen == [Situation(state=b"first", faults=0, seq=2, late=False)]
    assert accepted == Accepted(Outcome.APPLIED, answer_waits=False)


async def test_a_duplicate_is_not_decided_on_again(store: Store) -> None:
    """Duplicates are known by their id alone, whatever else is written on them."""
    await store.accept(arrival(1), saying("one"))

    again = await store.accept(arrival(1, at=NOW + SECOND, redelivered=True), never)

    assert again == Accepted(Outcome.DUPLICATE, answer_waits=False)
    assert (await store.accept(arrival(1, who=BEN), saying("two"))).outcome is Outcome.APPLIED


async def test_twenty_copies_at_once_are_decided_on_once(store: Store) -> None:
    """No two copies pass the check for duplicates side by side."""
    copies = [store.accept(arrival(1), saying("one")) for _ in range(20)]

    outcomes = [accepted.outcome for accepted in await asyncio.gather(*copies)]

    assert sorted(outcomes) == [Outcome.APPLIED] + [Outcome.DUPLICATE] * 19


async def test_fifty_events_at_once_each_rest_on_the_one_before(store: Store) -> None:
    """Counting in the state, nothing is lost between reading and writing it."""

    def decide(situation: Situation) -> Decision:
        return saying("x", str(int(situation.state or b"0") + 1))(situation)

    await asyncio.gather(*(store.accept(arrival(n, at=NOW + n), decide) for n in range(50)))

    assert await store.recall(ANN) == b"50"


async def test_an_event_older_than_the_last_is_late(store: Store) -> None:
    """It is shown the present state and may answer; what was last heard stays the last."""
    await store.accept(arrival(1, at=NOW), saying(None, "newer"))
    seen: list[Situation] = []

    def decide(situation: Situation) -> Decision:
        seen.append(situation)
        return saying("again", "newer")(situation)

    accepted = await store.accept(arrival(2, at=NOW - SECOND, received=NOW + SECOND), decide)
    still_late = await store.accept(arrival(3, at=NOW - 1, received=NOW), saying(None))

    assert seen == [Situation(state=b"newer", faults=0, seq=1, late=True)]
    assert accepted == Accepted(Outcome.LATE, answer_waits=True)
    assert still_late.outcome is Outcome.LATE


@pytest.mark.parametrize(("age", "outcome"), [(DAY, Outcome.APPLIED), (DAY + 1, Outcome.STALE)])
async def test_an_event_older_than_a_day_changes_nothing(
    store: Store, age: int, outcome: Outcome
) -> None:
    """An old signed body can be played back for ever; only fresh ones count."""
    decide = never if outcome is Outcome.STALE else saying("x")

    accepted = await store.accept(arrival(at=NOW - age, received=NOW), decide)

    assert accepted == Accepted(outcome, answer_waits=outcome is Outcome.APPLIED)
    assert (await store.accept(arrival(at=NOW, received=NOW), never)).outcome is Outcome.DUPLICATE


async def test_what_the_decision_raises_comes_out_and_changes_nothing(store: Store) -> None:
    """The event can be delivered again, and its neighbours in the same commit are untouched."""

    def broken(situation: Situation) -> Decision:
        raise LookupError("odd")

    before, odd, after = await asyncio.gather(
        store.accept(arrival(1), saying("one", "kept")),
        store.accept(arrival(2, who=BEN), broken),
        store.accept(arrival(3, at=NOW + 1), saying("three", "kept too")),
        return_exceptions=True,
    )

    assert isinstance(before, Accepted)
    assert isinstance(odd, LookupError)
    assert isinstance(after, Accepted)
    assert await store.recall(ANN) == b"kept too"
    assert await store.recall(BEN) is None
    assert (await store.accept(arrival(2, who=BEN), saying("x"))).outcome is Outcome.APPLIED


async def test_faults_in_a_row_are_counted_until_one_is_handled(store: Store) -> None:
    """The count goes to the next decision, and back to nothing with the next state saved."""
    seen: list[int] = []
    decisions = [saying("fine"), keeping("sorry", 1), keeping("sorry", 2), saying("fine")]
    decisions.append(saying("fine"))
    for number, decision in enumerate(decisions):

        def decide(situation: Situation, decision: Decide = decision) -> Decision:
            seen.append(situation.faults)
            return decision(situation)

        await store.accept(arrival(number, at=NOW + number), decide)

    assert seen == [0, 0, 1, 2, 0]


async def test_erasing_leaves_a_tombstone_and_the_confirmation(store: Store) -> None:
    """State and waiting answers are gone; only the answer to the erasing itself still goes out."""
    await store.accept(arrival(1), saying("old answer"))

    erased = await store.accept(arrival(2, at=NOW + SECOND), erasing("done"))

    assert erased == Accepted(Outcome.ERASED, answer_waits=True)
    assert await store.recall(ANN) is None
    claim = await store.claim(ANN, NOW + SECOND, NOW + MINUTE)
    assert claim is not None
    assert claim.letter == b"done"
    assert not await store.settle(claim, Finished(Status.SENT))


async def test_an_event_older_than_the_erasure_brings_nothing_back(store: Store) -> None:
    """Also one of the very same moment; a later one begins anew."""
    await store.accept(arrival(1, at=NOW), erasing())

    older = await store.accept(arrival(2, at=NOW - SECOND, received=NOW + SECOND), never)
    same = await store.accept(arrival(3, at=NOW, received=NOW + SECOND), never)
    later = await store.accept(arrival(4, at=NOW + 1, received=NOW + SECOND), saying("hello"))

    assert [older.outcome, same.outcome, later.outcome] == [
        Outcome.DROPPED,
        Outcome.DROPPED,
        Outcome.APPLIED,
    ]


async def test_leaving_erases_however_late_it_is_heard(store: Store) -> None:
    """Whoever left must be forgotten, even when the news took two days."""
    await store.accept(arrival(1, at=NOW), saying("x"))
    await store.accept(arrival(2, at=NOW + SECOND), saying("y"))

    news = arrival(3, at=NOW + SECOND - 1, received=NOW + 2 * DAY, leaving=True)
    accepted = await store.accept(news, erasing())

    assert accepted.outcome is Outcome.ERASED
    assert await store.recall(ANN) is None


async def test_what_was_begun_after_leaving_stays(store: Store) -> None:
    """News of a leaving from before the first word is no reason to forget what came since."""
    await store.accept(arrival(1, at=NOW), saying("waits", "begun"))

    news = arrival(2, at=NOW - SECOND, received=NOW + SECOND, leaving=True)
    await store.accept(news, erasing())

    assert await store.recall(ANN) == b"begun"
    assert await store.claim(ANN, NOW + SECOND, NOW + MINUTE) is not None
