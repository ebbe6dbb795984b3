"""The script as a page to print: for a review of the content with a pencil."""

from __future__ import annotations

from collections.abc import Sequence

from bot.simulator.gallery.script import Part, Screen, Way
from bot.simulator.render.markup import NOTHING, Html, element, join
from bot.simulator.render.static_page import page, sheet


def script_page(title: str, screens: Sequence[Screen], version: str) -> str:
    """All *screens* on one page, made from the content of that *version*."""
    head = element(
        "header",
        element("h1", title),
        element("p", f"全 {len(screens)} 画面（内容 {version}）", class_="count"),
        element("p", "確認した人：＿＿＿＿＿＿＿＿＿＿　日付：＿＿＿＿＿＿＿＿", class_="sign"),
        class_="paper-head",
    )
    body = join([head, element("main", *(_screen(one, screens) for one in screens))])
    return page(title, body, sheet("paper.css"), sheet("gallery_script.css"))


def _screen(screen: Screen, screens: Sequence[Screen]) -> Html:
    title = element("h2", f"画面 {screen.number}　{screen.name} ", element("code", screen.state))
    path = element("ol", *(element("li", label) for label in screen.path), class_="way")
    ways = element("ul", *(_way(way, screens) for way in screen.ways), class_="leads")
    verdict = element("p", "□ このままでよい　□ 直す", class_="verdict")
    parts = [_part(part) for part in screen.parts]
    return element("section", title, path, *parts, ways, verdict, id=_id(screen.number))


def _part(part: Part) -> Html:
    name = element("h3", element("code", part.id))
    words = element("p", part.words, class_="letter" if part.is_letter else "words")
    sources = [
        element(
            "li",
            element("code", source.place),
            element("span", source.evidence or source.name, class_="evidence"),
        )
        for source in part.sources
    ]
    below = element("ul", *sources, class_="rests-on") if sources else NOTHING
    return element("div", name, words, below, class_="part")


def _way(way: Way, screens: Sequence[Screen]) -> Html:
    links = [
        element("a", f"画面 {number} {screens[number - 1].name}", href=f"#{_id(number)}")
        for number in way.to
    ]
    shown: list[str] = []
    for link in links:
        shown += ["／", link] if shown else [link]
    return element(
        "li",
        element("b", way.label),
        element("span", " → ", *(shown or [way.does])),
    )


def _id(number: int) -> str:
    return f"screen-{number}"
