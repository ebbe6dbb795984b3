"""The contract of every store: whoever was known under one key goes on under another."""

from __future__ import annotations

from bot.store.port import Backlog, Finished, Outcome, Situation, Status, Store
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
    event,
    message,
    never,
    noting,
    saying,
)


async def test_nobody_is_adopted_twice(store: Store) -> None:
    """There is somebody to rename once, and nobody afterwards, or before."""
    assert not await store.adopt(ANN, BEN, Marking())
    await store.accept(arrival(1), saying(None))

    assert await store.adopt(ANN, BEN, Marking())
    assert not await store.adopt(ANN, BEN, Marking())


async def test_all_that_is_kept_goes_along_sealed_anew(store: Store) -> None:
    """Conversation, answers, what was heard and what is still to be decided on."""
    await store.accept(arrival(1), saying("one", "state"))
    await store.accept(arrival(2, at=NOW + 1), saying("two", "state"))
    await store.defer([deferred(3, at=NOW + 2, message_key=message(3))])

    assert await store.adopt(ANN, BEN, Marking())

    assert await store.recall(BEN) == b"new state"
    assert [(each.arrival, each.event) for each in await store.deferred(BEN)] == [
        (arrival(3, BEN, NOW + 2, message_key=message(3)), b"new sealed event 3")
    ]
    assert (await store.accept(arrival(1, BEN), never)).outcome is Outcome.DUPLICATE
    seen: list[Situation] = []
    await store.accept(arrival(3, BEN, NOW + 2), noting(seen, saying("three")))
    assert (seen[0].state, seen[0].seq, seen[0].crowd) == (b"new state", 3, 3)
    for letter in (b"new one 1", b"new two 2", b"three"):
        claim = await claimed(store, BEN)
        assert claim.letter == letter
        await store.settle(claim, Finished(Status.SENT))


async def test_nothing_is_left_under_the_old_key(store: Store) -> None:
    """Whoever comes under it is somebody new."""
    await store.accept(arrival(1), saying("one"))
    await store.defer([deferred(2, at=NOW + 2)])
    await store.adopt(ANN, BEN, Marking())

    assert await store.recall(ANN) is None
    assert await store.claim(ANN, LEASE) is None
    assert await store.deferred(ANN) == []
    seen: list[Situation] = []
    assert (await store.accept(arrival(1), noting(seen, saying(None)))).outcome is Outcome.APPLIED
    assert (seen[0].state, seen[0].seq) == (None, 1)
    assert await store.backlog() == Backlog(answers=1, events=1, overdue=0)


async def test_a_conversation_that_is_there_stands(store: Store) -> None:
    """What was said under the new key is newer; what was heard under the old is still known."""
    await store.accept(arrival(1), saying("old", "old"))
    await store.accept(arrival(2, BEN, NOW + 1), saying("newer", "newer"))

    assert await store.adopt(ANN, BEN, Marking())

    assert await store.recall(BEN) == b"newer"
    assert (await claimed(store, BEN)).letter == b"newer"
    assert (await store.accept(arrival(1, BEN), never)).outcome is Outcome.DUPLICATE
    assert await store.recall(ANN) is None


async def test_what_no_key_opens_is_left_behind(store: Store) -> None:
    """A state that cannot be read is none; the rest of the person goes along."""
    await store.accept(arrival(1), saying("good", "bad"))
    await store.accept(arrival(2, at=NOW + 1), saying("bad", "bad"))
    await store.defer([deferred(3, at=NOW + 2)])

    assert await store.adopt(ANN, BEN, Marking(lambda s: s.startswith((b"bad", b"sealed"))))

    assert await store.recall(BEN) is None
    assert (await claimed(store, BEN)).letter == b"new good 1"
    assert await store.backlog() == Backlog(answers=1, events=0, overdue=0)
    assert (await store.accept(arrival(2, BEN), never)).outcome is Outcome.DUPLICATE


async def test_whoever_has_only_deferred_events_is_somebody(store: Store) -> None:
    """Nothing was decided on yet, and nothing may be lost."""
    await store.defer([deferred(1)])

    assert await store.adopt(ANN, BEN, Marking())

    assert [each.event for each in await store.deferred(BEN)] == [b"new sealed event 1"]
    assert await store.deferred(ANN) == []


async def test_an_erasure_under_either_key_is_remembered(store: Store) -> None:
    """Nothing older than the newer of the two comes back."""
    await store.accept(arrival(1, ANN, NOW - 1), erasing())
    await store.accept(arrival(2, BEN, NOW), erasing())

    assert await store.adopt(ANN, BEN, Marking())

    assert (await store.accept(arrival(3, BEN, NOW), never)).outcome is Outcome.DROPPED


async def test_numbers_go_on_from_the_higher_of_the_two(store: Store, clock: HandClock) -> None:
    """No new answer gets the number of one that waits under either key."""
    await store.accept(arrival(1), saying("old", "old"))
    await store.accept(arrival(2, BEN), erasing("one"))
    await store.accept(arrival(3, BEN, NOW + 1), erasing("two"))

    await store.adopt(ANN, BEN, Marking())
    accepted = await store.accept(arrival(4, BEN, NOW + 2), saying("three"))

    assert accepted.answer_waits
    letters = []
    while claim := await store.claim(BEN, LEASE):
        letters.append(claim.letter)
        await store.settle(claim, Finished(Status.SENT))
    assert letters[-2:] == [b"two", b"three"]


async def test_a_claim_under_the_old_key_settles_nothing(store: Store, clock: HandClock) -> None:
    """Its sender may have sent it; whoever claims it next must doubt."""
    accepted = await store.accept(arrival(1), saying("one"), LEASE)
    assert accepted.claim is not None

    await store.adopt(ANN, BEN, Marking())

    assert not await store.settle(accepted.claim, Finished(Status.SENT))
    assert await store.claim(BEN, LEASE) is None
    clock.at += LEASE
    claim = await claimed(store, BEN)
    assert (claim.event_key, claim.ambiguous, claim.tries) == (event(1), True, 2)
