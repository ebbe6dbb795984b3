"""The flow for a page to draw: its states and rows, and which of them each service can reach."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.simulator.inspector.plain_words import guard
from bot.simulator.jump import BY_WORD
from content.catalog import Catalog
from flows.coverage import arrivals
from flows.machine import ANYWHERE, SAME
from flows.turn import OVER
from flows.withdrawal import TABLE

Json = dict[str, Any]


def diagram(catalog: Catalog) -> Json:
    """The table as a graph: one edge a pair of states, with the numbers of its rows.

    Rows that stay where they are, and rows from anywhere, are listed apart.
    """
    edges: dict[tuple[str, str], list[int]] = defaultdict(list)
    stays: list[Json] = []
    anywhere: list[Json] = []
    for number, row in enumerate(TABLE.rows):
        if row.source == ANYWHERE:
            anywhere.append({"row": [number], "label": row.trigger, "dest": row.dest})
        elif row.dest == SAME:
            stays.append({"row": [number], "label": row.trigger, "source": row.source})
        else:
            edges[row.source, row.dest].append(number)
    return {
        "states": [{"id": state, "name": catalog.texts[state].name} for state in TABLE.states],
        "edges": [_edge(*ends, numbers) for ends, numbers in edges.items()],
        "stays": stays,
        "final": [OVER],
        "anywhere": anywhere,
        "initial": TABLE.initial,
    }


def _edge(source: str, dest: str, numbers: list[int]) -> Json:
    rows = [TABLE.rows[number] for number in numbers]
    guards = dict.fromkeys(row.guard.__name__ for row in rows if row.guard)
    return {
        "row": numbers,
        "source": source,
        "dest": dest,
        "label": " / ".join(dict.fromkeys(row.trigger for row in rows)),
        "guards": [{"name": name, "says": guard(name)} for name in guards],
    }


def services(catalog: Catalog, now: datetime) -> list[Json]:
    """Every service with the states its case can lead to, in the order of the table."""
    return [
        {
            "slug": slug,
            "name": catalog.services[slug].name,
            "states": [
                {"id": state, "name": catalog.texts[state].name}
                for state in TABLE.states
                if state in reached
            ],
        }
        for slug, reached in _reached(catalog, now.replace(minute=0, second=0, microsecond=0))
    ]


@lru_cache(maxsize=2)
def _reached(catalog: Catalog, hour: datetime) -> tuple[tuple[str, frozenset[str]], ...]:
    """The states of each service; a walk through all of them takes about a second."""
    return tuple(
        (slug, frozenset({arrival.state for arrival in arrivals(catalog, slug, hour)} | {*BY_WORD}))
        for slug in catalog.services
    )
