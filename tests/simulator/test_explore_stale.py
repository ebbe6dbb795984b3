"""The layer of old buttons: what it presses, and what it finds when the flow forgets a rule."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.app import CatalogStep
from bot.simulator.explore.ground import Ground
from bot.simulator.explore.paths import buttons, places, representatives, shape
from bot.simulator.explore.stale import stale_taps
from content.catalog import Catalog
from flows.conversation import Conversation, Event, Pressed, Say
from flows.moves import here
from flows.step import step
from flows.walk import outlook
from tests.flows.catalogs import with_service
from tests.flows.chat import NOON

SLUG = "careertrek"
"""The smallest service, so that everything is pressed in a moment."""

Stepped = tuple[Conversation | None, list[Say]]


def test_every_button_is_pressed_in_every_place(catalog: Catalog) -> None:
    """The shipped flow breaks no rule, and nothing is left out of the product."""
    ground = Ground(catalog, NOON)
    found = ground.arrivals(SLUG)
    layer = stale_taps(SLUG, ground)

    known = {outlook(here(place.conversation, catalog, NOON)) for place in places(found)}
    assert known == {("choosing_service",)} | {arrival.key for arrival in found}
    assert layer.counts["場所"] > len(places(found))
    assert layer.counts["押した回数"] > layer.counts["場所"] * len(buttons(catalog, found, NOON))
    assert layer.faults == []


def small(catalog: Catalog) -> Catalog:
    """The service with two reasons and no look-alike: a few places are enough for a mistake."""
    reasons = catalog.services[SLUG].reasons
    kept = {key: reasons[key] for key in ("unsaid", "decided_elsewhere")}
    return with_service(catalog, SLUG, reasons=kept, lookalikes={})


@pytest.fixture(scope="module")
def small_ground(catalog: Catalog) -> Ground:
    """The same ground for each mistake: the flow that makes it does not change what is pressed."""
    return Ground(small(catalog), NOON)


def moves_away(before: Conversation, event: Event, catalog: Catalog, now: datetime) -> Stepped:
    """A flow in which the old 「完了した」 counts wherever somebody is."""
    if isinstance(event, Pressed) and event.trigger == "finish":
        turn = here(before, catalog, now)
        if turn.state == "giving_reason":
            return step(before, Pressed(turn.slug, turn.state, "choose", "unsaid"), catalog, now)
    return step(before, event, catalog, now)


def forgets(before: Conversation, event: Event, catalog: Catalog, now: datetime) -> Stepped:
    """A flow that resumes at an old button without a word."""
    after, says = step(before, event, catalog, now)
    return after, [say for say in says if say.id != "old_button_resumes"] or says


def says_nothing(before: Conversation, event: Event, catalog: Catalog, now: datetime) -> Stepped:
    """A flow that ignores buttons of answered questions."""
    after, says = step(before, event, catalog, now)
    return after, [] if any(say.id == "old_button_kept" for say in says) else says


def fails(before: Conversation, event: Event, catalog: Catalog, now: datetime) -> Stepped:
    """A flow that trusts every button."""
    match event:
        case Pressed(trigger="read_topic", state=state):
            if here(before, catalog, now).state != state:
                raise LookupError
    return step(before, event, catalog, now)


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        (moves_away, "頼んでいない場所に移りました"),
        (forgets, "黙って消えました"),
        (says_nothing, "返事がありません"),
        (fails, "例外です（LookupError test_explore_stale.py:"),
    ],
    ids=["moves away", "forgets", "says nothing", "fails"],
)
def test_a_broken_rule_is_told_with_the_way_to_it(
    small_ground: Ground, flow: CatalogStep, sentence: str
) -> None:
    """Which place, which button: enough to press it oneself."""
    faults = stale_taps(SLUG, small_ground, flow).faults

    assert [fault for fault in faults if sentence in fault]
    assert all(f"choosing_service choose {SLUG}" in f or "はじめ" in f for f in faults)
    assert all(" のあとで " in fault for fault in faults)


def test_each_shape_has_one_service_that_stands_for_it(catalog: Catalog) -> None:
    """Two of one shape walk the same rows, so the first speaks for both."""
    chosen = representatives(catalog)

    shapes = [shape(catalog.services[slug]) for slug in chosen]
    assert len(set(shapes)) == len(shapes)
    assert {shape(service) for service in catalog.services.values()} == set(shapes)
