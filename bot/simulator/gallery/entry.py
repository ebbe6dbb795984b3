"""One message in the gallery: its name, where it comes from, its limits, and its looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.line.limits import broken
from bot.simulator.gallery.asides import BY_DAY
from bot.simulator.gallery.listing import Shown
from bot.simulator.inspector.limit_words import UNITS, says
from bot.simulator.inspector.meters import Meter, meters, tightest
from bot.simulator.inspector.sources import Source, Sources
from bot.simulator.render.markup import NOTHING, Html, css, element, join
from bot.simulator.render.message import render, render_quick_replies
from bot.simulator.render.static_page import lifeless
from bot.simulator.screen import received

WIDTHS = (320, 375, 414)
"""Widths of a phone's screen in CSS pixels: the smallest in use, the usual one, a large one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with all there is to know of it. ``anchor`` is its address in the page;
    ``faults`` are LINE's reasons to refuse it, in the words of the content check."""

    shown: Shown
    anchor: str
    words: str
    meters: tuple[Meter, ...]
    faults: tuple[str, ...]
    sources: tuple[Source, ...]

    def place(self, meter: Meter, sources: Sources) -> str:
        """Where what *meter* measured is written; "" where that is the message as a whole."""
        return ", ".join(source.place for source in sources.written(meter.words)[:2])


def entry(shown: Shown, anchor: str, sources: Sources) -> Entry:
    """Gather what is known of *shown*."""
    words = received("", shown.json, BY_DAY).text
    return Entry(
        shown,
        anchor,
        words,
        tuple(tightest(meters(shown.json))),
        tuple(broken(dict(shown.json))),
        tuple(sources.of(shown.id, shown.facts, words, shown.service, shown.state)),
    )


def draw(of: Entry, sources: Sources) -> Html:
    """The entry as a part of the page."""
    about = element(
        "div",
        _head(of),
        _way(of.shown),
        _faults(of.faults),
        _limits(of, sources),
        _sources(of.sources),
        class_="about",
    )
    message = element(
        "div",
        lifeless(render(of.shown.json)),
        _quick_replies(of.shown),
        class_="screen",
    )
    shots = [
        element(
            "figure",
            element("figcaption", f"{width} px"),
            message,
            class_=f"shot w{width}",
        )
        for width in WIDTHS
    ]
    shown = element("div", *shots, class_="shots")
    return element("article", about, shown, class_="entry", id=of.anchor)


def _head(of: Entry) -> Html:
    when = element("span", of.shown.when, class_="when") if of.shown.when else NOTHING
    link = element("a", of.shown.id, href=f"#{of.anchor}")
    return element("h4", link, when)


def _way(shown: Shown) -> Html:
    steps = [element("li", label) for label in shown.path]
    ways = f"ここに着く押し方：{shown.ways} 通り"
    return join([element("ol", *steps, class_="way"), element("p", ways, class_="ways")])


def _faults(faults: Iterable[str]) -> Html:
    items = [element("li", fault) for fault in faults]
    if not items:
        return NOTHING
    return element(
        "div",
        element("p", "✕ LINEはこのメッセージを受け取りません", class_="fault-title"),
        element("ul", *items),
        class_="faults",
    )


def _limits(of: Entry, sources: Sources) -> Html:
    rows = sorted(of.meters, key=lambda meter: -meter.share)
    return element("ul", *(_meter(meter, of, sources) for meter in rows), class_="meters")


def limit_in_words(meter: Meter) -> str:
    """*meter* as one line: what, how much of how much, and what is left or too much."""
    name, unit = says(meter.limit.what), UNITS[meter.limit.unit]
    return f"{name} {meter.used:,}/{meter.limit.value:,}{unit}"


def room_in_words(meter: Meter) -> str:
    """What is left of the limit, with a sign where it is little or nothing."""
    left = meter.limit.value - meter.used
    unit = UNITS[meter.limit.unit]
    signs = {"over": f"✕ {-left:,}{unit}多い", "near": f"△ 残り{left:,}{unit}"}
    return signs.get(meter.level, f"残り{left:,}")


def _meter(meter: Meter, of: Entry, sources: Sources) -> Html:
    filled = css({"width": f"{min(100, round(100 * meter.share))}%"})
    bar = element("span", element("span", data_css=filled), class_="bar", aria_hidden="true")
    told: list[Html] = []
    if meter.level != "within":
        told.append(element("span", f"「{meter.words[:60]}」" if meter.words else meter.where))
        if place := of.place(meter, sources):
            told.append(element("code", place))
    return element(
        "li",
        element("span", limit_in_words(meter), class_="used"),
        bar,
        element("span", room_in_words(meter), class_="room"),
        element("span", *told, class_="culprit") if told else NOTHING,
        class_=f"meter is-{meter.level}",
        title=f"{meter.limit.what}（LINE {meter.limit.source}）",
    )


def _sources(found: tuple[Source, ...]) -> Html:
    items = [
        element(
            "li",
            element("code", source.place),
            element("span", source.evidence or source.name, class_="evidence"),
        )
        for source in found
    ]
    first = f"：{found[0].place}" if found else ""
    more = " ほか" if len(found) > 1 else ""
    summary = element("summary", f"出どころ {len(found)} か所{first}{more}")
    return element("details", summary, element("ul", *items), class_="sources")


def _quick_replies(shown: Shown) -> Html:
    chips = lifeless(render_quick_replies(shown.json))
    return element("ul", chips, class_="chips", aria_label="返信の候補") if chips else NOTHING
