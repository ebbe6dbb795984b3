"""The contract of every store: handing out answers to send, one at a time to a person."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.port import Claim, Finished, Retry, Status, Store
from bot.store.rules import FAR, HOUR, TOKEN_LIFE
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    SECOND,
    HandClock,
    arrival,
    claimed,
    event,
    never,
    saying,
)


async def test_a_claim_holds_all_that_a_decision_to_send_needs(
    store: Store, clock: HandClock
) -> None:
    """The token's age counts from the event when that is earlier than our receipt."""
    await store.accept(arrival(7, at=NOW - SECOND), saying("letter"))
    clock.at += SECOND

    assert await store.claim(ANN, LEASE) == Claim(
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
        now=clock.at,
    )


async def test_answers_are_claimed_oldest_first_and_one_at_a_time(store: Store) -> None:
    """While one is claimed nobody else gets it, nor the next."""
    await store.accept(arrival(1), saying("one"))
    await store.accept(arrival(2, at=NOW + 1), saying("two"))
    await store.accept(arrival(3, who=BEN), saying("other"))

    first = await claimed(store)

    assert await store.claim(ANN, LEASE) is None
    assert (await claimed(store, who=BEN)).letter == b"other"
    assert await store.settle(first, Finished(Status.SENT))
    second = await claimed(store)
    assert [first.letter, second.letter] == [b"one", b"two"]
    assert not await store.settle(second, Finished(Status.SENT))
    assert await store.claim(ANN, LEASE) is None


async def test_of_many_who_claim_at_once_one_gets_it(store: Store) -> None:
    """An answer never goes to two senders."""
    await store.accept(arrival(1), saying("one"))

    claims = await asyncio.gather(*(store.claim(ANN, LEASE) for _ in range(20)))

    assert len([claim for claim in claims if claim]) == 1


async def test_a_lease_that_ran_out_makes_the_next_attempt_ambiguous(
    store: Store, clock: HandClock
) -> None:
    """Whoever held it died with the call in the air: nobody knows what LINE did."""
    await store.accept(arrival(1), saying("one"))
    first = await claimed(store)

    clock.at += LEASE - 1
    assert await store.claim(ANN, LEASE) is None
    clock.at += 1
    second = await claimed(store)

    assert (first.ambiguous, first.tries) == (False, 1)
    assert (second.ambiguous, second.tries) == (True, 2)


async def test_a_push_that_died_in_flight_is_not_ambiguous(store: Store, clock: HandClock) -> None:
    """Its retry key keeps it from being read twice; what the reply was before stays."""
    for number, doubtful in enumerate((False, True)):
        await store.accept(arrival(number, at=NOW + number), saying("one"))
        await store.settle(await claimed(store), Retry(0, ambiguous=doubtful, push=True))
        clock.at += SECOND
        first = await claimed(store)
        clock.at += LEASE

        second = await claimed(store)

        assert (first.push, second.push, second.tries) == (True, True, 3)
        assert (first.ambiguous, second.ambiguous) == (doubtful, doubtful)
        assert not await store.settle(second, Finished(Status.SENT))


async def test_an_attempt_that_lost_its_lease_settles_nothing(
    store: Store, clock: HandClock
) -> None:
    """The slow sender's word comes too late; the answer belongs to the next one."""
    accepted = await store.accept(arrival(1), saying("one"), LEASE)
    slow = accepted.claim
    assert slow is not None
    clock.at += LEASE
    quick = await claimed(store)

    assert await store.settle(slow, Finished(Status.DEAD))
    assert await store.settle(slow, Retry(0, ambiguous=False, letter=b"other", push=True))

    clock.at += LEASE
    assert await store.waiting(10) == [ANN]
    assert not await store.settle(quick, Finished(Status.SENT))
    assert await store.waiting(10) == []


