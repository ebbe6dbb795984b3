"""The contract of every store: events that are safe but not decided on yet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest

from bot.store.port import Accepted, Arrival, Backlog, Deferred, Outcome, Situation, Store, Terms
from bot.store.rules import CLOCK_TOLERANCE, DAY, FAR, MINUTE
from bot.store.sqlite import SqliteStore
from tests import postgres
from tests.simulation.rows import Rows
from tests.simulation.store import ModelStore
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
    message,
    never,
    noting,
    saying,
)

Outcomes = Callable[[bytes], Awaitable[dict[bytes, Outcome]]]

INBOX = "SELECT event_key, outcome FROM inbox WHERE user_key = "


@pytest.fixture
def outcomes(store: Store, place: Path | str | type[ModelStore] | None) -> Outcomes:
    """Asks ``store`` what is recorded of a person: of which event, and of what message, what.

    The port has no such question: nothing but the purge ever looks at an outcome again.
    """

    async def found(user_key: bytes) -> dict[bytes, Outcome]:
        if isinstance(store, ModelStore):
            inbox = store.database.people.get(user_key, Rows()).inbox
            return {key: entry.outcome for key, entry in inbox.items()}
        if isinstance(place, str):
            recorded = await postgres.rows(place, f"{INBOX}$1", user_key)
        else:
            assert isinstance(store, SqliteStore)
            recorded = await store._writer.do(
                lambda connection: connection.execute(f"{INBOX}?", (user_key,)).fetchall()
            )
        return {cast(bytes, key): Outcome(str(outcome)) for key, outcome in recorded}

    return found


async def test_a_deferred_event_comes_back_as_it_was(store: Store) -> None:
    """All but whether LINE had sent it again: that says nothing about the moment it is read."""
    kept = [
        Deferred(Arrival(ANN, event(2), NOW, leaving=True), b"\x00\xff"),
        Deferred(Arrival(ANN, event(1), NOW + 1, message_key=message(1)), b""),
    ]

    await store.defer([kept[1], kept[0]])

    assert await store.deferred(ANN) == kept
    assert await store.deferred(BEN) == []


async def test_deferred_events_are_ordered_by_their_time_then_by_their_key(store: Store) -> None:
    """LINE gives no other order; two of the same moment need one all the same."""
    await store.defer([deferred(3), deferred(1, at=NOW + 1), deferred(2)])

    keys = [each.arrival.event_key for each in await store.deferred(ANN)]

    assert keys == [event(2), event(3), event(1)]


async def test_newer_events_wait_for_deferred_ones(store: Store) -> None:
    """Whoever comes in between is told so, and nothing is changed."""
    await store.defer([deferred(1), deferred(2, at=NOW + 1)])

    newer = await store.accept(arrival(3, at=NOW + 2), never, LEASE)
    second = await store.accept(arrival(2, at=NOW + 1), never)
    first = await store.accept(arrival(1), saying("one"))
    assert [newer, second] == [Accepted(None), Accepted(None)]
    assert first == Accepted(Outcome.APPLIED, answer_waits=True)

    second = await store.accept(arrival(2, at=NOW + 1), saying("two"))
    newer = await store.accept(arrival(3, at=NOW + 2), saying("three"))
    assert [second.outcome, newer.outcome] == [Outcome.APPLIED] * 2
    assert await store.deferred(ANN) == []


async def test_nobody_waits_for_somebody_elses_deferred_events(store: Store) -> None:
    """Each person has a queue of their own."""
    await store.defer([deferred(1)])

    assert (await store.accept(arrival(2, who=BEN), saying("x"))).outcome is Outcome.APPLIED


async def test_whoever_leaves_waits_for_nothing(store: Store) -> None:
    """What is still to be decided on would be erased anyway."""
    await store.defer([deferred(1)])

    accepted = await store.accept(arrival(2, at=NOW - 1, leaving=True), saying("x"))

    assert accepted.outcome is Outcome.APPLIED


async def test_a_known_event_is_not_deferred(store: Store) -> None:
    """Whatever is known stays as it is: decided, recorded or deferred already."""
    await store.accept(arrival(1), saying("one"))
    await store.note(arrival(2), Outcome.FOREIGN)
    await store.defer([deferred(3)])

    changed = Deferred(arrival(3, at=NOW + 5), b"other")
    await store.defer([deferred(1), deferred(2), changed, deferred(4, at=NOW + 9)])
    await store.defer([])

    assert await store.deferred(ANN) == [deferred(3), deferred(4, at=NOW + 9)]


async def test_what_was_taken_back_is_recorded_instead_of_deferred(
    store: Store, clock: HandClock, outcomes: Outcomes
) -> None:
    """Every event has an outcome, also one whose message was gone before anybody read it."""
    await store.unsend(arrival(1, message_key=message(7)))
    clock.at += SECOND

    await store.defer([deferred(2, message_key=message(7)), deferred(3, message_key=message(8))])
    await store.defer([deferred(2, message_key=message(7)), deferred(2)])

    assert await store.deferred(ANN) == [deferred(3, message_key=message(8))]
    # On its own it is a known one: it is not its message any more that tells what became of it.
    assert (await store.accept(arrival(2), never)).outcome is Outcome.DUPLICATE
    assert await outcomes(ANN) == {
        event(1): Outcome.APPLIED, message(7): Outcome.UNSENT, event(2): Outcome.UNSENT
    }  # fmt: skip
    # The news and the message a second before; the event when it was received.
    terms = Terms(events=SECOND - 1, conversations=DAY, answers=DAY, tombstones=DAY)
    assert (await store.purge(terms, 10)).events == 2
    assert await outcomes(ANN) == {event(2): Outcome.UNSENT}


async def test_of_one_event_told_in_two_ways_the_first_counts(
    store: Store, outcomes: Outcomes
) -> None:
    """In one call or in two: either it is kept or it was taken back, never both."""
    await store.unsend(arrival(1, message_key=message(7)))
    unsent = deferred(2, message_key=message(7))

    await store.defer([unsent, deferred(2), deferred(3), deferred(3, message_key=message(7))])
    await store.defer([deferred(3, message_key=message(7))])

    assert await store.deferred(ANN) == [deferred(3)]
    assert (await outcomes(ANN)).keys() == {event(1), message(7), event(2)}


async def test_what_one_person_took_back_another_may_still_say(
    store: Store, outcomes: Outcomes
) -> None:
    """The key of a message counts together with its person's only."""
    await store.unsend(arrival(1, message_key=message(7)))

    await store.defer([deferred(2, who=BEN, message_key=message(7))])

    assert await store.deferred(BEN) == [deferred(2, who=BEN, message_key=message(7))]
    assert await outcomes(BEN) == {}


