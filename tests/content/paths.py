"""What people were told on the way: every path through a service, asked about order.

A walk enters each place once. Its arrivals are the edges of a graph whose nodes are places, so a
question about every path, of any length, is a search through that graph.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flows.conversation import Pressed
from flows.walk import Arrival

Key = tuple[str, ...]
Press = Callable[[Pressed], bool]
START: Key = ("start",)


def told(arrival: Arrival) -> Iterator[str]:
    """Everything said on arriving, in the order people read it: messages and the facts in them."""
    for say in arrival.says:
        yield say.id
        yield from say.facts


@dataclass(frozen=True)
class Paths:
    """Every path through one service."""

    edges: dict[Key, list[tuple[Arrival, Key]]]

    @classmethod
    def of(cls, arrivals: Iterable[Arrival]) -> Paths:
        """The graph of a walk, or of several that begin at the list of services."""
        edges: dict[Key, list[tuple[Arrival, Key]]] = defaultdict(list)
        place: dict[tuple[Pressed, ...], Key] = {(): START}
        for arrival in arrivals:
            edges[place[arrival.path[:-1]]].append((arrival, arrival.key))
            place.setdefault(arrival.path, arrival.key)
        return cls(dict(edges))

    def without(
        self, fact: str, harm: str, after: Press | None = None
    ) -> tuple[Pressed, ...] | None:
        """A path on which *harm* (a fact or a message) is read, and *fact* was not before it.

        With *after*, only paths count on which such a press was made. None: there is no such path.
        """
        start = (START, after is None)
        waiting: deque[tuple[tuple[Key, bool], tuple[Pressed, ...]]] = deque([(start, ())])
        seen = {start}
        while waiting:
            (key, counts), path = waiting.popleft()
            for arrival, there in self.edges.get(key, ()):
                press = arrival.path[-1]
                now_counts = counts or (after is not None and after(press))
                items = list(told(arrival))
                first = items.index(fact) if fact in items else len(items)
                if now_counts and harm in items[:first]:
                    return (*path, press)
                if fact not in items and (there, now_counts) not in seen:
                    seen.add((there, now_counts))
                    waiting.append(((there, now_counts), (*path, press)))
        return None

    def telling(self, item: str) -> set[str]:
        """The states in which *item* is read."""
        arrivals = (arrival for edges in self.edges.values() for arrival, _ in edges)
        return {arrival.state for arrival in arrivals if item in told(arrival)}
