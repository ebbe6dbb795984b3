"""``python -m tests.crash sqlite --kills 20``: a long run, and its figures in a table."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

from rich.console import Console
from rich.table import Table

from tests.crash.chaos import Blows
from tests.crash.checker import Findings
from tests.crash.database import Database, Postgres, SqliteFile
from tests.crash.promises import RULES
from tests.crash.run import Plan, Progress, crash
from tests.postgres import running

SHOWN = 30
"""Violations shown; all of them are in the history."""


def main() -> int:
    """Run as told; 1 when any promise was broken."""
    parser = _command_line()
    given = parser.parse_args()
    seed = SystemRandom().randrange(10**6) if given.seed is None else given.seed
    crashes = getattr(given, "server_crashes", 0)
    plan = Plan(
        Blows(given.kills, given.stops, given.freezes, crashes, given.seconds),
        nodes=getattr(given, "nodes", 1),
        seed=seed,
        rate=given.rate,
        push=given.push,
    )
    folder = given.folder or Path(tempfile.mkdtemp(prefix="crash-"))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        parser.error(f"{folder} is not empty: what an earlier run left would be blamed on this one")
    console, begun = Console(), time.monotonic()
    with _database(given.database, folder) as database, _progress(console) as tell:
        findings = crash(plan, database, folder, tell)
    _show(console, given.database, seed, time.monotonic() - begun, findings)
    console.print(f"history: {folder / 'history.jsonl'}", soft_wrap=True)
    return 1 if findings.violations else 0


def _command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    kinds = parser.add_subparsers(dest="database", required=True, metavar="sqlite | postgres")
    for name in ("sqlite", "postgres"):
        kind = kinds.add_parser(name)
        kind.add_argument("--kills", type=int, default=20, help="SIGKILLs (20)")
        kind.add_argument("--stops", type=int, default=4, help="SIGTERMs (4)")
        kind.add_argument("--freezes", type=int, default=2, help="SIGSTOPs, for seconds (2)")
        kind.add_argument("--seconds", type=float, default=120.0, help="at most so long (120)")
        kind.add_argument("--seed", type=int, help="of the dice; a new one each time by default")
        kind.add_argument("--rate", type=float, default=100.0, help="events a second (100)")
        kind.add_argument("--push", action="store_true", help="push where a reply token is dead")
        kind.add_argument("--folder", type=Path, help="where history and logs are left")
    kind.add_argument("--nodes", type=int, default=2, help="servers that share it (2)")
    kind.add_argument("--server-crashes", type=int, default=3, help="of the database's own (3)")
    return parser


@contextlib.contextmanager
def _database(name: str, folder: Path) -> Iterator[Database]:
    if name == "sqlite":
        yield SqliteFile(folder)
        return
    with running() as server:
        yield Postgres(server)


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    """A line that changes, on a terminal; nothing where nobody watches."""
    if not console.is_terminal:
        yield lambda line: None
        return
    with console.status("…") as status:
        yield status.update


def _show(console: Console, name: str, seed: int, seconds: float, findings: Findings) -> None:
    table = Table("", name, title=f"seed {seed}, {seconds:.0f} s")
    for what, count in findings.counts.items():
        table.add_row(what, str(count))
    table.add_section()
    for promise in RULES:
        broken = sum(1 for each in findings.violations if each.kind == promise)
        table.add_row(promise, f"[red]{broken}[/red]" if broken else "0")
    console.print(table)
    for each in findings.violations[:SHOWN]:
        console.print(f"{each.kind}: {each.what}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