async def test_the_same_event_twice_in_one_call_is_one(store: Store) -> None:
    """The first stands."""
    await store.defer([deferred(1), Deferred(arrival(1), b"other")])

    assert await store.deferred(ANN) == [deferred(1)]


async def test_what_an_erasure_takes_along_is_recorded_as_dropped(store: Store) -> None:
    """It was acknowledged, so its end is written down; sent again it brings nothing back."""
    await store.defer([deferred(1), deferred(2, at=NOW + 2)])

    gone = arrival(3, at=NOW + 1, leaving=True)
    assert (await store.accept(gone, erasing())).outcome is Outcome.ERASED

    assert [each.arrival.event_key for each in await store.deferred(ANN)] == [event(2)]
    assert (await store.accept(arrival(1), never)).outcome is Outcome.DUPLICATE


async def test_an_event_recorded_meanwhile_is_deferred_no_longer(store: Store) -> None:
    """A duplicate is done with; nobody must come back to it for ever."""
    await store.defer([deferred(1)])
    await store.note(arrival(1), Outcome.STANDBY)

    assert (await store.accept(arrival(1), never)).outcome is Outcome.DUPLICATE

    assert await store.deferred(ANN) == []
    assert await store.behind(10) == []


async def test_a_deferred_events_age_counts_from_its_receipt(
    store: Store, clock: HandClock
) -> None:
    """It was fresh when it came; its token has grown older meanwhile, and more than a day late it
    is still decided on."""
    await store.defer([deferred(1, at=NOW - SECOND)])
    clock.at += DAY + MINUTE
    seen: list[Situation] = []

    accepted = await store.accept(arrival(1, at=NOW - SECOND), noting(seen, saying("one")), LEASE)

    assert accepted.outcome is Outcome.APPLIED
    assert seen[0].now == clock.at
    assert accepted.claim is not None
    assert (accepted.claim.received, accepted.claim.token_born) == (NOW, NOW - SECOND)


