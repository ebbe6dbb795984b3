"""`taikai diff`: what people would read differently since a revision."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.simulator.difference.compare import differences
from bot.simulator.difference.page import difference_page
from bot.simulator.difference.past import RevisionError, past
from bot.simulator.difference.text import report
from bot.simulator.gallery.listing import listing
from content.catalog import HERE, survey
from flows import check as flow_check

SAME, DIFFERENT, UNUSABLE = 0, 1, 2
"""Exit codes, as diff(1) has them."""


def compare(revision: str, html: Path | None = None, root: Path = HERE.parent) -> int:
    """Print what reads differently since *revision* of the project at *root*, and write it to
    the file *html* as well. Gives the exit code: 0 nothing, 1 something, 2 it cannot be told."""
    catalog, problems = survey(root / "content")
    if problems := problems or flow_check.problems(catalog):
        for problem in problems:
            print(f"content/{problem}", file=sys.stderr)
        return UNUSABLE
    try:
        then = past(revision, root)
    except RevisionError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    found = differences(then.listing, listing(catalog))
    title = f"{revision}（{then.commit[:12]}）からの違い"
    sys.stdout.write(report(title, found, then.note))
    if html is not None:
        try:
            html.write_text(difference_page(title, found, then.note), encoding="utf-8")
        except OSError as error:
            print(
                f"{html}: 書けません（{error.strerror}） → 別の場所にしてください", file=sys.stderr
            )
            return UNUSABLE
    return DIFFERENT if found else SAME
