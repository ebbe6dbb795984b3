"""The simulated clock is everybody's, and does what it is told."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import TOKYO
from bot.simulator.clock import SimClock

NOON = datetime(2026, 4, 1, 12, tzinfo=TOKYO)
SECOND = timedelta(seconds=1)


def test_it_runs_on_from_where_it_was_set() -> None:
    """Whatever waits for a moment must get to it."""
    clock = SimClock(NOON)
    time.sleep(0.01)

    assert timedelta(milliseconds=10) <= clock.now() - NOON < SECOND


def test_it_stands_still_while_frozen_and_runs_on_after() -> None:
    """To the microsecond; and thawing does not jump to the real time."""
    clock = SimClock()
    clock.freeze(NOON)
    time.sleep(0.01)
    assert clock.now() == NOON
    assert clock.frozen

    clock.unfreeze()
    assert NOON <= clock.now() < NOON + SECOND
    assert not clock.frozen


def test_it_can_be_turned_forward_frozen_or_not() -> None:
    """A day passes at once."""
    clock = SimClock()
    clock.freeze(NOON)
    clock.advance(timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1)

    clock.unfreeze()
    clock.advance(timedelta(days=1))
    assert NOON + timedelta(days=2) <= clock.now() < NOON + timedelta(days=2) + SECOND


def test_it_tells_the_time_of_japan_whatever_it_was_told() -> None:
    """The app may rely on the zone."""
    clock = SimClock()
    clock.freeze(datetime(2026, 4, 1, 3, tzinfo=UTC))

    assert clock.now().isoformat() == "2026-04-01T12:00:00+09:00"
    clock.set(NOON + SECOND)
    assert clock.now() == NOON + SECOND


def test_time_does_not_run_backwards() -> None:
    """Not by `advance`, where a sign is easily lost."""
    with pytest.raises(ValueError, match="backwards"):
        SimClock().advance(-SECOND)


def test_a_time_without_a_zone_is_refused() -> None:
    """It would be wrong in one of two countries."""
    with pytest.raises(ValueError, match="zone"):
        SimClock(datetime(2026, 4, 1))  # noqa: DTZ001 - it is the point
