"""What is measured. Contestants take turns, round by round, so that a change of the machine's
mood meets them all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from tests.bench.contestants import (
    ASGI,
    BARE,
    ECHO,
    EMPTY,
    OURS,
    OURS_ANEW,
    OURS_IN_MEMORY,
    OURS_ON_POSTGRES,
    Contestant,
    Running,
    Stage,
    running,
)
from tests.bench.figures import Result, Row
from tests.bench.rounds import Effort, at_a_rate, flat_out, warm_up

Told = Callable[[str], None]
"""Is told what is being done, for whoever watches."""

REAL_DELAY = 0.05
"""Seconds LINE's reply API takes."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A load and who faces it."""

    name: str
    title: str
    title_en: str
    contestants: tuple[Contestant, ...]
    main: str = "rate"
    against: str = "echo"
    delay: float = 0.0
    per_body: int = 1
    rate: float = 0.0
    """Events a second of an open loop; 0: a closed one."""


ALL = (ASGI, EMPTY, ECHO, BARE, OURS, OURS_ANEW, OURS_IN_MEMORY, OURS_ON_POSTGRES)

SCENARIOS = (
    Scenario(
        "throughput",
        "処理できる件数（返信APIの待ちなし）",
        "Throughput (reply API without delay)",
        ALL,
    ),
    Scenario(
        "delay",
        "処理できる件数（返信API 50 ms）",
        "Throughput (reply API takes 50 ms)",
        (ECHO, BARE, OURS, OURS_ON_POSTGRES),
        delay=REAL_DELAY,
    ),
    Scenario(
        "ten",
        "処理できる件数（1通に10件）",
        "Throughput (ten events per body)",
        (ECHO, BARE, OURS, OURS_ON_POSTGRES),
        per_body=10,
    ),
    Scenario(
        "open200",
        "待ち時間（毎秒200件）",
        "Latency (200 events/s)",
        (ECHO, OURS, OURS_ON_POSTGRES),
        main="answered_p99",
        rate=200,
    ),
    Scenario(
        "open2000",
        "待ち時間（毎秒2,000件：LINEの返信の上限）",
        "Latency (2,000 events/s, LINE's limit for replies)",
        (OURS,),
        main="answered_p99",
        against="taikai",
        rate=2000,
    ),
)


async def play(
    scenarios: Sequence[Scenario], stage: Stage, effort: Effort, told: Told
) -> list[Result]:
    """Every scenario with all contestants that can run here. Raises LostError."""
    wanted = {each for scenario in scenarios for each in scenario.contestants}
    async with AsyncExitStack() as closing:
        told("サーバーを起動")
        try:
            async with asyncio.TaskGroup() as starting:
                starts = [
                    starting.create_task(closing.enter_async_context(running(contestant, stage)))
                    for contestant in ALL
                    if contestant in wanted and stage.can_run(contestant)
                ]
        except ExceptionGroup as failed:  # one that does not start is enough to know
            raise failed.exceptions[0] from None
        ready = {run.contestant.name: run for run in (start.result() for start in starts)}
        for run in ready.values():
            told(f"{run.contestant.label}：準備運動")
            await warm_up(run, effort)
        return [await _played(scenario, ready, effort, told) for scenario in scenarios]


async def _played(
    scenario: Scenario, ready: Mapping[str, Running], effort: Effort, told: Told
) -> Result:
    runs = [ready[each.name] for each in scenario.contestants if each.name in ready]
    rows = [run.contestant.row() for run in runs]
    for run in runs:
        run.line.delay = scenario.delay
        if not scenario.rate:
            await warm_up(run, effort, scenario.per_body)
    for number in range(effort.rounds):
        for run, row in zip(runs, rows, strict=True):
            told(f"{scenario.title} {number + 1}/{effort.rounds}：{run.contestant.label}")
            await _round(scenario, run, row, effort)
    for run in runs:
        run.line.delay = 0.0
    return Result(
        scenario.name, scenario.title, scenario.title_en, scenario.main, scenario.against, rows
    )


def _round(scenario: Scenario, run: Running, row: Row, effort: Effort) -> Awaitable[None]:
    if scenario.rate:
        return at_a_rate(run, row, scenario.rate, effort.open_seconds)
    return flat_out(run, row, effort.seconds, scenario.per_body)
