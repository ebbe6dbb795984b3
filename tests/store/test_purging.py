"""The contract of every store: forgetting with time, and proving to be there."""

from __future__ import annotations

from bot.engine.retention import (
    ANSWERS,
    CONVERSATIONS,
    EVENT_IDS,
    TOMBSTONES,
    horizon,
    purge,
)
from bot.store.port import Outcome, Purged, Store
from bot.store.rules import DAY
from tests.store.rows import ANN, BEN, NOW, arrival, erasing, never, saying


async def test_everything_goes_when_its_time_is_over_and_not_before(store: Store) -> None:
    """120 days, hour by hour: each kind of row disappears within an hour of its term."""
    await store.accept(arrival(1), saying("one"))
    await store.accept(arrival(2, who=BEN), erasing())
    gone: dict[str, int] = {}
    for hour in range(120 * 24):
        age = hour * DAY // 24
        purged = await store.purge(horizon(NOW + age), 100)
        for table in ("inbox", "conversations", "outbox", "tombstones"):
            if getattr(purged, table):
                gone[table] = age

    assert set(gone) == {"inbox", "conversations", "outbox", "tombstones"}
    terms = {
        "inbox": EVENT_IDS,
        "conversations": CONVERSATIONS,
        "outbox": ANSWERS,
        "tombstones": TOMBSTONES,
    }
    assert all(terms[table] < age <= terms[table] + DAY // 24 for table, age in gone.items())
    assert await store.recall(ANN) is None


async def test_a_purge_takes_no_more_than_it_may(store: Store) -> None:
    """A slice at a time, so that no event waits for it; the whole purge takes them all."""
    for number in range(25):
        await store.accept(arrival(number, at=NOW + number), saying("x"))

    assert await store.purge(horizon(NOW + 8 * DAY), 10) == Purged(inbox=10, outbox=10)
    assert await purge(store, NOW + 8 * DAY) == 30
    assert await store.purge(horizon(NOW + 8 * DAY), 10) == Purged()


async def test_a_conversation_in_use_is_kept(store: Store) -> None:
    """Its term begins again with every event."""
    await store.accept(arrival(1), saying(None))
    await store.accept(arrival(2, at=NOW + 80 * DAY), saying(None))

    assert (await store.purge(horizon(NOW + 100 * DAY), 100)).conversations == 0
    assert (await store.purge(horizon(NOW + 171 * DAY), 100)).conversations == 1


async def test_event_ids_outlive_the_day_in_which_an_event_counts(store: Store) -> None:
    """Whatever could still change something is still known when it comes again."""
    assert DAY < EVENT_IDS < TOMBSTONES
    await store.accept(arrival(1), saying("one"))

    await purge(store, NOW + EVENT_IDS)

    again = await store.accept(arrival(1, received=NOW + EVENT_IDS), never)
    assert again.outcome is Outcome.DUPLICATE
    await purge(store, NOW + EVENT_IDS + 1)
    replayed = await store.accept(arrival(1, received=NOW + EVENT_IDS + 1), never)
    assert replayed.outcome is Outcome.STALE


async def test_a_ping_can_be_repeated(store: Store) -> None:
    """It writes, for a full disk answers every reading."""
    for _ in range(3):
        await store.ping()
