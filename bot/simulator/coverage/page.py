"""The coverage report as one HTML file: figures, what fails, the gaps with talks to paste."""

from __future__ import annotations

from collections.abc import Iterator

from bot.simulator.coverage import words
from bot.simulator.coverage.figures import NEEDED, Gap, Measure
from bot.simulator.coverage.report import Report
from bot.simulator.coverage.seen import Kind
from bot.simulator.coverage.suggested import Suggested
from bot.simulator.coverage.tables import ANYWHERE, rows, service, states, table
from bot.simulator.render.markup import NOTHING, Html, css, element, join
from bot.simulator.render.static_page import page, sheet
from flows.conversation import LOBBY

CONTENTS = {
    "figures": "全体",
    "gaps": "会話テストにないもの",
    "rows": "遷移",
    "states": "状態と入力",
}


def whole(report: Report) -> str:
    """The page."""
    errors = list(report.errors())
    coverage = report.coverage
    body = join(
        [
            _top(report, errors),
            element(
                "main",
                _errors(errors),
                _figures(report),
                _gaps(report),
                rows(coverage),
                states(coverage),
                *(service(coverage, slug) for slug in (*coverage.catalog.services, LOBBY)),
            ),
        ]
    )
    return page("会話の網羅 - 退会ナビ", body, *map(sheet, SHEETS))


SHEETS = ("paper.css", "coverage.css", "coverage_tables.css")
"""How every page of one file looks, then what this one has of its own."""


def _top(report: Report, errors: list[str]) -> Html:
    verdict = f"✕ 誤り {len(errors)} 件" if errors else "✓ 合格"
    services = report.coverage.catalog.services
    places = {**CONTENTS, **{slug: service.name for slug, service in services.items()}}
    places[ANYWHERE] = words.service_named(LOBBY, report.coverage.catalog)
    return element(
        "header",
        element("h1", "会話の網羅"),
        element("p", verdict, class_="verdict bad" if errors else "verdict good"),
        element(
            "p",
            f"会話テスト {len(report.coverage.talks)} 本と、すべてのボタンを押すクロールが、"
            f"何を見せたか。コンテンツ {report.coverage.catalog.version}",
            class_="soft",
        ),
        element(
            "nav",
            element("ul", *(_link(place, name) for place, name in places.items())),
            aria_label="目次",
        ),
        class_="top",
    )


def _link(place: str, name: str) -> Html:
    return element("li", element("a", name, href=f"#{place}"))


def _errors(errors: list[str]) -> Html:
    if not errors:
        return NOTHING
    listed = element("ul", *(element("li", error) for error in errors), class_="errors")
    return element("section", element("h2", "直すところ"), listed)


def _figures(report: Report) -> Html:
    measures = report.coverage.measures
    lines = [
        [
            words.KINDS[kind] + ("（100%が必要）" if kind in NEEDED else ""),
            _bar(measures[kind]),
            str(len(measures[kind].scripted)),
            str(len(measures[kind].crawl_only)),
            str(len(measures[kind].missing)),
            str(len(measures[kind].every)),
            f"{measures[kind].percent}%",
        ]
        for kind in Kind
    ]
    heads = ["見るもの", "割合", "会話テスト", "クロールだけ", "なし", "全部", "見たもの"]
    return element(
        "section",
        element("h2", CONTENTS["figures"]),
        _legend(),
        table(heads, lines, "figures"),
        id="figures",
    )


def _legend() -> Html:
    kinds = (("talk", "会話テスト"), ("crawl", "クロールだけ（斜線）"), ("nobody", "なし（白）"))
    return element(
        "p",
        *(
            element("span", element("span", class_=f"key {kind}"), name, class_="legend")
            for kind, name in kinds
        ),
        class_="soft",
    )


def _bar(measure: Measure) -> Html:
    """The three parts of a measure as a bar; the figures stand beside it."""
    whole = len(measure.every) or 1
    parts = (("talk", measure.scripted), ("crawl", measure.crawl_only))
    return element(
        "span",
        *(
            element(
                "span",
                class_=f"part {kind}",
                data_css=css({"width": f"{100 * len(part) / whole:.1f}%"}),
            )
            for kind, part in parts
            if part
        ),
        class_="bar",
        aria_hidden="true",
    )


def _gaps(report: Report) -> Html:
    gaps, talks = report.coverage.gaps, report.talks
    by_hand = [gap for gap in gaps if report.talk_for(gap.thing) is None]
    told = (
        f"会話テストが見せていないものは {len(gaps)} 件です。下の会話は一度実際に話して書いた、"
        "いちばん短いものです。そのまま保存できます。"
        if gaps
        else "すべて会話テストが見せています。"
    )
    return element(
        "section",
        element("h2", f"{CONTENTS['gaps']}（{len(gaps)}）"),
        element("p", told, class_="soft"),
        *(_talk(report, talk) for talk in talks),
        _by_hand(report, by_hand),
        id="gaps",
    )


def _talk(report: Report, talk: Suggested) -> Html:
    closed = [gap for gap in report.coverage.gaps if gap.thing in talk.closes]
    return element(
        "details",
        element(
            "summary",
            element("code", talk.file),
            element("span", f"{len(closed)} 件", class_="count"),
        ),
        element("ul", *_listed(report, closed), class_="gaps"),
        element("pre", talk.yaml, tabindex="0"),
    )


def _by_hand(report: Report, gaps: list[Gap]) -> Html:
    if not gaps:
        return NOTHING
    return element(
        "details",
        element(
            "summary",
            "押すだけではたどり着けないもの（会話は手で書きます）",
            element("span", f"{len(gaps)} 件", class_="count"),
        ),
        element("ul", *_listed(report, gaps), class_="gaps"),
    )


def _listed(report: Report, gaps: list[Gap]) -> Iterator[Html]:
    for gap in gaps:
        mark = "crawl" if gap.crawled else "nobody"
        seen = "クロールだけ" if gap.crawled else "なし"
        yield element(
            "li",
            element("span", class_=f"key {mark}"),
            f"{words.named(gap.thing, report.coverage.catalog)}（{seen}）",
            element("code", gap.place),
        )
