"""What only our server is asked: does it grow slow, does it grow fat, when is it there?"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.contestants import OURS, OURS_AS_SERVED, Running, Stage, running
from tests.bench.figures import Result, Row
from tests.bench.grown import grow
from tests.bench.process import on_core
from tests.bench.rounds import CONNECTIONS, Effort, flat_out, warm_up
from tests.bench.scenarios import Told

FEW = 1_000
"""Conversations of the server that has hardly begun."""

BURST = 10_000
"""People in one go of the memory scenario: bodies are signed before they are sent."""

NEEDED = (
    "cryptography", "fastapi", "httptools", "jaconv", "jpholiday", "orjson", "pydantic",
    "pydantic_settings", "rapidfuzz", "regex", "structlog", "transitions", "typer", "uvicorn",
    "uvloop", "yaml",
)  # fmt: skip
"""What the server imports that is not ours: nothing starts faster than these are read."""


async def growth(stage: Stage, effort: Effort, told: Told) -> Result:
    """A server with hardly any conversations beside one with very many. Raises LostError."""
    small = Row("few", f"{FEW:,}人", f"{FEW:,} people")
    large = Row("many", f"{effort.conversations:,}人", f"{effort.conversations:,} people")
    async with AsyncExitStack() as closing:
        runs: list[tuple[Running, Row]] = []
        for row, people in ((small, FEW), (large, effort.conversations)):
            told(f"{row.label}の会話を用意")
            file = stage.folder / f"grown-{people}.db"
            closing.callback(_removed, file)
            await asyncio.to_thread(grow, file, people, effort.remembered_each)
            run = await closing.enter_async_context(running(OURS, stage, file))
            await warm_up(run, effort)
            runs.append((run, row))
        for number in range(effort.rounds):
            for run, row in runs:
                told(f"会話が増えたとき {number + 1}/{effort.rounds}：{row.label}")
                await flat_out(run, row, effort.seconds)
                row.note(wal=_size(run, "-wal"), file=_size(run, ""))
        for run, row in runs:
            row.note(ready=run.ready_seconds)
    return Result(
        "growth", "会話が増えたとき", "As conversations grow", "rate", "few", [small, large]
    )


def _size(run: Running, suffix: str) -> float:
    """MiB of the database's file, or of the one beside it with *suffix*."""
    path = Path(f"{run.database}{suffix}")
    return path.stat().st_size / 2**20 if path.exists() else 0.0


def _removed(file: Path) -> None:
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


async def memory(stage: Stage, effort: Effort, told: Told) -> Result:
    """What very many people, one after another, leave in memory. Raises LostError."""
    before = Row("before", "はじめ", "at first")
    after = Row("after", f"{effort.people:,}人のあと", f"after {effort.people:,} people")
    async with running(OURS, stage, people=effort.people + BURST) as run:
        await run.generator.closed(run.traffic.posts(BURST // 10), CONNECTIONS)
        before.note(memory=run.server.memory())
        for done in range(0, effort.people, BURST):
            told(f"別々の人 {done:,}/{effort.people:,}")
            load = await run.generator.closed(run.traffic.posts(BURST), CONNECTIONS)
            after.note(rate=load.rate, wal=_size(run, "-wal"))
        after.note(memory=run.server.memory())
    return Result("memory", "メモリー", "Memory", "memory", "before", [before, after])


async def start(stage: Stage, effort: Effort, told: Told) -> Result:
    """How long until it is ready, beside how long its imports alone take."""
    imports = Row("imports", "importだけ", "imports alone")
    ready = Row("ready", "準備完了まで", "until ready")
    for number in range(effort.rounds):
        told(f"起動 {number + 1}/{effort.rounds}")
        imports.note(ready=await asyncio.to_thread(_seconds_of_imports, stage.core))
        async with running(OURS_AS_SERVED, stage) as run:
            ready.note(ready=run.ready_seconds, memory=run.server.memory())
    return Result("start", "起動", "Start-up", "ready", "imports", [imports, ready])


def _seconds_of_imports(core: int | None) -> float:
    with on_core(core):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {', '.join(NEEDED)}"], check=True)
        return time.perf_counter() - begun
