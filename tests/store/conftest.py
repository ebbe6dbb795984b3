"""Every store there is; a test that asks for ``store`` runs on each."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store.port import Store
from bot.store.postgres import PostgresStore
from bot.store.postgres_layout import upgrade
from bot.store.sqlite import SqliteStore
from tests import postgres
from tests.simulation.store import ModelStore
from tests.store.partitioned import TABLES, partition
from tests.store.rows import HandClock


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL of our own that lives as long as the tests run, and may be crashed."""
    with postgres.running() as started:
        yield started


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> str:
    """A database in which databases can be made, on whatever server there is."""
    given = os.environ.get("TEST_DATABASE_URL")
    return given or str(request.getfixturevalue("server").url())


@pytest.fixture(scope="session")
async def whole_url(postgres_url: str) -> AsyncIterator[str]:
    """A database with the layout as it is."""
    url = await postgres.new_database(postgres_url)
    await upgrade(url)
    yield url
    await postgres.drop_database(url)


@pytest.fixture(scope="session")
async def partitioned_url(postgres_url: str) -> AsyncIterator[str]:
    """A database in which every table is spread over eight partitions by person."""
    url = await postgres.new_database(postgres_url)
    await partition(url)
    yield url
    await postgres.drop_database(url)


@pytest.fixture
async def fresh_url(postgres_url: str) -> AsyncIterator[str]:
    """A database of one's own, with nothing in it."""
    url = await postgres.new_database(postgres_url)
    yield url
    await postgres.drop_database(url)


@pytest.fixture
async def nodes_url(whole_url: str) -> str:
    """The layout as it is, with nobody in it."""
    await emptied(whole_url)
    return whole_url


async def emptied(url: str) -> None:
    """Remove every row but those that describe the layout: much quicker than a new database."""
    deletions = [f"DELETE FROM {table}" for table in TABLES]
    await postgres.execute(url, ";".join(deletions))


@pytest.fixture
def clock() -> HandClock:
    """The clock of ``store``."""
    return HandClock()


@pytest.fixture(params=["file", "memory", "postgres", "partitioned", "model"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str | type[ModelStore] | None:
    """Where ``store`` is: a file, nowhere, the URL of a server, or the simulation's model."""
    match request.param:
        case "file":
            return tmp_path / "taikai.db"
        case "memory":
            return None
        case "model":
            return ModelStore
        case "postgres":
            return str(request.getfixturevalue("whole_url"))
        case _:
            return str(request.getfixturevalue("partitioned_url"))


@pytest.fixture
async def store(
    place: Path | str | type[ModelStore] | None, clock: HandClock
) -> AsyncIterator[Store]:
    """An empty store."""
    opened: Store
    if isinstance(place, type):
        opened = place.open(clock)
    elif isinstance(place, str):
        await emptied(place)
        opened = await PostgresStore.open(place, clock=clock)
    else:
        opened = SqliteStore.open(place, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def nodes(nodes_url: str) -> AsyncIterator[tuple[PostgresStore, PostgresStore]]:
    """Two nodes, with a pool each, on one empty database. Their clock stands still."""
    clock = HandClock()
    both = (
        await PostgresStore.open(nodes_url, clock=clock),
        await PostgresStore.open(nodes_url, clock=clock),
    )
    yield both
    for node in both:
        await node.close()