async def test_a_retry_waits_until_its_time(store: Store, clock: HandClock) -> None:
    """It keeps its letter, and what is said of it: ambiguous or not."""
    await store.accept(arrival(1), saying("one"))
    first = await claimed(store)
    clock.at += SECOND
    assert await store.settle(first, Retry(2 * SECOND, ambiguous=True))

    clock.at += 2 * SECOND - 1
    assert await store.waiting(10) == []
    assert await store.claim(ANN, LEASE) is None
    clock.at += 1
    assert await store.waiting(10) == [ANN]
    again = await claimed(store)
    assert (again.letter, again.ambiguous, again.tries, again.plain) == (b"one", True, 2, False)

    await store.settle(again, Retry(0, ambiguous=False))
    assert not (await claimed(store)).ambiguous


async def test_a_retry_may_bring_a_plain_letter(store: Store) -> None:
    """What LINE refused is replaced, once and for all."""
    await store.accept(arrival(1), saying("card"))
    await store.settle(await claimed(store), Retry(0, ambiguous=False, letter=b"plain"))

    plain = await claimed(store)
    await store.settle(plain, Retry(0, ambiguous=True))

    assert (plain.letter, plain.plain, plain.push) == (b"plain", True, False)
    last = await claimed(store)
    assert (last.letter, last.plain) == (b"plain", True)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.WAITING])
async def test_what_is_finished_is_never_claimed_again(
    store: Store, clock: HandClock, status: Status
) -> None:
    """Whatever became of it, it is over, and the next one's turn comes at once."""
    await store.accept(arrival(1), saying("one"))
    await store.accept(arrival(2, at=NOW + 1), saying("two"))

    assert await store.settle(await claimed(store), Finished(status))

    assert (await claimed(store)).letter == b"two"
    clock.at += HOUR
    assert (await claimed(store)).letter == b"two"


async def test_waiting_names_people_whose_oldest_answer_is_due(
    store: Store, clock: HandClock
) -> None:
    """Longest waiting first, once each; whoever is being served is not named."""
    people = [bytes([n]) * 16 for n in range(4)]
    for who in people:
        await store.accept(arrival(1, who), saying("one"))
        await store.accept(arrival(2, who, at=NOW + 1), saying("two"))
        clock.at += 10
    await store.settle(await claimed(store, people[0]), Retry(SECOND, ambiguous=False))
    await claimed(store, people[3])

    assert await store.waiting(10) == [people[1], people[2]]
    assert await store.waiting(1) == [people[1]]
    clock.at += SECOND
    assert await store.waiting(10) == [people[1], people[2], people[0]]


async def test_a_redelivery_twenty_minutes_on_gives_nothing(store: Store, clock: HandClock) -> None:
    """No token works longer than that after its event."""
    await store.accept(arrival(1), saying("one"))
    clock.at += TOKEN_LIFE

    await store.accept(arrival(1, redelivered=True), never)

    assert (await claimed(store)).token_born == NOW


async def test_a_first_delivery_marked_as_redelivered_counts_from_its_receipt(
    store: Store, clock: HandClock
) -> None:
    """The first attempt never reached us; the token came alive again with this one."""
    clock.at += 5 * 60 * SECOND

    await store.accept(arrival(1, redelivered=True), saying("one"))

    assert (await claimed(store)).token_born == clock.at


async def test_a_clock_set_back_by_hours_keeps_nobody_waiting(
    store: Store, clock: HandClock
) -> None:
    """What is due absurdly far ahead was written before the clock was corrected."""
    await store.accept(arrival(1), saying("one"))
    clock.at -= 2 * HOUR

    assert await store.waiting(10) == [ANN]
    assert await store.claim(ANN, LEASE) is not None
    assert await store.waiting(10) == []
    assert FAR < 2 * HOUR


async def test_an_allowance_is_used_up_and_comes_back_the_next_day(store: Store) -> None:
    """Many who ask at once get no more than there is; each key has its own."""
    granted = await asyncio.gather(*(store.allow(ANN, 20_000, 3) for _ in range(10)))

    assert granted.count(True) == 3
    assert not await store.allow(ANN, 20_000, 3)
    assert await store.allow(ANN, 20_000, 4)
    assert not await store.allow(ANN, 20_000, 0)
    assert await store.allow(BEN, 20_000, 1)
    assert await store.allow(ANN, 20_001, 1)
    assert not await store.allow(ANN, 20_001, 1)
