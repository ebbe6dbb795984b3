"""What was seen of the flow, and the shortest way to each thing: the one recorder of coverage.

Talks feed it, the crawl feeds it, and so does the walk over everything that can be reached at
all (`bot.simulator.coverage.reach`): three of it, compared, are the coverage report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bot.simulator.journal import Turn
from bot.simulator.watch import Step
from content.catalog import Catalog
from flows.conversation import LOBBY, Answer, Event, Followed, Pressed, Say, Sent
from flows.tracing import Trace, trace
from flows.understanding import Nothing, Picked, Reading

LETTER = "letter:"
"""What the id of a message begins with that is a letter, whole."""

BUTTON = "button"
"""The kind of input a tap is; words go by how they were read, the rest by what was sent."""


class Kind(StrEnum):
    """What there is to be seen."""

    STATE = "states"
    ROW = "transitions"
    GUARD = "guards"
    FACT = "facts"
    LETTER = "letters"
    MESSAGE = "messages"
    BUTTON = "buttons"
    INPUT = "inputs"


class Thing(NamedTuple):
    """One thing to be seen in one service, "" where no service matters.

    ``what`` is a state, the number of a row, the key of a fact, the name of a letter or the id of
    a message. ``detail`` goes with a guard ("yes", "no"), a button (its trigger and argument) and
    an input (its kind), which go by their row or state.
    """

    kind: Kind
    service: str
    what: str
    detail: str = ""


class Way(NamedTuple):
    """How somebody came to see a thing.

    In the case of ``service`` they had made ``moves``, with ``meant`` known beforehand (as in
    `Conversation`), and then did ``event``, which led to ``state``.
    """

    service: str
    moves: tuple[Answer, ...]
    meant: str
    event: Event
    state: str

    @property
    def length(self) -> int:
        """How much a person has to do to get there."""
        return len(self.moves) + 2 * bool(self.meant) + 1


@dataclass(slots=True)
class Seen:
    """Everything seen so far. None instead of a way: the flow was not asked, the engine spoke."""

    ways: dict[Thing, Way | None] = field(default_factory=dict)

    def of(self, *kinds: Kind) -> set[Thing]:
        """What was seen of these kinds."""
        return {thing for thing in self.ways if thing.kind in kinds}

    @property
    def facts(self) -> set[str]:
        """The facts and contacts that were told, as `flows.coverage.every_fact` names them."""
        return {f"{thing.service}.{thing.what}" for thing in self.of(Kind.FACT)}

    def turn(self, turn: Turn, catalog: Catalog) -> None:
        """One webhook and all that came of it. What LINE did not take was shown to nobody."""
        arrived = [message.say for message in turn.messages if message.say is not None]
        for told in turn.told.values():
            if told.step is not None:
                self.step(told.step, [say for say in told.says if say in arrived], catalog)
        flow = [say for told in turn.told.values() for say in told.says]
        for say in arrived:
            if say not in flow:
                self._saw(Thing(Kind.MESSAGE, LOBBY, say.id), None)

    def step(self, step: Step, told: Iterable[Say], catalog: Catalog) -> None:
        """One step of the flow, of which the person was *told* this much."""
        before, after = step.before, step.after
        traced = trace(before, step.event, after, catalog, step.now)
        way = Way(before.service, before.trail, before.meant, step.event, traced.after)
        left = before.service
        came = after.service if after else left
        for thing in (*_moved(traced, left, came), *_asked(traced, left)):
            self._saw(thing, way)
        for say in told:
            for thing in _said(say, came, catalog):
                self._saw(thing, way)

    def add(self, other: Seen) -> None:
        """Take in what was seen elsewhere; of two ways the shorter one stays."""
        for thing, way in other.ways.items():
            self._saw(thing, way)

    def _saw(self, thing: Thing, way: Way | None) -> None:
        known = self.ways.get(thing)
        if known is None or (way is not None and way.length < known.length):
            self.ways[thing] = way


def _moved(traced: Trace, left: str, came: str) -> Iterator[Thing]:
    """The places and the rows of a step from the case *left* to the case *came*."""
    yield Thing(Kind.STATE, left, traced.before)
    if traced.after:
        yield Thing(Kind.STATE, came, traced.after)
    service = left or came
    for tried in traced.tries:
        if tried.guard:
            yield Thing(Kind.GUARD, service, str(tried.row), "yes" if tried.passed else "no")
        if tried.passed:
            yield Thing(Kind.ROW, service, str(tried.row))


def _asked(traced: Trace, service: str) -> Iterator[Thing]:
    """What was done, and the button that was meant by it."""
    yield Thing(Kind.INPUT, LOBBY, traced.before, kind_of(traced.event, traced.reading))
    pressed = traced.reading.choice.press if isinstance(traced.reading, Picked) else traced.event
    if isinstance(pressed, Pressed) and pressed.trigger != "back":
        shown = f"{pressed.trigger} {pressed.argument}".strip()
        yield Thing(Kind.BUTTON, pressed.service, pressed.state, shown)


def _said(say: Say, service: str, catalog: Catalog) -> Iterator[Thing]:
    """A message, and the facts and the letter in it."""
    if say.id in catalog.phrases:  # the same words for everybody
        service = LOBBY
    yield Thing(Kind.MESSAGE, service, say.id)
    if say.id.startswith(LETTER):
        yield Thing(Kind.LETTER, service, say.id.removeprefix(LETTER))
    for fact in say.facts:
        slug, _, key = fact.partition(".")
        yield Thing(Kind.FACT, slug, key)


def kind_of(event: Event, reading: Reading | None) -> str:
    """The class of input that *event* belongs to."""
    match event:
        case Pressed():
            return BUTTON
        case Sent(kind):
            return kind
        case Followed():
            return "follow"
        case _:
            return type(reading or Nothing()).__name__
