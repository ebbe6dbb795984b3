"""All there is to see: every place pressing leads to, and in every state whatever may be sent.

Without a server and within seconds, by stepping the flow itself: what talks and crawl saw is
held against it, and the way to each thing is the shortest there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from bot.clock import TOKYO
from bot.engine.phrases import Phrases
from bot.simulator.coverage.seen import Kind, Seen, Thing
from bot.simulator.watch import Step
from content.catalog import Catalog
from flows.conversation import LOBBY, Conversation, Event, Followed, Pressed, Sent, Typed
from flows.coverage import Path, arrivals
from flows.step import step
from flows.turn import ERASE_DATA
from flows.walk import walk

NOON = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
"""A moment to walk at, on a weekday while desks answer: what is shown depends on no time."""

BY_CIRCUMSTANCE = (
    "welcome_back", "changed", "old_button_resumes", "old_button_kept", "old_button_gone",
    "miss_2", "miss_3", "miss_4", "miss_5",
)  # fmt: skip
"""Messages that no single press or word leads to: it takes a pause, a change, an old button, or
words that are not understood several times in a row."""

NO_WORD = "ぴよぴよ"
"""What means nothing to the bot."""


def reach(catalog: Catalog) -> Seen:
    """Everything that the flow can show with the services of *catalog*."""
    seen = Seen()
    places = {"": Conversation(), "choosing_service": _greeted(catalog, seen)}
    for slug in catalog.services:
        for at, event, stood in _presses(catalog, slug):
            after = _do(seen, catalog, at, event)
            places.setdefault(stood, after or at)
    for at in places.values():
        _send(seen, catalog, at)
    own = (phrase.name for phrase in fields(Phrases))  # the engine's, when no talk can go on
    for name in (*own, *BY_CIRCUMSTANCE):
        seen.ways.setdefault(Thing(Kind.MESSAGE, LOBBY, name), None)
    return seen


def _greeted(catalog: Catalog, seen: Seen) -> Conversation:
    return _do(seen, catalog, Conversation(), Followed()) or Conversation()


def _presses(catalog: Catalog, slug: str) -> Iterator[tuple[Conversation, Event, str]]:
    """Every press in every place of a service: where from, what, and the state it leads to."""
    begun = Pressed(LOBBY, "choosing_service", "choose", slug)
    for meant in ("", ERASE_DATA):
        led: dict[Path, Conversation] = {}
        found = walk(catalog, begun, NOON, meant=meant) if meant else arrivals(catalog, slug, NOON)
        for arrival in found:
            at = led.get(arrival.path[:-1], Conversation(turn=1, meant=meant))
            if arrival.press is not None:
                yield at, arrival.press, arrival.state
            led.setdefault(arrival.path, arrival.conversation)


def _send(seen: Seen, catalog: Catalog, at: Conversation) -> None:
    """Whatever a person may send in the place of *at*; 状況 and データを消す lead further."""
    for event in _sendable(catalog):
        _do(seen, catalog, at, event)
    for word in (catalog.words.review[0], catalog.words.erase[0]):
        aside = _do(seen, catalog, at, Typed(word))
        for event in _sendable(catalog) if aside else ():
            _do(seen, catalog, aside or at, event)
    if at.service:
        return
    for trigger in ("mean_service", "agree"):
        erasing = _do(seen, catalog, at, Typed(catalog.words.erase[0])) or at
        _do(seen, catalog, erasing, Pressed(LOBBY, "confirming_erasure", trigger))


def _sendable(catalog: Catalog) -> Iterator[Event]:
    words, name = catalog.words, next(iter(catalog.services.values())).name
    for kinds in (words.back, words.restart, words.help, words.greet, words.distress):
        yield Typed(kinds[0])
    for service in catalog.services.values():
        yield Typed(service.name)
        for lookalike in service.lookalikes.values():
            yield Typed(lookalike.names[0])
    yield Typed("と".join(service.name for service in list(catalog.services.values())[:2]))
    yield Typed(words.other_services[0])
    yield Typed(f"{name}の{words.service_data[0]}を{words.erasing[0]}")
    yield Typed("090-1234-5678")
    yield Typed("1")
    yield Typed(NO_WORD)
    for phrase in catalog.phrases:
        if phrase.startswith("sent_"):
            yield Sent(phrase.removeprefix("sent_"))


def _do(seen: Seen, catalog: Catalog, at: Conversation, event: Event) -> Conversation | None:
    after, says = step(at, event, catalog, NOON)
    seen.step(Step(at, event, NOON, after, tuple(says)), says, catalog)
    return after
