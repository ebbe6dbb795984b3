"""`taikai explore`: everything a person can do, in four layers, and nothing may go wrong in any.

The table is read (`flows.lint`); every button is pressed in every place, through the real
webhook (`.explorer`); every old button is pressed in every place (`.stale`); and every edge is
taken with every trouble on the wire (`.troubles`). What is done at random is left to the tests,
which can shrink what they find.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path

from bot.simulator.coverage.files import reported
from bot.simulator.coverage.reach import reach
from bot.simulator.explore import jobs
from bot.simulator.explore.endless import EndlessError
from bot.simulator.explore.explored import Explored
from bot.simulator.explore.ground import shipped
from bot.simulator.explore.layer import Layer
from bot.simulator.explore.table_lint import table_lint
from content.catalog import Catalog
from content.problems import ContentError


def explore(out: Path | None = None) -> int:
    """Do everything, print what was seen, and give the exit code: 1 for any fault.

    With *out*, a folder, the project's talks are held too, and what they and the walk saw is
    printed and written there; then anything that is needed and was not seen is a fault.
    """
    begun = time.monotonic()
    try:
        told = _everything(out)
    except (ContentError, EndlessError) as wrong:
        print(wrong)
        told = 1
    print(f"{time.monotonic() - begun:.0f} 秒")
    return told


def _everything(out: Path | None) -> int:
    catalog, explored = shipped().catalog, Explored()
    with jobs.processes() as processes:
        # What waits most comes first, so that the rest is done meanwhile.
        held = jobs.talks(processes) if out else iter(())
        troubled = jobs.troubles_on_the_wire(processes)
        walks = jobs.walks(processes)
        tapped = jobs.taps_of_old_buttons(processes)
        layers = [table_lint(shipped())]
        possible = reach(catalog) if out else None  # while the others work
        for slug, walk in zip(catalog.services, walks, strict=True):
            explored.add(walk)
            _progress(explored.line(catalog, slug))
        layers += [_whole(tapped), _whole(troubled)]
        talks = list(held)
    for layer in layers:
        print(layer.line())
        for fault in layer.faults:
            explored.fault(f"{layer.name}: {fault}")
    for line in explored.report(catalog):
        print(line)
    return reported(catalog, explored, talks, out, possible) if out else _told(explored, catalog)


def _told(explored: Explored, catalog: Catalog) -> int:
    """Print every fault; the exit code."""
    faults = explored.faults(catalog)
    print(f"誤り {len(faults)}")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def _whole(parts: Iterable[Layer]) -> Layer:
    """One layer of what was done for each service."""
    first, *others = parts
    for other in others:
        first.add(other)
    return first


def _progress(line: str) -> None:
    """A sign of life for who watches; a pipe gets only the report."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr)