async def test_a_deferred_event_sent_again_has_a_fresh_token(
    store: Store, clock: HandClock
) -> None:
    """LINE's second delivery is a delivery."""
    await store.defer([deferred(1)])
    clock.at += 3 * MINUTE

    await store.accept(arrival(1, redelivered=True), saying("one"))

    assert (await claimed(store)).token_born == clock.at


async def test_a_deferred_event_from_the_future_is_believed_only_so_far(store: Store) -> None:
    """Otherwise it would be the last in its queue for ever; a time no number holds is no harm."""
    await store.defer([deferred(1, at=NOW + 365 * DAY), deferred(2, at=10**30), deferred(3, at=-5)])

    times = [each.arrival.at for each in await store.deferred(ANN)]

    assert times == [0, NOW + CLOCK_TOLERANCE, NOW + CLOCK_TOLERANCE]


async def test_people_behind_are_named_longest_waiting_first(
    store: Store, clock: HandClock
) -> None:
    """Once each, however many of their events wait, and never more than asked for."""
    people = [bytes([n]) * 16 for n in range(5)]
    for who in people:
        await store.defer([deferred(1, who), deferred(2, who)])
        clock.at += 1

    assert await store.behind(10) == people
    assert await store.behind(2) == people[:2]


async def test_whoever_is_postponed_is_not_named_for_a_while(
    store: Store, clock: HandClock
) -> None:
    """Nor for ever, when the clock is set back meanwhile."""
    await store.defer([deferred(1), deferred(1, who=BEN)])

    await store.postpone(ANN, MINUTE)

    assert await store.behind(10) == [BEN]
    clock.at += MINUTE
    assert set(await store.behind(10)) == {ANN, BEN}
    clock.at -= MINUTE + FAR + 1
    assert set(await store.behind(10)) == {ANN, BEN}


async def test_the_backlog_counts_answers_and_events(store: Store, clock: HandClock) -> None:
    """And says for how long the oldest of them has been due."""
    assert await store.backlog() == Backlog(0, 0, 0)
    await store.accept(arrival(1), saying("one"), MINUTE)
    assert await store.backlog() == Backlog(answers=1, events=0, overdue=0)

    clock.at += 5 * SECOND
    await store.defer([deferred(2, who=BEN), deferred(3, who=BEN)])
    clock.at += 5 * SECOND
    assert await store.backlog() == Backlog(answers=1, events=2, overdue=5 * SECOND)
    clock.at += MINUTE
    assert await store.backlog() == Backlog(answers=1, events=2, overdue=MINUTE + 5 * SECOND)
    clock.at -= MINUTE

    await store.accept(arrival(2, who=BEN), saying("two"))
    assert (await store.backlog()).events == 1


async def test_an_event_that_asks_nothing_is_only_recorded(store: Store) -> None:
    """The first outcome stands; nobody is made by it, and nothing is decided."""
    assert await store.note(arrival(1), Outcome.STANDBY) is Outcome.STANDBY
    assert await store.note(arrival(1), Outcome.FOREIGN) is Outcome.DUPLICATE
    assert await store.note(arrival(1, who=BEN), Outcome.FOREIGN) is Outcome.FOREIGN

    assert (await store.accept(arrival(1), never)).outcome is Outcome.DUPLICATE
    assert await store.recall(ANN) is None


async def test_events_deferred_and_accepted_without_waiting_keep_their_order(store: Store) -> None:
    """Whoever defers first is before whoever accepts next."""
    _, accepted = await asyncio.gather(
        store.defer([deferred(1)]), store.accept(arrival(2, at=NOW + 1), never)
    )

    assert accepted == Accepted(None)
