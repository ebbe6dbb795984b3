"""What `taikai explore` finds: a planted dead end, and a fact nobody is told."""

from __future__ import annotations

from datetime import datetime

from bot.app import CatalogStep
from bot.simulator.explore import Explorer
from bot.simulator.explored import Explored
from bot.simulator.session import Session
from content.catalog import Catalog, load
from flows.conversation import Conversation, Event, Say
from flows.moves import here
from flows.step import step

SLUG = "careertrek"
"""The smallest service: one method, so the walk is short."""


def walked(catalog: Catalog, flow: CatalogStep = step) -> Explored:
    """What a walk through `SLUG` sees."""
    explored = Explored()
    with Session(catalog=catalog, step=flow, second_opinion=False) as session:
        Explorer(session, SLUG, explored).walk()
    return explored


def test_a_dead_end_is_found_wherever_it_is() -> None:
    """Choices taken away in one state alone: the walk says where."""

    def without_a_way_on(
        before: Conversation, event: Event, catalog: Catalog, now: datetime
    ) -> tuple[Conversation | None, list[Say]]:
        after, says = step(before, event, catalog, now)
        if after is not None and here(after, catalog, now).state == "staying":
            says = [Say(say.id, say.text or "…") for say in says]
        return after, says

    explored = walked(load(), without_a_way_on)

    faults = [fault for fault in explored.faults(load()) if "行き止まり" in fault]
    assert faults
    assert all("staying" in fault for fault in faults)


def test_the_shipped_service_has_none_and_every_fact_of_it_is_told() -> None:
    """The same walk over the content as it is; other services' states are not its business."""
    catalog = load()

    explored = walked(catalog)

    assert [f for f in explored.faults(catalog) if "たどり着けない" not in f and SLUG in f] == []
    assert not [f for f in explored.faults(catalog) if f.startswith(("返事", "行き", "LINE"))]
    assert f"事実 {len(catalog.services[SLUG].facts)}/" in explored.line(catalog, SLUG)
