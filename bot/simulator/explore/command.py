"""`taikai explore`: everything a person can do, in four layers, and nothing may go wrong in any.

The table is read (`flows.lint`); every button is pressed in every place, through the real
webhook (`.explorer`); every old button is pressed in every place (`.stale`); and every edge is
taken with every trouble on the wire (`.troubles`). What is done at random is left to the tests,
which can shrink what they find.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bot.simulator.coverage.files import reported
from bot.simulator.coverage.held import held_by, talk_files
from bot.simulator.coverage.reach import NOON
from bot.simulator.explore.explored import Explored
from bot.simulator.explore.explorer import Explorer
from bot.simulator.explore.layer import Layer
from bot.simulator.explore.patience import be_patient
from bot.simulator.explore.stale import stale_taps
from bot.simulator.explore.table_lint import table_lint
from bot.simulator.explore.troubles import troubles
from bot.simulator.kept_log import KeptLog
from bot.simulator.session import Session
from content.catalog import load


def explore(out: Path | None = None) -> int:
    """Do everything, print what was seen, and give the exit code: 1 for any fault.

    With *out*, a folder, the project's talks are held too, and what they and the walk saw is
    printed and written there; then anything that is needed and was not seen is a fault.
    """
    begun = time.monotonic()
    catalog, explored = load(), Explored()
    layers = [table_lint(catalog, NOON)]
    # Each job is a session of its own, and shares nothing. Three to a core, and whoever waits
    # for LINE to be well again beside somebody who walks.
    with ProcessPoolExecutor(3 * (os.cpu_count() or 1)) as processes:
        begin = processes.submit
        pairs = [(begin(_troubled, slug), begin(walked, slug)) for slug in catalog.services]
        tapping = processes.map(_stale, catalog.services)
        talking = held_by(processes, talk_files()) if out else ()
        for slug, (_, walking) in zip(catalog.services, pairs, strict=True):
            explored.add(seen := walking.result())
            _progress(seen.line(catalog, slug))
        layers += [_whole(tapping), _whole(waiting.result() for waiting, _ in pairs)]
        talks = list(talking)
    for layer in layers:
        print(layer.line())
        for fault in layer.faults:
            explored.fault(f"{layer.name}: {fault}")
    for line in explored.report(catalog):
        print(line)
    missed = reported(catalog, explored, talks, out) if out else 0
    print(f"{time.monotonic() - begun:.0f} 秒")
    return 1 if explored.faults(catalog) else missed


def walked(slug: str) -> Explored:
    """What somebody sees who presses everything in the service *slug*."""
    explored, log = Explored(), KeptLog()
    log.start()
    be_patient()
    with Session(second_opinion=False) as session:
        Explorer(session, slug, explored, log.taken).walk()
    return explored


def _stale(slug: str) -> Layer:
    return stale_taps(slug, load(), NOON)


def _troubled(slug: str) -> Layer:
    return troubles(slug, load(), NOON)


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
