"""The coverage report as text: for a terminal, a build's log and a diff."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from bot.simulator.coverage import words
from bot.simulator.coverage.figures import NEEDED, Gap
from bot.simulator.coverage.report import Report
from bot.simulator.coverage.seen import Kind
from bot.simulator.inspector.places import row_place

WIDTH = 20
"""Columns of a terminal that the first column takes."""


def summary(report: Report) -> Iterator[str]:
    """The figures, and every error in a line of its own."""
    coverage = report.coverage
    yield _columns("", "会話テスト", "クロールだけ", "なし", "全部", "%")
    for kind in Kind:
        measure = coverage.measures[kind]
        parts = (measure.scripted, measure.crawl_only, measure.missing, measure.every)
        name = words.KINDS[kind] + ("＊" if kind in NEEDED else "")
        yield _columns(name, *(str(len(part)) for part in parts), f"{measure.percent}%")
    yield "＊ 100% でなければ失敗です。"
    errors = list(report.errors())
    yield f"誤り {len(errors)}"
    yield from (f"  {error}" for error in errors)


def whole(report: Report) -> str:
    """The summary, what cannot be reached, and every gap with the talk that closes it."""
    return "\n".join(_sections(report)) + "\n"


def _sections(report: Report) -> Iterator[str]:
    coverage = report.coverage
    yield f"退会ナビ　会話の網羅　コンテンツ {coverage.catalog.version}"
    yield ""
    yield from summary(report)
    yield ""
    yield f"いまのサービスでは通れない行 {len(coverage.unreachable)}"
    for number, why in coverage.unreachable.items():
        yield f"  {row_place(number)}: {words.row_named(number)} … {why}"
    yield ""
    yield f"会話テストが見せていないもの {len(coverage.gaps)}"
    yield from (f"  {_gap(report, gap)}" for gap in coverage.gaps)
    yield ""
    yield f"それを見せる、いちばん短い会話 {len(report.talks)}"
    for talk in report.talks:
        yield ""
        yield f"# {talk.file}（{len(talk.closes)} 件）"
        yield talk.yaml.rstrip()


def _gap(report: Report, gap: Gap) -> str:
    seen = "クロールだけ" if gap.crawled else "なし"
    what = f"{words.named(gap.thing, report.coverage.catalog)}（{seen}）"
    mend = report.talk_for(gap.thing) or "会話は手で書きます"
    return f"{gap.place}: {what}→ {mend}" if gap.place else f"{what}→ {mend}"


def _columns(first: str, *rest: str) -> str:
    return (set_cell_size(first, WIDTH) + "".join(_right(text) for text in rest)).rstrip()


def _right(text: str) -> str:
    """*text* at the right end of its column."""
    return set_cell_size("", max(1, 14 - cell_len(text))) + text
