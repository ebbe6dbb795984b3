"""`taikai coverage`: hold every talk, press every button, and say what was seen by which.

`taikai explore --out` gives the same report with everything else it does, of one walk.
"""

from __future__ import annotations

from pathlib import Path

from bot.simulator.coverage.files import reported
from bot.simulator.coverage.reach import reach
from bot.simulator.explore import jobs
from bot.simulator.explore.endless import EndlessError
from bot.simulator.explore.explored import Explored
from bot.simulator.explore.ground import shipped
from content.problems import ContentError


def coverage(out: Path | None = None) -> int:
    """Hold, press, print the figures, and write the report into the folder *out*, if any.

    The exit code: 1 below the whole of what is needed, or for any fault met on the way.
    """
    try:
        return _all(out)
    except (ContentError, EndlessError) as wrong:
        print(wrong)
        return 1


def _all(out: Path | None) -> int:
    catalog, explored = shipped().catalog, Explored()
    with jobs.processes() as processes:
        walks, held = jobs.walks(processes), jobs.talks(processes)
        possible = reach(catalog)  # while the others work
        for walk in walks:
            explored.add(walk)
        return reported(catalog, explored, held, out, possible)
