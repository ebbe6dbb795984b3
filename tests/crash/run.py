"""One run: load and trouble at the same time, then peace, then everything on the table."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.crash.chaos import Blows, Chaos
from tests.crash.checker import Findings, check
from tests.crash.database import Database
from tests.crash.history import History, read
from tests.crash.line import Line
from tests.crash.load import SILENT, Load
from tests.crash.node import Node
from tests.crash.until import until

START_WITHIN = 20.0
"""Seconds in which every node must be ready for the first time."""

HEAL_WITHIN = 30.0
"""Seconds after the trouble in which all must be done. A reply that hangs takes five of them,
an answer whose sender died as long as its lease."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, with which dice. ``push`` allows pushes where a reply token is dead."""

    blows: Blows
    nodes: int = 1
    seed: int = 0
    people: int = 160
    rate: float = 100.0
    push: bool = False


def crash(
    plan: Plan, database: Database, folder: Path, tell: Progress = lambda line: None
) -> Findings:
    """Run *plan* on *database* and check what it left in ``folder``/history.jsonl."""
    path = folder / "history.jsonl"
    with History(path) as history:
        asyncio.run(_run(plan, database, folder, history, tell))
    return check(read(path))


async def _run(
    plan: Plan, database: Database, folder: Path, history: History, tell: Progress
) -> None:
    random = Random(plan.seed)
    async with Line(history, random) as line:
        environment = {"LINE_API_BASE": line.base, "DATABASE_URL": database.url}
        if plan.push:
            environment |= {"TAIKAI_PUSH": "fallback", "TAIKAI_PUSH_DAILY": "1000"}
        nodes = [
            Node(f"node{n}", folder, history, environment, database.is_away, database.claimed)
            for n in range(1, plan.nodes + 1)
        ]

        def somewhere() -> str | None:
            up = [node.base for node in nodes if node.up]
            return random.choice(up) if up else None

        # A push is told by its count alone, which silent messages would make ambiguous.
        silent = 0.0 if plan.push else SILENT
        load = Load(somewhere, line, history, random, plan.people, plan.rate, silent)
        chaos = Chaos(nodes, database, line, history, random)
        living = [asyncio.create_task(node.run()) for node in nodes]
        telling = asyncio.create_task(_keep_telling(tell, load, chaos, plan))
        try:
            await _all_up(nodes)
            loading = asyncio.create_task(load.run())
            await chaos.run(plan.blows)
            await _heal(line, load, loading, database, history)
            for node in nodes:
                node.close()
            await asyncio.gather(*living)
        finally:
            for task in (telling, *living):
                task.cancel()
            await asyncio.gather(telling, *living, return_exceptions=True)
    for row in await database.rows():
        history.write(**row)


async def _all_up(nodes: list[Node]) -> None:
    try:
        async with asyncio.timeout(START_WITHIN):
            await until(lambda: all(node.up for node in nodes))
    except TimeoutError:
        logs = [node.log.read_text("utf-8") for node in nodes if node.log.exists()]
        raise AssertionError("\n".join(["no server started", *logs])) from None


async def _heal(
    line: Line, load: Load, loading: asyncio.Task[None], database: Database, history: History
) -> None:
    """End all trouble and wait until nothing is left to be done."""
    begun = time.monotonic()
    line.troubled = False
    load.stop()
    try:
        async with asyncio.timeout(HEAL_WITHIN):
            await loading
            while await database.left():
                await asyncio.sleep(0.1)
    except TimeoutError:
        history.write("heal", "fail", unanswered=load.unanswered)
    else:
        history.write("heal", "ok", seconds=round(time.monotonic() - begun, 1))


async def _keep_telling(tell: Progress, load: Load, chaos: Chaos, plan: Plan) -> None:
    begun = time.monotonic()
    while True:
        tell(
            f"{time.monotonic() - begun:5.1f} s  {chaos.dealt}/{plan.blows.all} blows  "
            f"{load.made} events, {load.unanswered} under way"
        )
        await asyncio.sleep(0.5)
