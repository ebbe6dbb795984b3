"""Design mistakes, each put into the bot's own code or into the model of its database.

A simulation proves nothing unless it finds what is wrong. Every mistake here was made somewhere
by somebody; each tells within how many seeds it is found, and which promise it breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mistake: how to make it, and the promises of which one breaks within ``seeds`` runs,
    of worlds with the troubles ``given``."""

    make: Callable[[Patch], None]
    breaks: tuple[str, ...]
    seeds: int
    given: Mapping[str, float]


MUTANTS: dict[str, Mutant] = {}
"""Every mistake, by its name in words."""


def mutant(breaks: str, seeds: int, **given: float) -> Callable[[Callable[[Patch], None]], None]:
    """Enter the decorated function into `MUTANTS`."""

    def enter(make: Callable[[Patch], None]) -> None:
        name = make.__name__.strip("_").replace("_", " ")
        MUTANTS[name] = Mutant(make, tuple(breaks.split()), seeds, given)

    return enter
