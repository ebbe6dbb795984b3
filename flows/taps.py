"""How many taps it takes from a service's name to its ready-made message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter

from flows.walk import Arrival

GOAL = "following_steps"
"""The state in which the message is handed over."""

ENDS = ("staying", GOAL)
"""Deciding to stay ends a path as the message does; changing one's mind begins a new one."""

Key = tuple[str, ...]


def taps(arrivals: Sequence[Arrival]) -> tuple[int, int]:
    """Fewest and most taps in one service's walk, the first arrival being its start.

    Going back and looking at a letter or a topic on the way are not counted. Raises ValueError
    where the message is not reached, graphlib.CycleError if going forward leads in a circle.
    """
    start = arrivals[0].key
    before: dict[Key, set[Key]] = {start: set()}
    for source, dest in _forward(arrivals):
        before.setdefault(dest, set()).add(source)
    fewest, most = {start: 0}, {start: 0}
    for key in TopologicalSorter(before).static_order():
        if sources := [source for source in before.get(key, ()) if source in fewest]:
            fewest[key] = 1 + min(fewest[source] for source in sources)
            most[key] = 1 + max(most[source] for source in sources)
    goals = [key for key in {a.key for a in arrivals if a.state == GOAL} if key in fewest]
    return min(fewest[key] for key in goals), max(most[key] for key in goals)


def _forward(arrivals: Sequence[Arrival]) -> Iterator[tuple[Key, Key]]:
    """Every move that adds an answer: a way back or round makes the trail shorter."""
    at = {arrival.path: arrival for arrival in reversed(arrivals)}
    for arrival in arrivals:
        before = at.get(arrival.path[:-1])
        if before is None or arrival.before in ENDS:
            continue
        if len(arrival.conversation.trail) > len(before.conversation.trail):
            yield before.key, arrival.key
