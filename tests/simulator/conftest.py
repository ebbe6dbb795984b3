"""A session with the small flow, started once a file: each test brings people of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from bot.engine import deliver, verdict
from bot.simulator.gallery.listing import Listing, listing
from bot.simulator.people import Person
from bot.simulator.session import Session
from content.catalog import Catalog, load
from tests.simulator.flow import step

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The real content, read once; the small flow does not look at it."""
    return load()


@pytest.fixture(scope="session")
def listed(catalog: Catalog) -> Listing:
    """Every message of the real content, which takes a second or two: found once."""
    return listing(catalog)


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


@pytest.fixture
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a fault the next attempt follows at once: nobody sleeps through the pauses LINE is due.

    They are tested in tests/engine. A file that arranges many faults, and looks at what is said
    after them and not at when, spends most of its time in them otherwise.
    """
    for pause in ("FIRST_PAUSE", "RATE_PAUSE", "TOKEN_REFUSED_PAUSE"):
        monkeypatch.setattr(verdict, pause, 1)  # ms
    monkeypatch.setattr(deliver, "LOOK_EVERY", 0.03)  # s
