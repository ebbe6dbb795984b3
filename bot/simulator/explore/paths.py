"""Ways through a service for layers that do more than press: places, buttons, edges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from content.catalog import Catalog
from content.service import Service
from flows.conversation import Conversation, Event, Followed, Pressed, Sent, Typed
from flows.step import step
from flows.walk import Arrival, presses

NEW = Conversation(turn=1)
"""Somebody who was greeted and has chosen nothing yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a person can stand, and the presses that lead there from the list of services."""

    conversation: Conversation
    path: tuple[Pressed, ...]

    @property
    def way(self) -> str:
        """The path in words."""
        return " > ".join(map(named, self.path)) or "はじめ"


@dataclass(frozen=True, slots=True)
class Edge:
    """Something done somewhere: ``event`` in ``place``, where ``state`` is the question."""

    place: Place
    state: str
    event: Event

    @property
    def way(self) -> str:
        """The path and what was done at its end, in words."""
        return f"{self.place.way} > {named(self.event)}"


def named(event: Event) -> str:
    """What somebody did, in words."""
    match event:
        case Pressed(_, state, trigger, argument):
            return f"{state} {trigger} {argument}".strip()
        case Typed(text):
            return f"「{text}」"
        case Sent(kind):
            return f"（{kind}）"
        case Followed():
            return "友だち追加"


def places(found: Iterable[Arrival]) -> list[Place]:
    """Each place once, by the first way to it, the list of services first."""
    kept: dict[tuple[str, ...], Place] = {}
    for arrival in found:
        kept.setdefault(arrival.key, Place(arrival.conversation, arrival.path))
    return [Place(NEW, ()), *kept.values()]


def buttons(catalog: Catalog, found: Iterable[Arrival], now: datetime) -> list[Pressed]:
    """Every button that is ever shown on the way, whatever its number of the turn."""
    shown = presses(tuple(step(Conversation(), Followed(), catalog, now)[1]))
    for arrival in found:
        shown += presses(arrival.says)
    return list(dict.fromkeys(replace(choice.press, turn=0) for choice in shown))


def changing(catalog: Catalog, place: Place, now: datetime) -> Iterator[Place]:
    """The places of somebody who changes an answer given on the way to *place*."""
    review = Pressed(place.conversation.service, place.path[-1].state, "review")
    reviewing, says = step(place.conversation, Typed(catalog.words.review[0]), catalog, now)
    if reviewing is None:
        return
    yield Place(reviewing, (*place.path, review))
    for choice in presses(tuple(says)):
        if choice.press.trigger == "change":
            changed, _ = step(reviewing, choice.press, catalog, now)
            if changed is not None:
                yield Place(changed, (*place.path, review, choice.press))


def edges(catalog: Catalog, found: Sequence[Arrival]) -> list[Edge]:
    """One edge for each trigger and each word in each state, and where it leads."""
    at = {arrival.path: arrival for arrival in reversed(found)}
    kept: dict[tuple[str, str, str], Edge] = {}
    for arrival in found:
        before = at.get(arrival.path[:-1])
        place = Place(before.conversation, before.path) if before else Place(NEW, ())
        if arrival.press is not None:
            key = (arrival.before, arrival.press.trigger, arrival.state)
            kept.setdefault(key, Edge(place, arrival.before, arrival.press))
    words = catalog.words
    for arrival in found:
        place = Place(arrival.conversation, arrival.path)
        for word in (words.back[0], words.restart[0], words.review[0], words.erase[0]):
            kept.setdefault((arrival.state, "", word), Edge(place, arrival.state, Typed(word)))
    return list(kept.values())


def shape(service: Service) -> tuple[object, ...]:
    """What the guards of the table ask of a service: two of one shape walk the same rows."""
    return (
        service.reward.kind if service.reward else None,
        len(service.methods) > 1,
        service.login_help is not None,
        any(advice.alternatives for advice in service.reasons.values()),
    )


def representatives(catalog: Catalog) -> list[str]:
    """One service of each shape: the first in the list."""
    first: dict[tuple[object, ...], str] = {}
    for slug, service in catalog.services.items():
        first.setdefault(shape(service), slug)
    return list(first.values())


def standing(conversation: Conversation | None) -> tuple[object, ...]:
    """Everything of *conversation* but counters: two equal ones are the same place.

    Nobody stands where somebody stands who has answered nothing yet.
    """
    conversation = conversation or Conversation()
    return (
        conversation.service,
        dict(conversation.cases),
        conversation.later,
        conversation.meant,
    )
