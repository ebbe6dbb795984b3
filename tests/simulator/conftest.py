"""A session with the small flow, started once a file: each test brings people of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from bot.simulator.people import Person
from bot.simulator.session import Session
from content.catalog import Catalog, load
from tests.simulator.flow import step

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The real content, read once; the small flow does not look at it."""
    return load()


@pytest.fixture(scope="module")
def running(catalog: Catalog) -> Iterator[Session]:
    """The real app with the small flow, and a fake LINE."""
    with Session(catalog=catalog, step=step, seed=1) as session:
        yield session


@pytest.fixture
def session(running: Session) -> Iterator[Session]:
    """The same, in working order again after each test."""
    yield running
    running.troubles.clear()
    running.clock.unfreeze()


@pytest.fixture
def hanako(session: Session) -> Person:
    """Somebody nobody has met."""
    return session.newcomer(f"hanako{next(_NUMBERS)}")
