"""The contract of every store: handing out answers to send, one at a time to a person."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.port import Claim, Finished, Retry, Status, Store
from bot.store.rules import FAR, MINUTE, TOKEN_LIFE
from tests.store.rows import ANN, BEN, NOW, SECOND, arrival, erasing, event, never, saying

LEASE = NOW + 15 * SECOND


async def claimed(store: Store, now: int = NOW, who: bytes = ANN) -> Claim:
    """A claim that must be there."""
    claim = await store.claim(who, now, now + 15 * SECOND)
    assert claim is not None
    return claim


async def test_a_claim_holds_all_that_a_decision_to_send_needs(store: Store) -> None:
    """The token's age counts from the event when that is earlier than our receipt."""
    await store.accept(arrival(7, at=NOW - SECOND, received=NOW), saying("letter"))

    assert await store.claim(ANN, NOW, LEASE) == Claim(
        user_key=ANN,
        seq=1,
        event_key=event(7),
        letter=b"letter",
        received=NOW,
        token_born=NOW - SECOND,
        ambiguous=False,
        plain=False,
        tries=1,
    )


async def test_answers_are_claimed_oldest_first_and_one_at_a_time(store: Store) -> None:
    """While one is claimed nobody else gets it, nor the next."""
    await store.accept(arrival(1), saying("one"))
    await store.accept(arrival(2, at=NOW + 1), saying("two"))
    await store.accept(arrival(3, who=BEN), saying("other"))

    first = await claimed(store)

    assert await store.claim(ANN, NOW + 1, LEASE) is None
    assert (await claimed(store, who=BEN)).letter == b"other"
    assert await store.settle(first, Finished(Status.SENT))
    second = await claimed(store, NOW + 1)
    assert [first.letter, second.letter] == [b"one", b"two"]
    assert not await store.settle(second, Finished(Status.SENT))
    assert await store.claim(ANN, LEASE, LEASE) is None


async def test_of_many_who_claim_at_once_one_gets_it(store: Store) -> None:
    """An answer never goes to two senders."""
    await store.accept(arrival(1), saying("one"))

    claims = await asyncio.gather(*(store.claim(ANN, NOW, LEASE) for _ in range(20)))

    assert len([claim for claim in claims if claim]) == 1


async def test_a_lease_that_ran_out_makes_the_next_attempt_ambiguous(store: Store) -> None:
    """Whoever held it died with the call in the air: nobody knows what LINE did."""
    await store.accept(arrival(1), saying("one"))
    first = await claimed(store)

    assert await store.claim(ANN, LEASE - 1, LEASE + SECOND) is None
    second = await claimed(store, LEASE)

    assert (first.ambiguous, first.tries) == (False, 1)
    assert (second.ambiguous, second.tries) == (True, 2)


async def test_an_attempt_that_lost_its_lease_settles_nothing(store: Store) -> None:
    """The slow sender's word comes too late; the answer belongs to the next one."""
    await store.accept(arrival(1), saying("one"))
    slow = await claimed(store)
    quick = await claimed(store, LEASE)

    assert await store.settle(slow, Finished(Status.DEAD))

    assert await store.waiting(LEASE + MINUTE, 10) == [ANN]
    assert not await store.settle(quick, Finished(Status.SENT))


async def test_a_retry_waits_until_its_time(store: Store) -> None:
    """It keeps its letter, and what is said of it: ambiguous or not."""
    await store.accept(arrival(1), saying("one"))
    await store.settle(await claimed(store), Retry(NOW + SECOND, ambiguous=True))

    assert await store.waiting(NOW + SECOND - 1, 10) == []
    assert await store.claim(ANN, NOW + SECOND - 1, LEASE) is None
    assert await store.waiting(NOW + SECOND, 10) == [ANN]
    again = await claimed(store, NOW + SECOND)
    assert (again.letter, again.ambiguous, again.tries, again.plain) == (b"one", True, 2, False)

    await store.settle(again, Retry(NOW + 2 * SECOND, ambiguous=False))
    assert not (await claimed(store, NOW + 2 * SECOND)).ambiguous


