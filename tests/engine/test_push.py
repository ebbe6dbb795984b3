"""How many answers may be pushed: a day's allowance for all nodes, and LINE's own limit."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.engine.push import QUOTA_PAUSE, PushAllowance
from bot.store.rules import DAY
from bot.store.sqlite import SqliteStore
from tests.engine.made import HandClock, column


class Uptime:
    """Seconds the machine has been up, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    """An empty store."""
    opened = SqliteStore.open(None)
    yield opened
    await opened.close()


async def test_the_allowance_of_a_day_is_shared_by_all_nodes(store: SqliteStore) -> None:
    """Two nodes together push no more than one could."""
    nodes = [PushAllowance(store, b"c" * 16, 3, Uptime()) for _ in range(2)]
    now = HandClock().ms

    taken = [await nodes[number % 2].one(now) for number in range(5)]

    assert taken == [True, True, True, False, False]


async def test_a_day_begins_at_midnight_in_japan(store: SqliteStore) -> None:
    """15:00 in Greenwich; the day before is forgotten, so the table does not grow."""
    allowance = PushAllowance(store, b"c" * 16, 1, Uptime())
    clock = HandClock()
    midnight = clock.ms - clock.ms % DAY + 15 * 3_600_000

    assert [await allowance.one(midnight - 1), await allowance.one(midnight - 1)] == [True, False]
    assert [await allowance.one(midnight), await allowance.one(midnight)] == [True, False]
    assert await column(store, "SELECT count(*) FROM allowance") == [1]


async def test_without_an_allowance_nothing_is_asked_of_the_database(store: SqliteStore) -> None:
    """Push switched off costs nothing."""
    allowance = PushAllowance(store, b"c" * 16, 0, Uptime())
    await store.close()

    assert not allowance.is_open
    assert not await allowance.one(HandClock().ms)


async def test_after_line_s_monthly_limit_pushing_rests_for_an_hour(store: SqliteStore) -> None:
    """Each push tried meanwhile would be refused; an hour later one finds out again."""
    uptime = Uptime()
    allowance = PushAllowance(store, b"c" * 16, 9, uptime)

    allowance.close()

    assert not await allowance.one(HandClock().ms)
    uptime.seconds += QUOTA_PAUSE - 1
    assert not allowance.is_open
    uptime.seconds += 1
    assert await allowance.one(HandClock().ms)
    assert await column(store, "SELECT used FROM allowance") == [1]
