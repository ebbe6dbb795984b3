"""Writes the shortest talk to something no talk shows, by holding it: so it is known to pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from bot.line.postback import decode
from bot.simulator.coverage.reach import NOON
from bot.simulator.coverage.seen import Kind, Seen, Thing, Way
from bot.simulator.coverage.words import service_named
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.talk.record import talk
from content.catalog import Catalog
from flows.conversation import LOBBY, Answer, Followed, Pressed, Sent, Typed
from flows.turn import ERASE_DATA

TALKS = "tests/talks"
"""Where talks are kept."""

BY_WORD = ("review", "erase")
"""Moves that have no button: the first word for them is said."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A talk that was held and may be saved as *file*; ``closes`` are the gaps it closes."""

    file: str
    yaml: str
    closes: frozenset[Thing]


class NoWayError(Exception):
    """A way cannot be gone by taps on the latest answer, as where it began with an old button."""


def suggested(
    catalog: Catalog, ways: Mapping[Thing, Way], taken: Collection[str]
) -> list[Suggested]:
    """Talks that close every gap in *ways*, none saved under a name of *taken*.

    Each gap is closed by a talk as short as any that closes it: they are written from the
    shortest on, and no gap gets a second one. A way the app does not go gets none.
    """
    if not ways:
        return []
    found: list[Suggested] = []
    names, closed = set(taken), set[Thing]()
    with Session(catalog=catalog) as session:
        for thing, way in sorted(ways.items(), key=lambda gap: (gap[1].length, gap[0])):
            if thing in closed:
                continue
            with suppress(NoWayError):
                yaml, seen = _held(session, way)
                closes = frozenset(_things(seen) & ways.keys() - closed)
                if thing not in closes:
                    continue
                closed |= closes
                found.append(Suggested(_file(thing, names), yaml, closes))
                names.add(found[-1].file)
    return found


def _things(seen: Seen) -> set[Thing]:
    """What was seen, both in its service and in any."""
    return {each for thing in seen.ways for each in (thing, thing._replace(service=LOBBY))}


def _file(thing: Thing, taken: Collection[str]) -> str:
    folder = thing.service or "anywhere"
    name = "row_" if thing.kind in (Kind.ROW, Kind.GUARD) else ""
    name += re.sub(r"[^a-z0-9]+", "_", f"{thing.what} {thing.detail}".lower()).strip("_")
    file, number = f"{TALKS}/{folder}/{name}.talk.yaml", 2
    while file in taken:
        file, number = f"{TALKS}/{folder}/{name}_{number}.talk.yaml", number + 1
    return file


def _held(session: Session, way: Way) -> tuple[str, Seen]:
    """The talk that goes *way*, and what it shows."""
    session.clock.set(NOON)
    person = session.newcomer("hanako")
    begun = len(session.journal.turns)
    _Walker(session.catalog, person).go(way)
    seen = Seen()
    for turn in session.journal.turns[begun:]:
        seen.turn(turn, session.catalog)
    state = session.catalog.texts.get(way.state)
    title = f"{service_named(way.service, session.catalog)}：{state.name if state else '終わり'}"
    return talk(title, person.done), seen


class _Walker:
    """Goes a way as somebody new."""

    def __init__(self, catalog: Catalog, person: Person) -> None:
        self._catalog = catalog
        self._person = person

    def go(self, way: Way) -> None:
        """From adding the bot as a friend to the end of *way*. Raises NoWayError."""
        self._person.follow()
        if way.meant == ERASE_DATA:
            self._person.say(self._catalog.words.erase[0])
            self._press(Answer("confirming_erasure", "mean_service"))
        elif way.meant:
            self._person.say(self._catalog.reasons[way.meant])
        for move in way.moves:
            self._make(move)
        match way.event:
            case Pressed() as pressed:
                self._make(_made(pressed))
            case Sent("unknown"):
                self._person.send("hologram")
            case Sent("unknown_button"):
                self._person.postback("?")
            case Sent(kind):
                self._person.send(kind)
            case Typed(text):
                self._person.say(text)
            case Followed():
                pass

    def _make(self, move: Answer) -> None:
        words = self._catalog.words
        slug, _, lookalike = move.argument.partition("/")
        if move.trigger in BY_WORD:
            self._person.say(words.review[0] if move.trigger == "review" else words.erase[0])
        elif move.state == "choosing_service" and (lookalike or move.trigger == "ask_back"):
            self._name(slug, lookalike)
            if move.trigger == "choose":
                self._press(Answer("telling_apart", "choose", move.argument))
        else:
            self._press(move)

    def _name(self, slugs: str, lookalike: str) -> None:
        """Send a name that is asked back: a look-alike's, or those of several services."""
        services = self._catalog.services
        if lookalike:
            self._person.say(services[slugs].lookalikes[lookalike].names[0])
        else:
            self._person.say("と".join(services[slug].name for slug in slugs.split("+")))

    def _press(self, move: Answer) -> None:
        answer = self._person.answer
        for message, button in self._person.tappable():
            press = decode(str(button.action.get("data", "")))
            if message in answer and press and _made(press) == move:
                self._person.press(message, button)
                return
        labels = "、".join(button.label for _, button in self._person.tappable())
        raise NoWayError(f"{move.state} に {move.trigger} {move.argument} がありません: {labels}")


def _made(press: Pressed) -> Answer:
    return Answer(press.state, press.trigger, press.argument)