async def test_a_retry_may_bring_a_plain_letter(store: Store) -> None:
    """What LINE refused is replaced, once and for all."""
    await store.accept(arrival(1), saying("card"))
    first = await claimed(store)
    await store.settle(first, Retry(NOW, ambiguous=False, letter=b"plain"))

    plain = await claimed(store)
    await store.settle(plain, Retry(NOW, ambiguous=True))

    assert (plain.letter, plain.plain) == (b"plain", True)
    last = await claimed(store)
    assert (last.letter, last.plain) == (b"plain", True)


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.WAITING])
async def test_what_is_finished_is_never_claimed_again(store: Store, status: Status) -> None:
    """Sent, parked, unconfirmed or dead: it is over."""
    await store.accept(arrival(1), saying("one"))
    await store.settle(await claimed(store), Finished(status))

    assert await store.waiting(NOW + MINUTE, 10) == []
    assert await store.claim(ANN, NOW + MINUTE, LEASE) is None


async def test_an_erased_person_cannot_be_settled_for(store: Store) -> None:
    """A call under way at the erasure ends in nothing; the confirmation is not touched by it."""
    await store.accept(arrival(1), saying("old"))
    old = await claimed(store)
    await store.accept(arrival(2, at=NOW + 1), erasing("done"))
    confirmation = await claimed(store, NOW + 1)

    await store.settle(old, Finished(Status.SENT))

    assert confirmation.letter == b"done"
    assert not await store.settle(confirmation, Finished(Status.SENT))


async def test_waiting_names_each_person_once_the_longest_waiting_first(store: Store) -> None:
    """People with several answers, or with one claimed, do not crowd out the others."""
    people = [bytes([number]) * 16 for number in range(1, 5)]
    for number, who in enumerate(people):
        await store.accept(arrival(1, who=who, at=NOW + 10 - number), saying("one"))
        await store.accept(arrival(2, who=who, at=NOW + 20), saying("two"))
    await claimed(store, NOW + 20, people[3])

    assert await store.waiting(NOW + 20, 10) == [people[2], people[1], people[0]]
    assert await store.waiting(NOW + 20, 2) == [people[2], people[1]]
    assert await store.waiting(NOW + 8, 10) == [people[2]]


async def test_a_redelivery_gives_a_waiting_answer_a_fresh_token_clock(store: Store) -> None:
    """LINE lets a redelivered token work for a minute more; a plain duplicate proves nothing."""
    await store.accept(arrival(1), saying("one"))
    later = NOW + 3 * MINUTE

    await store.accept(arrival(1, received=later), never)
    unmarked = await claimed(store)
    await store.settle(unmarked, Retry(NOW, ambiguous=False))
    await store.accept(arrival(1, received=later, redelivered=True), never)
    marked = await claimed(store)

    assert (unmarked.token_born, marked.token_born) == (NOW, later)
    assert marked.received == later


async def test_a_redelivery_twenty_minutes_on_gives_nothing(store: Store) -> None:
    """No token works longer than that after its event."""
    await store.accept(arrival(1), saying("one"))

    await store.accept(arrival(1, received=NOW + TOKEN_LIFE, redelivered=True), never)

    assert (await claimed(store)).token_born == NOW


async def test_a_first_delivery_marked_as_redelivered_counts_from_its_receipt(store: Store) -> None:
    """The first attempt never reached us; the token came alive again with this one."""
    received = NOW + 5 * MINUTE

    await store.accept(arrival(1, received=received, redelivered=True), saying("one"))

    assert (await claimed(store, received)).token_born == received


async def test_a_clock_set_back_by_hours_keeps_nobody_waiting(store: Store) -> None:
    """What is due absurdly far ahead was written before the clock was corrected."""
    await store.accept(arrival(1), saying("one"))
    corrected = NOW - 2 * 60 * MINUTE

    assert await store.waiting(corrected, 10) == [ANN]
    assert await store.claim(ANN, corrected, corrected + 1) is not None
    assert await store.waiting(corrected, 10) == []
    assert FAR < 2 * 60 * MINUTE
