"""The report of differences as a page: what went is struck out, what came is underlined."""

from __future__ import annotations

from collections.abc import Sequence

from bot.simulator.difference.compare import Alike, ServiceDifference
from bot.simulator.difference.text import KINDS, asides, others, summary, way
from bot.simulator.difference.words import Piece, changed_lines
from bot.simulator.render.markup import NOTHING, Html, element, join
from bot.simulator.render.static_page import page, sheet

_TAGS = {"gone": "del", "added": "ins", "same": "span"}


def difference_page(title: str, found: Sequence[ServiceDifference], note: str = "") -> str:
    """All that differs, on one page."""
    head = element(
        "header",
        element("h1", title),
        element("p", summary(found)),
        element("p", f"※{note}", class_="note") if note else NOTHING,
        class_="paper-head",
    )
    body = join([head, element("main", *map(_service, found))])
    return page(title, body, *map(sheet, ("paper.css", "gallery_script.css", "difference.css")))


def _service(one: ServiceDifference) -> Html:
    return element(
        "section",
        element("h2", one.name),
        *map(_alike, one.changes),
        *(element("p", line, class_="aside") for line in asides(one)),
    )


def _alike(alike: Alike) -> Html:
    change = alike.first
    title = element(
        "h3", element("b", KINDS[change.kind], class_=f"is-{change.kind}"),
        element("code", f" {change.met.id}"),
    )  # fmt: skip
    lines = [
        element("p", *map(_marked, line)) if line else element("p", "…", class_="between")
        for line in changed_lines(change.pieces)
    ]
    more = f"ほか {len(alike.others)} 件も同じ変化：{others(alike)}"
    return element(
        "article",
        title,
        element("p", f"道：{way(change)}", class_="ways"),
        element("div", *lines, class_="change"),
        element("p", more, class_="ways") if alike.others else NOTHING,
        class_="part",
    )


def _marked(piece: Piece) -> Html:
    return element(_TAGS[piece.kind], piece.text)
