"""The contract of every store: forgetting with time, and proving to be there."""

from __future__ import annotations

from bot.engine.retention import TERMS, purge
from bot.store.port import Backlog, Outcome, Purged, Store, Terms
from bot.store.rules import DAY
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    HandClock,
    arrival,
    deferred,
    erasing,
    event,
    keeping,
    message,
    never,
    saying,
)

NAMES = ("events", "conversations", "answers", "tombstones")


async def test_everything_goes_when_its_time_is_over_and_not_before(
    store: Store, clock: HandClock
) -> None:
    """120 days, day by day: each kind of row goes when its term is over, until none is left."""
    await store.accept(arrival(1), saying("one"))
    await store.accept(arrival(2, who=BEN), erasing("done"))
    await store.accept(arrival(3, who=b"c" * 16), keeping("sorry", 1))
    await store.accept(arrival(4, who=b"d" * 16, at=NOW - 2 * DAY), never)
    await store.unsend(arrival(5, who=b"e" * 16, message_key=message(1)))
    await store.defer([deferred(6, who=b"f" * 16)])
    gone: dict[str, list[tuple[int, int]]] = {name: [] for name in NAMES}
    for day in range(120):
        for moment in (0, 1):  # a term is kept to the millisecond
            clock.at = NOW + day * DAY + moment
            purged = await store.purge(TERMS, 100)
            for name in NAMES:
                if count := getattr(purged, name):
                    gone[name].append((clock.at - NOW, count))

    assert gone == {
        "events": [(TERMS.events + 1, 7)],
        "conversations": [(TERMS.conversations + 1, 1)],
        "answers": [(TERMS.answers + 1, 3)],
        "tombstones": [(TERMS.tombstones + 1, 2)],
    }
    assert await store.recall(ANN) is None
    assert await store.backlog() == Backlog(0, 0, 0)


async def test_a_purge_takes_no_more_than_it_may(store: Store, clock: HandClock) -> None:
    """A slice at a time, so that no event waits for it; the whole purge takes them all."""
    for number in range(25):
        await store.accept(arrival(number, at=NOW + number), saying("x"))
    clock.at += 8 * DAY

    assert await store.purge(TERMS, 10) == Purged(events=10, answers=10)
    assert await purge(store) == 30
    assert await store.purge(TERMS, 10) == Purged()


async def test_a_conversation_in_use_is_kept(store: Store, clock: HandClock) -> None:
    """Its term begins again with every event, whatever time the event says it is from."""
    await store.accept(arrival(1), saying(None))
    clock.at += 80 * DAY
    await store.accept(arrival(2, at=clock.at - DAY), saying(None))

    clock.at = NOW + 170 * DAY
    assert (await store.purge(TERMS, 100)).conversations == 0
    clock.at += 1
    assert (await store.purge(TERMS, 100)).conversations == 1


async def test_event_ids_outlive_the_day_in_which_an_event_counts(
    store: Store, clock: HandClock
) -> None:
    """Whatever could still change something is still known when it comes again."""
    assert DAY < TERMS.events < TERMS.tombstones
    await store.accept(arrival(1), saying("one"))

    clock.at += TERMS.events
    await purge(store)
    assert (await store.accept(arrival(1), never)).outcome is Outcome.DUPLICATE

    clock.at += 1
    await purge(store)
    assert (await store.accept(arrival(1), never)).outcome is Outcome.STALE


async def test_somebody_forgotten_begins_anew(store: Store, clock: HandClock) -> None:
    """Numbers and counts too: nothing is left that could tell."""
    await store.accept(arrival(1), saying("one"))
    clock.at += 100 * DAY
    await purge(store)

    accepted = await store.accept(arrival(2, at=clock.at), saying("two"), LEASE)

    assert accepted.claim is not None
    assert (accepted.claim.seq, accepted.claim.event_key) == (1, event(2))


async def test_one_term_does_not_touch_what_has_another(store: Store, clock: HandClock) -> None:
    """A tombstone goes without the conversations of the same age, and the other way round."""
    await store.accept(arrival(1), saying(None))
    await store.accept(arrival(2, who=BEN), erasing())
    clock.at += 10

    for_ever = 365 * DAY
    only = await store.purge(Terms(for_ever, for_ever, for_ever, 5), 10)
    assert only == Purged(tombstones=1)
    only = await store.purge(Terms(for_ever, 5, for_ever, for_ever), 10)
    assert only == Purged(conversations=1)


async def test_an_allowance_of_a_day_gone_by_is_forgotten(store: Store, clock: HandClock) -> None:
    """Also when nobody asks under its key again."""
    day = NOW // DAY
    assert await store.allow(ANN, day, 1)
    await purge(store)
    assert not await store.allow(ANN, day, 1)

    clock.at += 3 * DAY
    await purge(store)

    assert await store.allow(ANN, day, 1)


async def test_a_ping_can_be_repeated(store: Store) -> None:
    """It writes, for a full disk answers every reading."""
    for _ in range(3):
        await store.ping()
