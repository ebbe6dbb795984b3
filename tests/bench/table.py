"""The results as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Result, Row

COLUMNS: Mapping[str, tuple[str, str]] = {
    "rate": ("件/秒", ",.0f"),
    "ready": ("秒", ".2f"),
    "step_us": ("1歩\nµs", ",.0f"),
    "dearest_us": ("最長の1歩\nµs", ",.0f"),
    "answered_p50": ("200まで\np50 ms", ".1f"),
    "answered_p99": ("200まで\np99 ms", ".1f"),
    "replied_p50": ("返信まで\np50 ms", ".1f"),
    "replied_p99": ("返信まで\np99 ms", ".1f"),
    "refused": ("断った\n件数", ",.0f"),
    "cpu_us": ("CPU\nµs/件", ",.0f"),
    "core": ("コア\n%", ".0f"),
    "memory": ("メモリー\nMiB", ",.0f"),
    "wal": ("WAL\nMiB", ",.0f"),
    "file": ("ファイル\nMiB", ",.0f"),
}
"""Every figure by its name: what stands over it, and how it is written."""


def show(results: Iterable[Result], notes: Iterable[str], console: Console) -> None:
    """One table for each of *results*, then *notes*."""
    for result in results:
        table = Table(title=result.title, title_justify="left", title_style="bold")
        shown = [name for name in COLUMNS if any(name in row.figures for row in result.rows)]
        table.add_column("")
        for name in shown:
            table.add_column(COLUMNS[name][0], justify="right", no_wrap=True)
            if name == result.main:
                table.add_column("倍", justify="right", style="bold")
        for row in result.rows:
            table.add_row(row.label, *_cells(result, row, shown))
        console.print(table)
    for note in notes:
        console.print(note)


def _cells(result: Result, row: Row, shown: Iterable[str]) -> Iterable[str]:
    for name in shown:
        value = row.median(name)
        yield "" if value is None else format(value, COLUMNS[name][1])
        if name == result.main:
            ratio = result.ratio(row)
            yield "" if ratio is None else format(ratio, ".2f")
