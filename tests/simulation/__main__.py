"""``python -m tests.simulation``: live through many worlds, or tell the story of one."""

from __future__ import annotations

import gc
import sys
import time
from typing import Annotated

import typer

from tests.simulation.run import run

EVERY = 500
"""Seeds between two lines that tell how far it got."""


def main(
    seeds: Annotated[int, typer.Option(help="How many worlds.")] = 10_000,
    start: Annotated[int, typer.Option("--from", help="The first seed.")] = 0,
    story: Annotated[int | None, typer.Option(help="Tell the story of this seed instead.")] = None,
) -> None:
    """Exit with 1 when anything was wrong anywhere."""
    if story is not None:
        result = run(story, telling=True)
        print(*result.story, *(result.wrong or ["nothing was wrong"]), sep="\n")
        raise typer.Exit(1 if result.wrong else 0)
    begun, bad = time.monotonic(), 0
    gc.freeze()
    for number, seed in enumerate(range(start, start + seeds), 1):
        result = run(seed)
        if result.wrong:
            bad += 1
            print(f"seed {seed}:", *result.wrong, sep="\n  ", flush=True)
        if number % EVERY == 0 or number == seeds:
            rate = number / (time.monotonic() - begun) * 60
            print(f"{number} seeds, {bad} bad, {rate:.0f} a minute", file=sys.stderr, flush=True)
    raise typer.Exit(1 if bad else 0)


if __name__ == "__main__":
    typer.run(main)
