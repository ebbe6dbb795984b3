"""One round of one contestant: what it did, how long people waited, what it used."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from tests.bench.contestants import Running
from tests.bench.figures import Row, percentile
from tests.bench.load import Load, LostError

CONNECTIONS = 32
"""Of the closed loops, as in every run before, so that runs can be compared."""

FEWEST = 50
"""Webhooks in a round; fewer would say nothing."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is measured: ``seconds`` of a closed loop, ``open_seconds`` of an open one.

    ``conversations`` are those of a grown database, with ``remembered_each`` event ids for each;
    ``people`` those that memory is measured over.
    """

    rounds: int = 3
    seconds: float = 1.5
    open_seconds: float = 2.5
    conversations: int = 100_000
    remembered_each: int = 10
    people: int = 30_000


LONG = Effort(
    rounds=5,
    seconds=4.0,
    open_seconds=10.0,
    conversations=1_000_000,
    people=1_000_000,
)
"""What ``--long`` asks for."""


async def flat_out(run: Running, row: Row, seconds: float, per_body: int = 1) -> None:
    """Add to *row* what *run* does in about *seconds* with as much to do as it can take."""
    count = max(FEWEST, round(run.rate * seconds / per_body))
    posts = run.traffic.posts(count, per_body)
    cpu = run.server.cpu()
    load = await _told(run, run.generator.closed(posts, CONNECTIONS))
    run.rate = load.rate
    row.note(rate=load.rate, **_used(run, load, cpu))


async def warm_up(run: Running, effort: Effort, per_body: int = 1) -> None:
    """Let *run* get going, and find out how much is a second's work for it."""
    for share in (0.1, 0.3):
        await flat_out(run, run.contestant.row(), effort.seconds * share, per_body)


async def at_a_rate(run: Running, row: Row, rate: float, seconds: float) -> None:
    """Add to *row* how long *run* lets people wait at *rate* events a second."""
    posts = run.traffic.posts(round(rate * seconds))
    cpu = run.server.cpu()
    load = await _told(run, run.generator.open(posts, rate))
    row.note(
        refused=load.refused,
        answered_p50=percentile(load.answered, 0.5) * 1000,
        answered_p99=percentile(load.answered, 0.99) * 1000,
        rate=load.rate,
        **_used(run, load, cpu),
    )
    if load.replied:
        row.note(
            replied_p50=percentile(load.replied, 0.5) * 1000,
            replied_p99=percentile(load.replied, 0.99) * 1000,
        )


def _used(run: Running, load: Load, cpu: float | None) -> dict[str, float | None]:
    after = run.server.cpu()
    used = None if after is None or cpu is None else after - cpu
    return {
        "cpu_us": None if used is None else used / load.events * 1e6,
        "core": None if used is None else used / load.seconds * 100,
        "memory": run.server.memory(),
    }


async def _told(run: Running, load: Awaitable[Load]) -> Load:
    """The load's outcome; what went wrong says of whom."""
    try:
        return await load
    except LostError as error:
        raise LostError(f"{run.contestant.label}: {error}") from None
