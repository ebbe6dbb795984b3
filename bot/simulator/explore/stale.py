"""Stale taps: every button a service ever shows, pressed in every place of that service.

Buttons stay in a chat for ever, so each of these presses can happen. They are put to the flow
itself, for there are tens of thousands; what the wire does to a press is the same for all of
them, and tried in `bot.simulator.explore.troubles`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.app import CatalogStep
from bot.logs import where
from bot.simulator.explore.ground import Ground
from bot.simulator.explore.invariants import broken_by
from bot.simulator.explore.layer import Layer
from bot.simulator.explore.paths import Place, buttons, changing, named, places
from bot.simulator.watch import Step
from content.catalog import Catalog
from flows.conversation import Pressed
from flows.moves import here
from flows.step import step as withdrawal_step
from flows.walk import Arrival

NAME = "古いボタン"

FOREIGN = 12
"""Buttons of other services tried in each place: whichever it is, they are told from our own by
the service's name alone, so a sample tells as much as all of them."""

SEED = 1
"""Of the sample: the same buttons every time, and others only where somebody changes this."""


def stale_taps(slug: str, ground: Ground, step: CatalogStep = withdrawal_step) -> Layer:
    """Press everything everywhere in the service *slug*, and hold each answer against the rules."""
    layer = Layer(NAME)
    catalog, now, found = ground.catalog, ground.now, ground.arrivals(slug)
    own = buttons(catalog, found, now)
    everywhere = [*places(found), *_changes(catalog, found, now)]
    foreign = _foreign(ground, slug, own)
    for place in everywhere:
        for pressed in (*own, *foreign):
            _tap(layer, place, pressed, catalog, now, step)
    layer.counts["場所"] += len(everywhere)
    layer.counts["ボタン"] += len(own)
    return layer.ended()


def _changes(catalog: Catalog, found: Sequence[Arrival], now: datetime) -> Iterator[Place]:
    """Places in the middle of changing an answer, begun once in each state."""
    first = {arrival.state: arrival for arrival in reversed(found) if arrival.conversation.service}
    for arrival in first.values():
        yield from changing(catalog, Place(arrival.conversation, arrival.path), now)


def _foreign(ground: Ground, slug: str, own: Sequence[Pressed]) -> Sequence[Pressed]:
    """A sample of the buttons of all other services."""
    others = [
        pressed
        for other in ground.catalog.services
        if other != slug
        for pressed in buttons(ground.catalog, ground.arrivals(other), ground.now)
        if pressed not in own
    ]
    chosen = random.Random(SEED)  # noqa: S311 - a sample, no secret
    return chosen.sample(others, min(FOREIGN, len(others)))


def _tap(
    layer: Layer,
    place: Place,
    pressed: Pressed,
    catalog: Catalog,
    now: datetime,
    step: CatalogStep,
) -> None:
    layer.counts["押した回数"] += 1
    how = f"{place.way} のあとで {named(pressed)}"
    try:
        after, says = step(place.conversation, pressed, catalog, now)
    except Exception as error:
        state = here(place.conversation, catalog, now).state
        layer.fault(f"例外です（{type(error).__name__} {where(error)}）: {state}", how)
        return
    taken = Step(place.conversation, pressed, now, after, tuple(says))
    for sentence in broken_by(taken, catalog):
        layer.fault(sentence, how)
