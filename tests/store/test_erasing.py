"""The contract of every store: erasing a person, and messages taken back."""

from __future__ import annotations

from bot.store.port import Accepted, Finished, Outcome, Situation, Status, Store
from bot.store.rules import DAY
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    SECOND,
    HandClock,
    arrival,
    claimed,
    deferred,
    erasing,
    event,
    keeping,
    message,
    never,
    noting,
    saying,
)


async def test_erasing_leaves_a_tombstone_and_the_confirmation(store: Store) -> None:
    """State and waiting answers are gone; only the answer to the erasing itself still goes out."""
    await store.accept(arrival(1), saying("old answer"))

    erased = await store.accept(arrival(2, at=NOW + SECOND), erasing("done"))

    assert erased == Accepted(Outcome.ERASED, answer_waits=True)
    assert await store.recall(ANN) is None
    claim = await claimed(store)
    assert claim.letter == b"done"
    assert not await store.settle(claim, Finished(Status.SENT))


async def test_an_attempt_in_flight_settles_nothing_after_an_erasure(store: Store) -> None:
    """The call may end as it likes; its row is gone, and the confirmation is untouched."""
    first = await store.accept(arrival(1), saying("old answer"), LEASE)
    assert first.claim is not None

    await store.accept(arrival(2, at=NOW + SECOND), erasing("done"))

    assert await store.settle(first.claim, Finished(Status.DEAD))
    assert (await claimed(store)).letter == b"done"


async def test_erasing_somebody_unknown_leaves_a_tombstone_too(store: Store) -> None:
    """News of the leaving may come first; what happened before it must not begin anything."""
    await store.accept(arrival(2, at=NOW, leaving=True), erasing())

    assert (await store.accept(arrival(1, at=NOW - 1), never)).outcome is Outcome.DROPPED


async def test_an_event_older_than_the_erasure_brings_nothing_back(
    store: Store, clock: HandClock
) -> None:
    """Also one of the very same moment; a later one begins anew."""
    await store.accept(arrival(1, at=NOW), erasing())
    clock.at += SECOND
    seen: list[Situation] = []

    older = await store.accept(arrival(2, at=NOW - SECOND), never)
    same = await store.accept(arrival(3, at=NOW), never)
    later = await store.accept(arrival(4, at=NOW + 1), noting(seen, saying("hello")))

    assert [older.outcome, same.outcome, later.outcome] == [
        Outcome.DROPPED,
        Outcome.DROPPED,
        Outcome.APPLIED,
    ]
    assert [(situation.state, situation.late) for situation in seen] == [(None, False)]


async def test_an_older_erasure_does_not_take_back_a_newer_one(
    store: Store, clock: HandClock
) -> None:
    """Two of them, heard in the wrong order: the newer counts."""
    await store.accept(arrival(1, at=NOW, leaving=True), erasing())
    await store.accept(arrival(2, at=NOW - SECOND, leaving=True), never)
    clock.at += SECOND

    assert (await store.accept(arrival(3, at=NOW), never)).outcome is Outcome.DROPPED


async def test_leaving_erases_however_late_it_is_heard(store: Store, clock: HandClock) -> None:
    """Whoever left must be forgotten, even when the news took two days."""
    await store.accept(arrival(1, at=NOW), saying("x"))
    await store.accept(arrival(2, at=NOW + SECOND), saying("y"))
    clock.at += 2 * DAY

    accepted = await store.accept(arrival(3, at=NOW + SECOND - 1, leaving=True), erasing())

    assert accepted.outcome is Outcome.ERASED
    assert await store.recall(ANN) is None


async def test_what_was_begun_after_leaving_stays(store: Store, clock: HandClock) -> None:
    """News of a leaving from before the first word is no reason to forget what came since."""
    await store.accept(arrival(1, at=NOW), saying("waits", "begun"))
    clock.at += SECOND

    await store.accept(arrival(2, at=NOW - SECOND, leaving=True), erasing())

    assert await store.recall(ANN) == b"begun"
    assert (await claimed(store)).letter == b"waits"


async def test_a_conversation_begins_with_the_first_state_saved(
    store: Store, clock: HandClock
) -> None:
    """Not with a fault before it: whoever left in between came back since."""
    await store.accept(arrival(1, at=NOW), keeping(None, 1))
    await store.accept(arrival(2, at=NOW + 2 * SECOND), saying(None, "begun"))
    clock.at += 3 * SECOND

    await store.accept(arrival(3, at=NOW + SECOND, leaving=True), erasing())

    assert await store.recall(ANN) == b"begun"


async def test_erasing_takes_what_is_deferred_along(store: Store) -> None:
    """What happened before the erasure is never read; what happened after it is."""
    await store.defer([deferred(n, at=NOW + n) for n in (1, 2, 3)] + [deferred(1, who=BEN)])

    erased = await store.accept(arrival(9, at=NOW + 2, leaving=True), erasing())

    assert erased.outcome is Outcome.ERASED
    assert [each.arrival.event_key for each in await store.deferred(ANN)] == [event(3)]
    assert len(await store.deferred(BEN)) == 1


async def test_a_message_taken_back_is_never_read(store: Store) -> None:
    """Not even when it arrives after the news that it was taken back."""
    news = arrival(1, message_key=message(7))

    assert await store.unsend(news) is Outcome.APPLIED
    assert await store.unsend(news) is Outcome.DUPLICATE

    accepted = await store.accept(arrival(2, message_key=message(7)), never)
    assert accepted == Accepted(Outcome.UNSENT)
    assert (await store.accept(arrival(2, message_key=message(7)), never)).outcome is (
        Outcome.DUPLICATE
    )
    other = await store.accept(arrival(3, message_key=message(8)), saying("heard"))
    assert other.outcome is Outcome.APPLIED


async def test_what_was_decided_before_it_was_taken_back_stands(store: Store) -> None:
    """An answer already begun still goes out; only what is unread goes."""
    await store.accept(arrival(1, message_key=message(1)), saying("answer", "begun"))

    assert await store.unsend(arrival(2, message_key=message(1))) is Outcome.APPLIED

    assert await store.recall(ANN) == b"begun"
    assert (await claimed(store)).letter == b"answer"


async def test_a_deferred_message_taken_back_goes_at_once(store: Store) -> None:
    """Its words are removed; its event is a known one from then on, and cannot be deferred."""
    taken_back = deferred(1, message_key=message(1))
    await store.defer([taken_back, deferred(2, at=NOW + 1, message_key=message(2))])

    await store.unsend(arrival(3, message_key=message(1)))

    assert [each.arrival.event_key for each in await store.deferred(ANN)] == [event(2)]
    again = await store.accept(arrival(1, message_key=message(1)), never)
    assert again.outcome is Outcome.DUPLICATE
    await store.defer([taken_back, deferred(4, message_key=message(1))])
    assert len(await store.deferred(ANN)) == 1


async def test_one_person_cannot_take_back_what_another_said(store: Store) -> None:
    """The key of a message counts together with its person's only."""
    await store.defer([deferred(1, message_key=message(1))])

    await store.unsend(arrival(2, who=BEN, message_key=message(1)))

    assert len(await store.deferred(ANN)) == 1
    accepted = await store.accept(arrival(1, message_key=message(1)), saying("x"))
    assert accepted.outcome is Outcome.APPLIED
