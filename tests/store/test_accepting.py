"""The contract of every store: taking events in, exactly once, whole or not at all."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.port import Accepted, Claim, Decision, Outcome, Save, Situation, Store
from bot.store.rules import CLOCK_TOLERANCE, CROWD_WINDOW, DAY, MINUTE
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    SECOND,
    HandClock,
    arrival,
    claimed,
    erasing,
    event,
    keeping,
    never,
    noting,
    saying,
)


async def test_an_event_is_decided_on_once_and_its_answer_waits(store: Store) -> None:
    """Somebody new has no state; afterwards the decision is what is remembered."""
    seen: list[Situation] = []

    accepted = await store.accept(arrival(), noting(seen, saying("hello", "first")))

    assert seen == [Situation(state=None, faults=0, seq=1, late=False, crowd=1, now=NOW)]
    assert accepted == Accepted(Outcome.APPLIED, answer_waits=True)
    assert await store.recall(ANN) == b"first"
    assert await store.recall(BEN) is None


async def test_a_second_event_rests_on_the_first(store: Store, clock: HandClock) -> None:
    """State and number of the answer go on where the first event left them."""
    await store.accept(arrival(1), saying("one", "first"))
    seen: list[Situation] = []
    clock.at += SECOND

    accepted = await store.accept(arrival(2, at=NOW + SECOND), noting(seen, saying(None)))

    assert seen == [
        Situation(state=b"first", faults=0, seq=2, late=False, crowd=2, now=NOW + SECOND)
    ]
    assert accepted == Accepted(Outcome.APPLIED)


async def test_a_number_is_used_up_only_by_an_answer(store: Store) -> None:
    """Numbers of answers go on for ever, also when the answers themselves are gone."""
    seen: list[Situation] = []
    for number, letter in enumerate(["one", None, "two"]):
        await store.accept(arrival(number, at=NOW + number), noting(seen, saying(letter)))
    await store.accept(arrival(3, at=NOW + 3), noting(seen, erasing("done")))
    await store.accept(arrival(4, at=NOW + 4), noting(seen, saying("again")))

    assert [situation.seq for situation in seen] == [1, 2, 2, 3, 4]


async def test_a_duplicate_is_not_decided_on_again(store: Store) -> None:
    """Duplicates are known by their id alone, whatever else is written on them."""
    await store.accept(arrival(1), saying("one"))

    again = await store.accept(arrival(1, at=NOW + SECOND, redelivered=True), never)

    assert again == Accepted(Outcome.DUPLICATE)
    assert (await store.accept(arrival(1, who=BEN), saying("two"))).outcome is Outcome.APPLIED


async def test_with_a_lease_the_answer_is_claimed_at_once(store: Store, clock: HandClock) -> None:
    """One transaction both keeps the answer and gives the right to send it."""
    accepted = await store.accept(arrival(7, at=NOW - SECOND), saying("letter"), LEASE)

    assert accepted.claim == Claim(
        user_key=ANN,
        seq=1,
        event_key=event(7),
        letter=b"letter",
        received=NOW,
        token_born=NOW - SECOND,
        ambiguous=False,
        plain=False,
        push=False,
        tries=1,
        now=NOW,
    )
    assert await store.claim(ANN, LEASE) is None
    clock.at += LEASE
    assert (await claimed(store)).ambiguous


async def test_no_answer_is_claimed_before_an_older_one(store: Store) -> None:
    """Whoever has an answer waiting gets the next one later, in order."""
    first = await store.accept(arrival(1), saying("one"))
    second = await store.accept(arrival(2, at=NOW + 1), saying("two"), LEASE)
    silent = await store.accept(arrival(3, who=BEN), saying(None), LEASE)

    assert (first.claim, second.claim, silent.claim) == (None, None, None)
    assert (second.answer_waits, silent.answer_waits) == (True, False)
    assert (await claimed(store)).letter == b"one"


async def test_events_are_counted_while_they_crowd(store: Store, clock: HandClock) -> None:
    """A new count begins when the window is over, and after the clock was set back."""
    seen: list[Situation] = []
    for number, moment in enumerate([0, 1, CROWD_WINDOW - 1, CROWD_WINDOW, CROWD_WINDOW + 1, -5]):
        clock.at = NOW + moment
        await store.accept(arrival(number, at=NOW + number), noting(seen, keeping(None)))

    assert [situation.crowd for situation in seen] == [1, 2, 3, 1, 2, 1]


async def test_an_event_older_than_the_last_is_late(store: Store, clock: HandClock) -> None:
    """It is shown the present state and may answer; what was last heard stays the last."""
    await store.accept(arrival(1, at=NOW), saying(None, "newer"))
    seen: list[Situation] = []
    clock.at += SECOND

    accepted = await store.accept(
        arrival(2, at=NOW - SECOND), noting(seen, saying("again", "newer"))
    )
    still_late = await store.accept(arrival(3, at=NOW - 1), saying(None))

    assert [(situation.state, situation.late) for situation in seen] == [(b"newer", True)]
    assert accepted == Accepted(Outcome.LATE, answer_waits=True)
    assert still_late.outcome is Outcome.LATE


async def test_an_event_from_the_future_makes_no_later_one_late_for_long(
    store: Store, clock: HandClock
) -> None:
    """No further ahead than clocks differ is it believed."""
    await store.accept(arrival(1, at=NOW + 365 * DAY), saying(None))
    clock.at += CLOCK_TOLERANCE

    accepted = await store.accept(arrival(2, at=NOW + CLOCK_TOLERANCE), saying(None))

    assert accepted.outcome is Outcome.APPLIED


@pytest.mark.parametrize(("age", "outcome"), [(DAY, Outcome.APPLIED), (DAY + 1, Outcome.STALE)])
async def test_an_event_older_than_a_day_changes_nothing(
    store: Store, age: int, outcome: Outcome
) -> None:
    """An old signed body can be played back for ever; only fresh ones count."""
    decide = never if outcome is Outcome.STALE else saying("x")

    accepted = await store.accept(arrival(at=NOW - age), decide)

    assert accepted == Accepted(outcome, answer_waits=outcome is Outcome.APPLIED)
    assert (await store.accept(arrival(at=NOW), never)).outcome is Outcome.DUPLICATE


async def test_what_the_decision_raises_comes_out_and_changes_nothing(store: Store) -> None:
    """The event can be delivered again, and its neighbours in the same commit are untouched."""

    def broken(situation: Situation) -> Decision:
        raise TimeoutError("odd")  # also when it looks like the database's own trouble

    before, odd, after = await asyncio.gather(
        store.accept(arrival(1), saying("one", "kept")),
        store.accept(arrival(2, who=BEN), broken),
        store.accept(arrival(3, at=NOW + 1), saying("three", "kept too")),
        return_exceptions=True,
    )

    assert isinstance(before, Accepted)
    assert isinstance(odd, TimeoutError)
    assert isinstance(after, Accepted)
    assert await store.recall(ANN) == b"kept too"
    assert await store.recall(BEN) is None
    assert (await store.accept(arrival(2, who=BEN), saying("x"))).outcome is Outcome.APPLIED


async def test_faults_in_a_row_are_counted_until_one_is_handled(store: Store) -> None:
    """The count goes to the next decision, and back to nothing with the next state saved."""
    seen: list[Situation] = []
    decisions = [saying("a"), keeping("b", 1), keeping("c", 2), saying("d"), saying("e")]
    for number, decide in enumerate(decisions):
        await store.accept(arrival(number, at=NOW + number), noting(seen, decide))

    assert [situation.faults for situation in seen] == [0, 0, 1, 2, 0]


async def test_what_went_wrong_for_somebody_new_is_counted_too(store: Store) -> None:
    """Without a conversation there is nothing to keep, but the count goes on."""
    seen: list[Situation] = []

    await store.accept(arrival(1), noting(seen, keeping("sorry", 1)))
    await store.accept(arrival(2, at=NOW + 1), noting(seen, saying("fine")))

    assert [(situation.state, situation.faults) for situation in seen] == [(None, 0), (None, 1)]


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\uffff", "👩‍👩‍👧", "\u202e", "'; --"])
async def test_sealed_bytes_travel_as_they_are(store: Store, odd: str) -> None:
    """Every store gives back exactly what it was given, also what no text could hold."""
    text = f"before{odd}after"
    state = text.encode("utf-8", "surrogatepass")

    def decide(situation: Situation) -> Decision:
        return Decision(Outcome.APPLIED, Save(state), state)

    accepted = await store.accept(arrival(), decide, LEASE)

    assert await store.recall(ANN) == state
    assert accepted.claim is not None
    assert accepted.claim.letter == state


async def test_a_redelivery_gives_a_waiting_answer_a_fresh_token_clock(
    store: Store, clock: HandClock
) -> None:
    """LINE lets a redelivered token work for a minute more; a plain duplicate proves nothing."""
    await store.accept(arrival(1), saying("one"), LEASE)
    await store.accept(arrival(2, who=BEN), saying("two"))
    clock.at += 3 * MINUTE

    await store.accept(arrival(1), never)
    unmarked = await claimed(store, lease=1)
    clock.at += 1
    await store.accept(arrival(1, redelivered=True), never)
    marked = await claimed(store)

    assert unmarked.token_born == NOW
    assert (marked.token_born, marked.received) == (clock.at, clock.at)
    assert (await claimed(store, who=BEN)).token_born == NOW
