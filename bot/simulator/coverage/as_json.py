"""The coverage report as JSON, for machines: its shape changes only together with `VERSION`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.simulator.coverage import words
from bot.simulator.coverage.figures import By, Coverage, Gap, Measure
from bot.simulator.coverage.report import Report
from bot.simulator.coverage.seen import Kind, Thing
from flows.conversation import LOBBY
from flows.machine import Row
from flows.turn import Turn
from flows.withdrawal import TABLE

VERSION = 1

Json = dict[str, Any]


def as_json(report: Report) -> Json:
    """Everything the report tells. Who showed a thing is "talk", "crawl" or "nobody"."""
    coverage = report.coverage
    return {
        "version": VERSION,
        "content": coverage.catalog.version,
        "errors": list(report.errors()),
        "measures": {kind.value: _figures(coverage.measures[kind]) for kind in Kind},
        "transitions": [_row(coverage, n, row) for n, row in enumerate(TABLE.rows)],
        "states": [_state(coverage, state) for state in TABLE.states],
        "services": [_service(coverage, slug) for slug in (*coverage.catalog.services, LOBBY)],
        "gaps": [_gap(report, gap) for gap in coverage.gaps],
        "talks": [{"file": talk.file, "yaml": talk.yaml} for talk in report.talks],
    }


def _figures(measure: Measure) -> Json:
    return {
        "every": len(measure.every),
        "by_talks": len(measure.scripted),
        "by_crawl_only": len(measure.crawl_only),
        "by_nobody": len(measure.missing),
        "percent": measure.percent,
    }


def _row(coverage: Coverage, number: int, row: Row[Turn]) -> Json:
    thing = Thing(Kind.ROW, LOBBY, str(number))
    sides = {
        side: coverage.by(Thing(Kind.GUARD, LOBBY, str(number), side)).value for side in words.SIDES
    }
    return {
        "row": number,
        "place": words.place(thing, coverage.catalog),
        "trigger": row.trigger,
        "source": row.source,
        "dest": row.dest,
        "guard": {"name": row.guard.__name__, **sides} if row.guard else None,
        "by": coverage.by(thing).value,
        "unreachable": coverage.unreachable.get(number),
        "services": coverage.services(thing),
        "talks": list(coverage.shown_by(thing)),
    }


def _state(coverage: Coverage, state: str) -> Json:
    inputs = {
        kind: coverage.by(Thing(Kind.INPUT, LOBBY, state, kind)).value for kind in words.INPUTS
    }
    return {
        "state": state,
        "name": coverage.catalog.texts[state].name,
        "by": coverage.by(Thing(Kind.STATE, LOBBY, state)).value,
        "inputs": {kind: by for kind, by in inputs.items() if by != By.NOBODY},
    }


def _service(coverage: Coverage, slug: str) -> Json:
    return {
        "service": slug,
        "name": words.service_named(slug, coverage.catalog),
        **{
            kind.value: [_told(coverage, thing) for thing in _things(coverage, kind, slug)]
            for kind in (Kind.FACT, Kind.LETTER, Kind.MESSAGE, Kind.BUTTON)
        },
    }


def _things(coverage: Coverage, kind: Kind, slug: str) -> Iterator[Thing]:
    yield from sorted(coverage.measures[kind].of(slug).every)


def _told(coverage: Coverage, thing: Thing) -> Json:
    way = coverage.gone(thing)
    return {
        "id": f"{thing.what} {thing.detail}".strip(),
        "place": words.place(thing, coverage.catalog),
        "by": coverage.by(thing).value,
        "state": way.state if way else None,
        "path": list(words.labels(way, coverage.catalog)) if way else None,
        "talks": list(coverage.shown_by(thing)),
    }


def _gap(report: Report, gap: Gap) -> Json:
    thing, catalog = gap.thing, report.coverage.catalog
    return {
        "kind": thing.kind.value,
        "service": thing.service or None,
        "id": f"{thing.what} {thing.detail}".strip(),
        "place": gap.place,
        "by": (By.CRAWL if gap.crawled else By.NOBODY).value,
        "path": list(words.labels(gap.way, catalog)) if gap.way else None,
        "talk": report.talk_for(thing),
    }
