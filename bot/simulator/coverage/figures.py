"""How much of the flow was seen, by talks and by the crawl: figures, gaps and errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.simulator.coverage import words
from bot.simulator.coverage.reach import reach
from bot.simulator.coverage.rows import why_never
from bot.simulator.coverage.seen import Kind, Seen, Thing, Way
from content.catalog import Catalog
from flows.conversation import LOBBY
from flows.coverage import every_fact
from flows.withdrawal import TABLE

NEEDED = (Kind.STATE, Kind.ROW, Kind.FACT)
"""What must be seen whole, or the build fails."""

WITH_A_TALK = (*NEEDED, Kind.GUARD, Kind.LETTER, Kind.MESSAGE)
"""What is a gap while no talk shows it. Of buttons and kinds of input there are too many to want
a talk for each."""

_ONE_FOR_ALL = (Kind.STATE, Kind.ROW, Kind.GUARD)
"""Seen once is seen, in whichever service."""


class By(StrEnum):
    """Who showed something."""

    TALK = "talk"
    CRAWL = "crawl"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Measure:
    """Of one kind: all there is to see, what talks showed, and what only the crawl did."""

    kind: Kind
    every: frozenset[Thing]
    scripted: frozenset[Thing]
    crawl_only: frozenset[Thing]

    @property
    def missing(self) -> frozenset[Thing]:
        """What neither showed."""
        return self.every - self.scripted - self.crawl_only

    @property
    def percent(self) -> int:
        """How much was seen at all, in whole per cent, rounded down: 100 means everything."""
        if not self.every:
            return 100
        return 100 * (len(self.every) - len(self.missing)) // len(self.every)

    def by(self, thing: Thing) -> By:
        """Who showed *thing*."""
        if thing in self.scripted:
            return By.TALK
        return By.CRAWL if thing in self.crawl_only else By.NOBODY

    def of(self, service: str) -> Measure:
        """The same of one service alone."""
        parts = (self.every, self.scripted, self.crawl_only)
        return Measure(
            self.kind, *(frozenset(t for t in part if t.service == service) for part in parts)
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """Something no talk shows: where it stands, the shortest way to it (None where a way cannot
    be told in presses), and whether at least the crawl was there."""

    thing: Thing
    place: str
    way: Way | None
    crawled: bool


class Coverage:
    """What *talks*, by their files, and the crawl saw of all that *catalog* can show."""

    def __init__(
        self,
        catalog: Catalog,
        talks: Mapping[str, Seen],
        crawled: Seen,
        possible: Seen | None = None,
    ) -> None:
        """*possible*, all there is to see, is worked out where it is not given."""
        self.catalog = catalog
        self.talks = talks
        self.crawled = crawled
        self._possible = possible

    @cached_property
    def reach(self) -> Seen:
        """All there is to see, with the shortest way to each thing."""
        found = Seen(dict((self._possible or reach(self.catalog)).ways))
        for seen in (self.scripted, self.crawled):
            for thing, way in seen.ways.items():
                found.ways.setdefault(thing, way)
        return found

    @cached_property
    def scripted(self) -> Seen:
        """What all talks saw together."""
        together = Seen()
        for seen in self.talks.values():
            together.add(seen)
        return together

    @cached_property
    def measures(self) -> Mapping[Kind, Measure]:
        """The figures of every kind."""
        return {kind: self._measure(kind) for kind in Kind}

    @cached_property
    def unreachable(self) -> Mapping[int, str]:
        """Rows no service of today can take, and why; they count for nothing."""
        reached = {thing.what for thing in self.measures[Kind.ROW].every}
        return {
            number: why_never(number, self.reach)
            for number in range(len(TABLE.rows))
            if str(number) not in reached
        }

    @cached_property
    def gaps(self) -> Sequence[Gap]:
        """What no talk shows, worst first: what nobody showed, then what only the crawl did."""
        found = [
            Gap(
                thing,
                words.place(thing, self.catalog),
                self.way(thing),
                thing in measure.crawl_only,
            )
            for measure in (self.measures[kind] for kind in WITH_A_TALK)
            for thing in sorted(measure.every - measure.scripted, key=_order)
        ]
        return sorted(found, key=lambda gap: gap.crawled)

    def by(self, thing: Thing) -> By:
        """Who showed *thing*."""
        return self.measures[thing.kind].by(thing)

    def way(self, thing: Thing) -> Way | None:
        """The shortest way to *thing*; None where there is none, or it is told in no presses."""
        return self._ways.get(thing)

    def gone(self, thing: Thing) -> Way | None:
        """The shortest way on which somebody did meet *thing*: a talk, else the crawl."""
        return self.scripted.ways.get(thing) or self.crawled.ways.get(thing)

    @cached_property
    def _ways(self) -> Mapping[Thing, Way]:
        found: dict[Thing, Way] = {}
        for thing, way in self.reach.ways.items():
            known = found.get(_shared(thing))
            if way is not None and (known is None or way.length < known.length):
                found[_shared(thing)] = way
        return found

    def services(self, thing: Thing) -> Sequence[str]:
        """The services in which *thing*, of any service, was seen."""
        return sorted(self._services_by_thing.get(thing, ()))

    @cached_property
    def _services_by_thing(self) -> Mapping[Thing, set[str]]:
        found: dict[Thing, set[str]] = {}
        for thing in (*self.scripted.ways, *self.crawled.ways):
            found.setdefault(_shared(thing), set()).add(thing.service)
        return found

    def shown_by(self, thing: Thing) -> Sequence[str]:
        """The talks that show *thing*."""
        return self._talks_by_thing.get(thing, ())

    @cached_property
    def _talks_by_thing(self) -> Mapping[Thing, Sequence[str]]:
        found: dict[Thing, list[str]] = {}
        for name, seen in self.talks.items():
            for thing in {_shared(thing) for thing in seen.ways}:
                found.setdefault(thing, []).append(name)
        return found

    def _measure(self, kind: Kind) -> Measure:
        every = {_shared(thing) for thing in self.reach.of(kind)}
        if kind is Kind.STATE:
            every = {Thing(kind, LOBBY, state) for state in TABLE.states}
        if kind is Kind.FACT:
            facts = (fact.split(".", 1) for fact in every_fact(self.catalog))
            every = {Thing(kind, slug, key) for slug, key in facts}
        scripted = {_shared(thing) for thing in self.scripted.of(kind)} & every
        crawled = {_shared(thing) for thing in self.crawled.of(kind)} & every
        return Measure(kind, *map(frozenset, (every, scripted, crawled - scripted)))


def _order(thing: Thing) -> tuple[Kind, str, int, str, str]:
    """As in the files: rows by their number, the rest by name."""
    number = int(thing.what) if thing.kind in (Kind.ROW, Kind.GUARD) else 0
    return thing.kind, thing.service, number, thing.what, thing.detail


def _shared(thing: Thing) -> Thing:
    return thing._replace(service=LOBBY) if thing.kind in _ONE_FOR_ALL else thing
