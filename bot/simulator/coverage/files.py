"""Prints the coverage report, and writes it as text, as HTML and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.simulator.coverage import page, text
from bot.simulator.coverage.as_json import as_json
from bot.simulator.coverage.figures import Coverage
from bot.simulator.coverage.held import TalksHeld
from bot.simulator.coverage.report import report
from bot.simulator.coverage.seen import Seen
from bot.simulator.explore.explored import Explored
from bot.simulator.quiet import keep_logs_out
from content.catalog import Catalog


def reported(
    catalog: Catalog,
    explored: Explored,
    shares: Iterable[TalksHeld],
    out: Path | None,
    possible: Seen | None = None,
) -> int:
    """Print what a walk through *catalog* and its talks saw, and write it into the folder *out*.

    *possible* is all there is to see, for who has worked it out already. The exit code: 1 below
    the whole of what is needed, or for any fault met on the way.
    """
    keep_logs_out()
    talks = TalksHeld()
    for share in shares:
        talks.add(share)
    coverage = Coverage(catalog, talks.seen, explored.seen, possible)
    made = report(coverage, [*talks.failed, *explored.broken])
    for line in text.summary(made):
        print(line)
    if out is not None:
        _write(out, "coverage.txt", text.whole(made))
        _write(out, "coverage.html", page.whole(made))
        plain = json.dumps(as_json(made), ensure_ascii=False, indent=1)
        _write(out, "coverage.json", plain + "\n")
    return 1 if any(made.errors()) else 0


def _write(folder: Path, name: str, content: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(content, encoding="utf-8")
    print(path, file=sys.stderr)
