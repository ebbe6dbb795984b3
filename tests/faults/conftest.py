"""What the tests of faults may ask for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.store import opening
from bot.store.sqlite import SqliteStore
from tests import postgres
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.made import RunningClock
from tests.engine.running import serving


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database in which databases can be made: one given, or on a server of our own, which is
    not the one that the tests of the store crash."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with postgres.running() as server:
        yield server.url()


@pytest.fixture
def shared_url(postgres_url: str) -> Iterator[str]:
    """A database of one's own, for any number of nodes."""
    url = asyncio.run(postgres.new_database(postgres_url))
    asyncio.run(opening.upgrade(url, SystemClock()))
    yield url
    asyncio.run(postgres.drop_database(url))


@dataclass
class Nodes:
    """Servers with one LINE and one database, and what is in it."""

    bases: list[str]
    line: FakeLine
    url: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What *query* finds."""
        return asyncio.run(postgres.rows(self.url, query))


@pytest.fixture
def two_nodes(shared_url: str) -> Iterator[Nodes]:
    """Two servers that share a PostgreSQL."""
    with ExitStack() as closing:
        line = closing.enter_context(FakeLine())
        settings = standin.settings(line_api_base=line.base, database_url=shared_url)
        bases = [closing.enter_context(serving(settings=settings)) for _ in range(2)]
        yield Nodes(bases, line, shared_url)


@dataclass
class House:
    """A server on SQLite, its LINE, its folder and its clock."""

    base: str
    line: FakeLine
    folder: Path
    clock: RunningClock = field(default_factory=RunningClock)

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / "taikai.db"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    clock = RunningClock()
    store = SqliteStore.open(tmp_path / "taikai.db", clock)
    with FakeLine() as line:
        with serving(settings=standin.settings(line_api_base=line.base), store=store) as base:
            yield House(base, line, tmp_path, clock)
        asyncio.run(store.close())
