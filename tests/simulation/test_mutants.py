"""The simulation finds what it is there to find: every mistake anybody thought of, soon."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.run import run


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the promise it breaks, and within as many seeds as are said with it."""
    mutant = MUTANTS[name]
    mutant.make(monkeypatch)

    for seed in range(mutant.seeds):
        wrong = run(seed, mutant.given).wrong
        if any(f"{promise}:" in what for what in wrong for promise in mutant.breaks):
            return
    pytest.fail(f"{name}: not found in {mutant.seeds} seeds")


@pytest.mark.parametrize("name", MUTANTS)
def test_the_same_worlds_are_sound_without_it(name: str) -> None:
    """What is found is the mistake, not the trouble that brings it out."""
    mutant = MUTANTS[name]

    assert [run(seed, mutant.given).wrong for seed in range(20)] == [()] * 20
