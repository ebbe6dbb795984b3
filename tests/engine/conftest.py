"""What the tests of the engine may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.store.sqlite import SqliteStore
from tests.engine.fake_line import FakeLine
from tests.engine.made import RunningClock


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
async def store(clock: RunningClock) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore.open(None, clock)
    yield opened
    await opened.close()


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake
