"""How many taps it takes from a service's name to its ready-made message."""

from __future__ import annotations

import pytest

from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.taps import taps
from flows.walk import Arrival, walk
from tests.flows.chat import NOON

MOST_OF_THE_SHORTEST = 7
MOST_OF_ANY = 11


def test_the_message_is_near(catalog: Catalog, arrivals: list[Arrival]) -> None:
    """The shortest honest path takes at most 7 taps, any path at most 11."""
    for slug in catalog.services:
        shortest, longest = taps([arrival for arrival in arrivals if started(arrival) == slug])

        assert 1 <= shortest <= MOST_OF_THE_SHORTEST, slug
        assert shortest <= longest <= MOST_OF_ANY, slug


def started(arrival: Arrival) -> str:
    """The service that was named first."""
    return arrival.path[0].argument


@pytest.mark.parametrize(
    ("slug", "shortest", "longest"),
    [
        # deny → reason → losses / confirm, interview, next, reason, alternative, on, losses
        ("midori-navi", 3, 7),
        # … and reward, stop, received, method
        ("aozora-scout", 5, 11),
        # deny, deny, reason, losses / confirm, interview, next, job, route, stop, received, …
        ("hoshi-works", 4, 11),
    ],
)
def test_taps_are_counted_by_hand_too(
    invented: Catalog, slug: str, shortest: int, longest: int
) -> None:
    """The counting above counts what a person would."""
    start = Pressed(LOBBY, "choosing_service", "choose", slug)

    assert taps(list(walk(invented, start, NOON))) == (shortest, longest)
