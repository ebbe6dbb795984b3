"""The gallery: every message of every service on one page, found by service, state and id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.simulator.gallery.entry import (
    WIDTHS,
    Entry,
    draw,
    entry,
    limit_in_words,
    room_in_words,
)
from bot.simulator.gallery.listing import Listing, Shown
from bot.simulator.inspector.meters import Level
from bot.simulator.inspector.sources import Sources
from bot.simulator.render.markup import NOTHING, Html, element, join
from bot.simulator.render.static_page import page, sheet

ANYWHERE = "どこでも"
"""The heading of what is said in no state of its own."""


def gallery(listing: Listing, sources: Sources, version: str, script: str = "") -> str:
    """The page with all of *listing*, made from the content of that *version*.

    *script* is the address of what keeps it up to date where it is served; see `static_page.page`.
    """
    entries = list(entries_of(listing, sources))
    body = join(
        [
            _broken(version) if script else NOTHING,
            element("header", _title(listing, version), _widths(), class_="top"),
            element(
                "main",
                _look_at(entries, sources),
                _contents(listing, entries),
                *(_service(listing, slug, entries, sources) for slug in listing.names),
            ),
        ]
    )
    return page("退会ナビ 見本帳", body, *map(sheet, SHEETS), script=script)


SHEETS = ("broken.css", "message.css", "flex.css", "paper.css", "gallery.css", "gallery_entry.css",
          "gallery_screen.css")  # fmt: skip
"""How messages look in the chat, then how the page around them looks."""


def _broken(version: str) -> Html:
    """Room for what is wrong with newer content than this, as in the chat's page."""
    title = element(
        "h2", "内容に誤りがあります。直るまで、前の内容のままです", class_="broken-title"
    )
    found = element("ul", id="broken-list")
    return element(
        "section", title, found,
        class_="broken", id="broken", role="alert", hidden="", data_version=version,
    )  # fmt: skip


def entries_of(listing: Listing, sources: Sources) -> Iterator[Entry]:
    """Every message with its address, by service and state in the order people meet them."""
    for slug in listing.names:
        taken: dict[str, int] = {}
        shown = listing.of(slug)
        met = list(dict.fromkeys(one.state for one in shown if one.state))
        order = {state: place for place, state in enumerate([*met, ""])}
        for one in sorted(shown, key=lambda one: order[one.state]):
            taken[one.id] = taken.get(one.id, 0) + 1
            yield entry(one, _anchor(one, taken[one.id]), sources)


def _anchor(shown: Shown, number: int) -> str:
    """ "yakukyari.steps", and "yakukyari.steps.2" for the second message of that id."""
    name = f"{shown.service or 'anywhere'}.{shown.id}"
    return name if number == 1 else f"{name}.{number}"


def _title(listing: Listing, version: str) -> Html:
    services = "・".join(name for slug, name in listing.names.items() if slug)
    about = f"{len(listing.messages):,} のメッセージ（内容 {version}）。{services}"
    return element("div", element("h1", "退会ナビ 見本帳"), element("p", about))


def _widths() -> Html:
    """Which width to look at. Chosen by the style sheet alone: the page runs no script."""
    choices = [("all", "三つとも"), *((f"w{width}", f"{width} px") for width in WIDTHS)]
    inputs = [
        element(
            "label",
            # The first is the one that is chosen when the page opens.
            _radio(f"show-{name}", checked=place == 0),
            element("span", label),
        )
        for place, (name, label) in enumerate(choices)
    ]
    return element("fieldset", element("legend", "画面の幅"), *inputs, class_="widths")


def _radio(id: str, *, checked: bool) -> Html:
    given = element("input", type="radio", name_="width", id=id, checked="" if checked else None)
    return Html(given.removesuffix("</input>"))


def _look_at(entries: Sequence[Entry], sources: Sources) -> Html:
    """What is over a limit or near to one, gathered at the top."""
    over, near = _gathered(entries, "over", sources), _gathered(entries, "near", sources)
    refused = [one for one in entries if one.faults]
    parts = [
        element("h2", "上限の見直し"),
        _few("LINEに断られるメッセージ", [_line(one, "; ".join(one.faults)) for one in refused]),
        _few("✕ 上限を超えたところ", over),
        _few("△ 上限の9割を超えたところ", near),
    ]
    return element("section", *parts, class_="look-at")


def _few(title: str, lines: Sequence[Html]) -> Html:
    if not lines:
        return element("p", f"{title}：ありません", class_="none")
    return join([element("h3", f"{title}：{len(lines)}"), element("ul", *lines)])


def _gathered(entries: Iterable[Entry], level: Level, sources: Sources) -> list[Html]:
    """Each text at that *level* once, with the first message it stands in."""
    first: dict[tuple[str, str], Html] = {}
    for one in entries:
        for meter in one.meters:
            if meter.level == level:
                told = f"{limit_in_words(meter)}（{room_in_words(meter)}）{meter.words[:60]}"
                place = one.place(meter, sources)
                key = (meter.limit.what, meter.words or one.anchor)
                first.setdefault(key, _line(one, f"{told} {place}".strip()))
    return list(first.values())


def _line(of: Entry, told: str) -> Html:
    link = element("a", of.anchor, href=f"#{of.anchor}")
    return element("li", link, element("span", f" {told}"))


def _contents(listing: Listing, entries: Sequence[Entry]) -> Html:
    services = []
    for slug, name in listing.names.items():
        own = [one for one in entries if one.shown.service == slug]
        states = [
            element(
                "li",
                element("a", _state_name(listing, state), href=f"#{_heading(slug, state)}"),
                element("span", f" {len(list(ones))}", class_="count"),
            )
            for state, ones in groupby(own, key=lambda one: one.shown.state)
        ]
        head = element("a", name, href=f"#{_heading(slug)}")
        title = element("h3", head, element("span", f" {len(own)}", class_="count"))
        services.append(element("section", title, element("ol", *states)))
    return element(
        "nav", element("h2", "もくじ"), *services, class_="contents", aria_label="もくじ"
    )


def _service(listing: Listing, slug: str, entries: Sequence[Entry], sources: Sources) -> Html:
    own = [one for one in entries if one.shown.service == slug]
    states = []
    for state, ones in groupby(own, key=lambda one: one.shown.state):
        title = element("h3", _state_name(listing, state), id=_heading(slug, state))
        if state:
            title = join([title, element("p", element("code", state), class_="state-id")])
        states.append(element("section", title, *(draw(one, sources) for one in ones)))
    head = element("h2", listing.names[slug], id=_heading(slug))
    return element("section", head, *states, class_="service") if own else NOTHING


def _state_name(listing: Listing, state: str) -> str:
    return listing.states.get(state, ANYWHERE)


def _heading(slug: str, state: str | None = None) -> str:
    name = slug or "anywhere"
    return f"at.{name}" if state is None else f"at.{name}.{state or 'anywhere'}"
