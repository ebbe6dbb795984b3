"""How many taps it takes from a service's name to its ready-made message."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.turn import ASIDES
from flows.walk import Arrival, walk
from tests.flows.chat import NOON
from tests.flows.test_order import PLACE, RETURNS

MOST_OF_THE_SHORTEST = 7
MOST_OF_ANY = 11

Key = tuple[str, ...]


def forward(arrivals: list[Arrival]) -> Iterator[tuple[Key, Key]]:
    """Every move towards the message: no aside, no way back, nothing after the message.

    Deciding to stay ends a path; changing one's mind later begins a new one.
    """
    at = {arrival.path: arrival.key for arrival in reversed(arrivals)}
    for arrival in arrivals:
        before = at.get(arrival.path[:-1])
        assert arrival.press is not None
        if (
            before is not None
            and arrival.press.trigger not in ASIDES | RETURNS
            and PLACE[arrival.before] < PLACE["following_steps"]
            and arrival.before != "staying"
        ):
            yield before, arrival.key


def taps(arrivals: list[Arrival]) -> tuple[int, int]:
    """Fewest and most taps from the name, without going back or looking at anything on the way.

    Raises graphlib.CycleError if going forward can lead round in a circle.
    """
    start = arrivals[0].key
    before: dict[Key, set[Key]] = {start: set()}
    for source, dest in forward(arrivals):
        before.setdefault(dest, set()).add(source)
    fewest, most = {start: 0}, {start: 0}
    for key in TopologicalSorter(before).static_order():
        if sources := [source for source in before.get(key, ()) if source in fewest]:
            fewest[key] = 1 + min(fewest[source] for source in sources)
            most[key] = 1 + max(most[source] for source in sources)
    goals = {arrival.key for arrival in arrivals if arrival.state == "following_steps"}
    return min(fewest[key] for key in goals), max(most[key] for key in goals)


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
