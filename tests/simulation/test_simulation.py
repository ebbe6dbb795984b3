"""Whatever happens, every promise is kept: thousands of worlds, each full of its own troubles.

A failing seed is told with its story by ``SIM_SEED=… pytest tests/simulation -k replay``, or by
``python -m tests.simulation --story …``. Long runs: ``python -m tests.simulation --seeds …``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.port import Outcome, Status
from tests.simulation.run import NOTHING, Result, run

SEEDS = 5_000
"""About a hundred seconds on one core."""

PARTS = 20
"""Tests they are divided into, so that several processes can share them."""

REGRESSIONS = sorted(Path(__file__).with_name("regressions").glob("*.json"))
"""Seeds that found something once, with what it was. A seed means what it meant only as long as
worlds are drawn in the same way; the mistake itself is kept among the mutants."""

A_DAY_AWAY = {"outage": 85_000.0, "errors": 0.4, "strict": 1.0, "quota": 0.0}
"""Troubles that let events grow stale and pushes expire."""

ELSEWHERE = {Outcome.DUPLICATE, Outcome.FOREIGN}
"""Outcomes no world has: one is never kept, the other takes another channel's events."""


def complaint(result: Result) -> str:
    """What was wrong, and how to see it."""
    return "\n  ".join([f"SIM_SEED={result.seed} pytest tests/simulation -k replay", *result.wrong])


@pytest.mark.parametrize("part", range(PARTS))
def test_every_promise_is_kept(part: int) -> None:
    """In each of these worlds, the same ones every time."""
    size = SEEDS // PARTS
    results = [run(seed) for seed in range(part * size, (part + 1) * size)]

    bad = [complaint(result) for result in results if result.wrong]
    assert not bad, "\n".join(bad)


def test_the_worlds_reach_every_end() -> None:
    """Each outcome, each final status and both ways of sending occur: nothing is proven of what
    never happens."""
    wanted = {each.value for each in (*Outcome, *Status)} - {each.value for each in ELSEWHERE}
    wanted = wanted - {Status.WAITING.value} | {"replied", "pushed"}
    reached: set[str] = set()
    for given in (NOTHING, A_DAY_AWAY):
        for seed in range(SEEDS // PARTS):
            reached |= run(seed, given).reached

    assert wanted <= reached


@pytest.mark.parametrize("file", REGRESSIONS, ids=lambda file: str(file.stem))
def test_what_was_found_once_stays_mended(file: Path) -> None:
    """See the file for what it was."""
    told = json.loads(file.read_text("utf-8"))

    bad = [(seed, wrong) for seed in told["seeds"] if (wrong := run(seed, told["given"]).wrong)]

    assert bad == [], told["cause"]


def _asked_for() -> Iterator[int]:
    if (seed := os.environ.get("SIM_SEED")) is not None:
        yield int(seed)


@pytest.mark.parametrize("seed", list(_asked_for()) or [0])
def test_replay(seed: int) -> None:
    """The story of one seed, told in full when anything is wrong or when it was asked for."""
    result = run(seed, telling=True)

    if "SIM_SEED" in os.environ:
        print(*result.story, sep="\n")
    assert result.story
    assert not result.wrong, "\n".join([*result.story, complaint(result)])
