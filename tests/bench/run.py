"""`taikai bench`: everything measured, shown, and written down."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console

from tests.bench import own, pure
from tests.bench.contestants import Stage
from tests.bench.figures import Result
from tests.bench.load import LostError
from tests.bench.machine import Sharing, described
from tests.bench.plot import drawn
from tests.bench.postgres import server as postgres_server
from tests.bench.process import ServerFailedError, cores, on_core
from tests.bench.rounds import LONG, Effort
from tests.bench.scenarios import SCENARIOS, Told, play
from tests.bench.table import show

RESULTS = Path(__file__).parent / "results"

WIDTH = 120
"""Columns of a table in a pipe, where no terminal tells."""

OWN: dict[str, Callable[[Stage, Effort, Told], Awaitable[Result]]] = {
    "growth": own.growth,
    "memory": own.memory,
    "start": own.start,
    "flow": pure.flow,
}

NAMES = (*(scenario.name for scenario in SCENARIOS), *OWN)
"""What ``--only`` takes."""


def bench(only: Sequence[str] = (), long: bool = False, out: Path | None = None) -> int:
    """Measure, show a table, write bench.json and bench.svg into *out*. Returns an exit code:

    0 done, 1 a server lost or doubled something or did not start, 2 there is no such scenario.
    """
    errors = Console(stderr=True)
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    if unknown := [name for name in only if name not in NAMES]:
        errors.print(f"{'、'.join(unknown)} という計測はありません。あるもの：{'、'.join(NAMES)}")
        return 2
    folder = (out or RESULTS).resolve()  # servers run elsewhere
    folder.mkdir(parents=True, exist_ok=True)
    effort = LONG if long else Effort()
    begun, sharing = time.monotonic(), Sharing()
    try:
        with (
            _ending_in_order(),
            errors.status("") as status,  # says nothing where nobody watches
            tempfile.TemporaryDirectory(prefix=".bench-", dir=folder) as work,
        ):
            machine = described(Path(work))
            results = measured(only or NAMES, Path(work), effort, status.update)
    except (LostError, ServerFailedError) as error:
        errors.print(f"計測をやめました。{error}", markup=False)
        return 1
    others = sharing.by_others()
    facts: dict[str, Any] = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "long": long,
        "seconds": round(time.monotonic() - begun),
        "pinned": cores() is not None,
        "used_by_others": None if others is None else round(others, 2),
        "machine": machine,
    }
    notes = _notes(facts)
    show(results, notes, console)
    _write(folder / "bench.json", _json(facts, results))
    _write(folder / "bench.svg", drawn(results, notes))
    console.print(f"{folder} に bench.json と bench.svg を書きました。", soft_wrap=True)
    return 0


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Told to stop, end as after an error: the servers must not stay behind."""
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def measured(names: Sequence[str], work: Path, effort: Effort, told: Told) -> list[Result]:
    """The results of the scenarios *names*, in our order. Raises LostError, ServerFailedError."""
    pair = cores()
    with ExitStack() as closing:
        closing.enter_context(on_core(pair[1] if pair else None))
        postgres = closing.enter_context(postgres_server())
        stage = Stage(pair[0] if pair else None, work, postgres)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_measured(names, stage, effort, told))


async def _measured(names: Sequence[str], stage: Stage, effort: Effort, told: Told) -> list[Result]:
    beside_others = [scenario for scenario in SCENARIOS if scenario.name in names]
    results = await play(beside_others, stage, effort, told)
    return results + [await OWN[name](stage, effort, told) for name in OWN if name in names]


def _notes(facts: dict[str, Any]) -> list[str]:
    """What has to be known to read the numbers."""
    machine = facts["machine"]
    where = "サーバーに1コア、負荷と仮のLINEに別の1コア" if facts["pinned"] else "コアの固定なし"
    others = facts["used_by_others"]
    shared = "" if others is None else f"。ほかのプログラムが使っていたコア：平均{others:.1f}"
    return [
        f"{machine['processor']} × {machine['cores']}、Python {machine['python']}、"
        f"fsync {machine['fsync_ms']:.2f} ms、{facts['made'][:10]}",
        f"{where}{shared}。中央値。確かなのは、同じ表の中の比だけです。",
        "人々は5つの道を歩くので、サーバーは答えの多くを1分間の記憶から出します"
        "（「毎回考える」はその記憶なし）。",
        "LINEが受ける返信は毎秒2,000件までですが、ここでは上限がないものとして計ります。",
    ]


def _json(facts: dict[str, Any], results: Sequence[Result]) -> str:
    whole = {**facts, "results": [result.as_json() for result in results]}
    return json.dumps(_rounded(whole), ensure_ascii=False, indent=1) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
