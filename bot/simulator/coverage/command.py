"""`taikai coverage`: hold every talk, press every button, and say what was seen by which.

`taikai explore --out` gives the same report with everything else it does, of one walk.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bot.simulator.coverage.files import reported
from bot.simulator.coverage.held import held_by, talk_files
from bot.simulator.explore.command import walked
from bot.simulator.explore.explored import Explored
from content.catalog import load


def coverage(out: Path | None = None) -> int:
    """Hold, press, print the figures, and write the report into the folder *out*, if any.

    The exit code: 1 below the whole of what is needed, or for any fault met on the way.
    """
    catalog, explored = load(), Explored()
    # A process a core; each has a whole session of its own, and shares nothing.
    with ProcessPoolExecutor(os.cpu_count()) as cores:
        walks = cores.map(walked, catalog.services)
        shares = held_by(cores, talk_files())
        for walk in walks:
            explored.add(walk)
        return reported(catalog, explored, shares, out)
