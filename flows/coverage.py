"""Which facts and contacts a person meets, and one way to each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.walk import Arrival, walk

Path = tuple[Pressed, ...]
"""Every press from the list of services on, the one that shows the fact included."""


def every_fact(catalog: Catalog) -> list[str]:
    """The id of every fact and contact, as a `Say` names it: "yakukyari.points_vanish"."""
    return [
        fact
        for slug, service in catalog.services.items()
        for fact in (
            *(f"{slug}.{key}" for key in service.facts),
            *(f"{slug}.contacts.{key}" for key in service.contacts),
        )
    ]


def facts_shown(catalog: Catalog, now: datetime) -> Mapping[str, Path]:
    """Each fact and contact that pressing buttons leads to, with the first path that tells it.

    What `every_fact` has beyond these, nobody is ever told.
    """
    shown: dict[str, Path] = {}
    for slug in catalog.services:
        for arrival in arrivals(catalog, slug, now):
            for say in arrival.says:
                for fact in say.facts:
                    shown.setdefault(fact, arrival.path)
    return shown


def arrivals(catalog: Catalog, slug: str, now: datetime) -> Iterator[Arrival]:
    """Every arrival of the service: by its own name, and by each look-alike's."""
    yield from walk(catalog, Pressed(LOBBY, "choosing_service", "choose", slug), now)
    for key in catalog.services[slug].lookalikes:
        asked = Pressed(LOBBY, "choosing_service", "ask_back", f"{slug}/{key}")
        yield from walk(catalog, asked, now)
