"""What is done side by side: every job is a session of its own in another process.

`taikai explore` and `taikai coverage` begin theirs here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from bot.simulator.coverage.held import SHARES, TalksHeld, held, talk_files
from bot.simulator.explore.explored import Explored
from bot.simulator.explore.explorer import Explorer
from bot.simulator.explore.ground import shipped
from bot.simulator.explore.layer import Layer
from bot.simulator.explore.paths import representatives
from bot.simulator.explore.stale import stale_taps
from bot.simulator.explore.troubles import troubles
from bot.simulator.kept_log import KeptLog
from bot.simulator.session import Session

PER_CORE = 4
"""Processes: whoever waits for LINE to be well again does so beside somebody who walks."""


def processes() -> ProcessPoolExecutor:
    """Where jobs are done. The content is read before any of it begins; raises as `shipped`."""
    shipped()
    return ProcessPoolExecutor(PER_CORE * (os.cpu_count() or 1))


def walks(where: Executor) -> Iterator[Explored]:
    """A walk through every service, in the order of the content."""
    return where.map(_walked, shipped().catalog.services)


def talks(where: Executor) -> Iterator[TalksHeld]:
    """Every talk of the project, in shares."""
    files = talk_files()
    return where.map(_held, [files[share::SHARES] for share in range(SHARES)])


def taps_of_old_buttons(where: Executor) -> Iterator[Layer]:
    """Every old button in every place, a service at a time."""
    return where.map(_stale, shipped().catalog.services)


def troubles_on_the_wire(where: Executor) -> Iterator[Layer]:
    """Every trouble on every edge, those first that have the most to wait for."""
    catalog = shipped().catalog
    longest = representatives(catalog)
    return where.map(_troubled, sorted(catalog.services, key=lambda slug: slug not in longest))


def _walked(slug: str) -> Explored:
    explored, log = Explored(), KeptLog()
    log.start()
    with Session(catalog=shipped().catalog) as session:
        Explorer(session, slug, explored, log.taken).walk()
    return explored


def _held(files: Iterable[Path]) -> TalksHeld:
    return held(files, catalog=shipped().catalog)


def _stale(slug: str) -> Layer:
    return stale_taps(slug, shipped())


def _troubled(slug: str) -> Layer:
    return troubles(slug, shipped())
