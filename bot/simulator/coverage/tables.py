"""The tables of the coverage report: every row, every state, everything a service tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from bot.simulator.coverage import words
from bot.simulator.coverage.figures import By, Coverage
from bot.simulator.coverage.seen import Kind, Thing
from bot.simulator.inspector.plain_words import guard
from bot.simulator.render.markup import Html, element, join
from flows.conversation import LOBBY
from flows.machine import Row
from flows.turn import Turn
from flows.withdrawal import TABLE

SHOWN = {By.TALK: "● 会話テスト", By.CRAWL: "◐ クロールだけ", By.NOBODY: "○ なし"}
NEVER = "－"
SIGNS = {By.TALK: "●", By.CRAWL: "◐", By.NOBODY: "○"}

ANYWHERE = "anywhere"
"""The section of what belongs to no service."""

NAMES = 2
"""So many talks are named; of more, the number is enough."""

Cells = Sequence[str]


def table(heads: Cells, lines: Iterable[Cells], name: str) -> Html:
    """A table whose lines turn into cards where the screen is narrow: each cell has its head."""
    return element(
        "table",
        element(
            "thead", element("tr", *(element("th", head, scope="col") for head in heads))
        ),
        element("tbody", *(_line(heads, line) for line in lines)),
        class_=name,
    )  # fmt: skip


def _line(heads: Cells, line: Cells) -> Html:
    first = element("th", line[0], scope="row")
    rest = (
        element("td", cell, data_head=head or None)
        for head, cell in zip(heads[1:], line[1:], strict=True)
    )
    return element("tr", first, *rest)


def rows(coverage: Coverage) -> Html:
    """Every row of the table: who took it, each side of its guard, in which services."""
    heads = ["遷移", "条件", "はい", "いいえ", "通ったもの", "サービス", "会話テスト"]
    lines = [_row(coverage, number, row) for number, row in enumerate(TABLE.rows)]
    return element(
        "section",
        element("h2", f"遷移（{len(lines)} 行）"),
        element(
            "p",
            f"いまのサービスでは通れない {len(coverage.unreachable)} 行は、率に入れていません。",
            class_="soft",
        ),
        table(heads, lines, "rows"),
        id="rows",
    )


def _row(coverage: Coverage, number: int, row: Row[Turn]) -> Cells:
    thing = Thing(Kind.ROW, LOBBY, str(number))
    why = coverage.unreachable.get(number)
    sides = [
        _sign(coverage, Thing(Kind.GUARD, LOBBY, str(number), side)) if row.guard else ""
        for side in words.SIDES
    ]
    return [
        join([element("b", row.trigger), f" {row.source} → {row.dest} ", _place(coverage, thing)]),
        guard(row.guard.__name__) if row.guard else "",
        *sides,
        f"{NEVER} 通れない：{why}" if why else SHOWN[coverage.by(thing)],
        _services(coverage, thing),
        _talks(coverage, thing),
    ]


def _sign(coverage: Coverage, thing: Thing) -> str:
    if thing not in coverage.measures[thing.kind].every:
        return NEVER
    return SIGNS[coverage.by(thing)]


def _services(coverage: Coverage, thing: Thing) -> str:
    seen, catalog = coverage.services(thing), coverage.catalog
    if set(catalog.services) <= set(seen):
        return "すべて"
    return "・".join(words.service_named(slug, catalog) for slug in seen)


def states(coverage: Coverage) -> Html:
    """Every state, and which kinds of input were tried in it."""
    kinds = [kind for kind in words.INPUTS if kind != "follow"]
    heads = ["状態", "来たもの", *(words.INPUTS[kind] for kind in kinds)]
    lines = [
        [
            join([coverage.catalog.texts[state].name, element("code", state)]),
            _sign(coverage, Thing(Kind.STATE, LOBBY, state)),
            *(_sign(coverage, Thing(Kind.INPUT, LOBBY, state, kind)) for kind in kinds),
        ]
        for state in TABLE.states
    ]
    return element(
        "section",
        element("h2", "状態と入力"),
        element(
            "p", f"●は会話テスト、◐はクロールだけ、○はまだ、{NEVER}はありえません。", class_="soft"
        ),
        element("div", table(heads, lines, "states"), class_="wide", tabindex="0"),
        id="states",
    )


def service(coverage: Coverage, slug: str) -> Html:
    """All that one service tells, or LOBBY outside of any: where, on which way, by which talks."""
    kinds = (Kind.FACT, Kind.LETTER, Kind.MESSAGE, Kind.BUTTON)
    return element(
        "section",
        element("h2", words.service_named(slug, coverage.catalog)),
        *(_told(coverage, kind, slug) for kind in kinds if coverage.measures[kind].of(slug).every),
        id=slug or ANYWHERE,
    )


def _told(coverage: Coverage, kind: Kind, slug: str) -> Html:
    measure = coverage.measures[kind].of(slug)
    figures = f"会話テスト {len(measure.scripted)}、クロールだけ {len(measure.crawl_only)}"
    heads = [words.KINDS[kind], "見たもの", "状態", "道", "会話テスト"]
    lines = [_thing(coverage, thing) for thing in sorted(measure.every)]
    return element(
        "details",
        element(
            "summary",
            f"{words.KINDS[kind]} {len(measure.every) - len(measure.missing)}/{len(measure.every)}",
            element("span", figures, class_="count"),
        ),
        table(heads, lines, "told"),
    )


def _thing(coverage: Coverage, thing: Thing) -> Cells:
    way = coverage.gone(thing)
    return [
        join([_name(thing), _text(coverage, thing), _place(coverage, thing)]),
        SHOWN[coverage.by(thing)],
        words.state_named(way.state, coverage.catalog) if way else NEVER,
        words.path(way, coverage.catalog) if way else NEVER,
        _talks(coverage, thing),
    ]


def _name(thing: Thing) -> Html:
    return element("b", f"{thing.what} {thing.detail}".strip())


def _text(coverage: Coverage, thing: Thing) -> Html:
    """A fact as it is told; a letter's title."""
    catalog, text = coverage.catalog, ""
    if thing.kind is Kind.LETTER:
        text = catalog.letters[thing.what].title
    elif thing.kind is Kind.FACT:
        service = catalog.services[thing.service]
        _, _, contact = thing.what.partition("contacts.")
        known = service.contacts[contact] if contact else None
        text = f"{known.purpose} {known.value}" if known else service.facts[thing.what].text
    return element("span", text, class_="text")


def _place(coverage: Coverage, thing: Thing) -> Html:
    return element("code", words.place(thing, coverage.catalog))


def _talks(coverage: Coverage, thing: Thing) -> Html:
    files = [PurePosixPath(file) for file in coverage.shown_by(thing)]
    names = [f"{file.parent.name}/{file.name.split('.')[0]}" for file in files]
    more = [f"ほか {len(names) - NAMES}"] if len(names) > NAMES else []
    told = [*names[:NAMES], *more] or [NEVER]
    return join(element("span", name, class_="talk-name") for name in told)
