"""To any state by the shortest way there is: by what a person could really do, never by force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.line.postback import decode
from bot.simulator.people import Person
from bot.simulator.screen import Button, Message
from bot.simulator.session import Session
from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.coverage import arrivals
from flows.withdrawal import TABLE

BY_WORD = {"reviewing_answers": "review", "confirming_erasure": "erase"}
"""States that a word leads to from anywhere: no button does."""


class NoWayError(LookupError):
    """Nothing a person can do leads there."""


def services_with(catalog: Catalog, state: str, now: datetime) -> Iterator[str]:
    """The services in whose case *state* can be reached, in the catalog's order."""
    for slug in catalog.services:
        if shortest(catalog, slug, state, now) is not None:
            yield slug


def shortest(catalog: Catalog, slug: str, state: str, now: datetime) -> tuple[Pressed, ...] | None:
    """The fewest presses that lead to *state* in the service *slug*; None where none do."""
    if state == TABLE.initial:
        return ()
    aim = "checking_selection" if state in BY_WORD else state
    for arrival in arrivals(catalog, slug, now):
        if arrival.state == aim and arrival.conversation.service in (slug, LOBBY):
            return arrival.path
    return None


def jump(session: Session, name: str, state: str, service: str = "") -> Person:
    """Somebody new called *name*, who did the least that leads to *state*.

    Without a *service* in the first in which that is possible. Raises NoWayError, and what
    doing things raises.
    """
    catalog, now = session.catalog, session.clock.now()
    if state not in TABLE.states:
        known = "、".join(TABLE.states)
        raise NoWayError(f"「{state}」という状態はありません（あるもの: {known}）")
    if service and service not in catalog.services:
        known = "、".join(catalog.services)
        raise NoWayError(f"「{service}」というサービスはありません（あるもの: {known}）")
    slug = service or next(services_with(catalog, state, now), "")
    path = shortest(catalog, slug, state, now) if slug else None
    if path is None:
        where = catalog.services[slug].name if slug else "どのサービス"
        raise NoWayError(f"「{catalog.texts[state].name}」（{state}）には、{where}では行けません")
    person = session.newcomer(name)
    person.spared = True  # what was arranged to go wrong is for what they do once they are there
    try:
        person.follow()
        for press in path:
            _do(session, person, press)
        if word := BY_WORD.get(state):
            person.say(getattr(catalog.words, word)[0])
    finally:
        person.spared = False
    return person


def _do(session: Session, person: Person, press: Pressed) -> None:
    """Tap the button that means *press*; a name that needs asking back is written instead."""
    for message, button in _offered(person):
        found = decode(str(button.action.get("data", "")))
        if found is not None and replace(found, turn=press.turn) == press:
            person.press(message, button)
            return
    slug, _, key = press.argument.partition("/")
    if press.trigger != "ask_back" or not key:
        raise NoWayError(f"{press.state} に {press.trigger} {press.argument} のボタンがありません")
    person.say(session.catalog.services[slug].lookalikes[key].name)


def _offered(person: Person) -> Iterator[tuple[Message, Button]]:
    """What can be tapped on the latest answer."""
    latest = person.latest
    return ((message, button) for message, button in person.tappable() if message in latest)
