"""Nothing that runs in a server asks the machine for the time, or throws dice, by itself.

Otherwise virtual time would not be all the time there is, and one seed not one run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import ROOT

FORBIDDEN = (
    "time.",
    "random.",
    "uuid.uuid1",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
)
"""What tells the time or throws dice. Keys and nonces come from ``os.urandom``: nothing that
happens depends on which they are."""

OUTSIDE = {
    "bot/clock.py": "the one place that asks",
    "bot/check.py": "a command at a terminal: content is held against today",
    "bot/cli.py": "commands at a terminal",
    "bot/logs.py": "when a line is written out, on which nothing depends",
}
"""Files that may, and why. The simulator is left out of the server altogether."""

DECLARED = {"bot/engine/verdict.py: random.Random"}
"""Dice that are the default of parameters in several places."""


def sources() -> list[Path]:
    """Every file that runs in a server."""
    files = [
        path for folder in ("bot", "flows", "content") for path in (ROOT / folder).rglob("*.py")
    ]
    inside = [path for path in files if not path.is_relative_to(ROOT / "bot" / "simulator")]
    return [path for path in inside if path.relative_to(ROOT).as_posix() not in OUTSIDE]


def offences(tree: ast.Module) -> Iterator[str]:
    """What *tree* uses of what is forbidden, but for defaults of parameters: declared ports."""
    names = dict(_imported(tree))
    ports = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for default in (*node.args.defaults, *node.args.kw_defaults)
        if isinstance(default, ast.Attribute | ast.Name)
        for part in ast.walk(default)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in ports:
            dotted = _dotted(node, names)
            if dotted.startswith(FORBIDDEN):
                yield dotted


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that an import brings, and what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                first = each.name.partition(".")[0]
                yield (each.asname, each.name) if each.asname else (first, first)
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full name that *node* stands for, as far as it is one of an import."""
    match node:
        case ast.Name(id=name):
            return names.get(name, "")
        case ast.Attribute(value=value, attr=attr):
            before = _dotted(value, names)
            return f"{before}.{attr}" if before else ""
    return ""


def test_no_file_asks_the_machine_for_time_or_dice() -> None:
    """Time comes from the store or the loop, dice through a parameter."""
    assert sources()
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {offence}"
        for path in sources()
        for offence in offences(ast.parse(path.read_text("utf-8")))
    ]

    assert set(found) == DECLARED


def test_every_exception_is_needed() -> None:
    """A file that no longer asks has no excuse any more."""
    for name in OUTSIDE:
        assert list(offences(ast.parse((ROOT / name).read_text("utf-8")))), name


@pytest.mark.parametrize(
    "code",
    [
        "import time\nt = time.time()",
        "import time as t\nt.monotonic()",
        "from time import perf_counter as p\np()",
        "from datetime import datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.now()",
        "import datetime as d\nclock = d.datetime.utcnow",
        "from datetime import date\ndate.today()",
        "import random\ndice = random.random",
        "from random import choice\nchoice([1])",
        "import time\ndef f(now=time.time()): ...",
    ],
)
def test_a_file_that_asks_is_found(code: str) -> None:
    """In whatever way it is spelled."""
    assert len(list(offences(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "import random\ndef f(jitter=random.random): ...",
        "import time\ndef f(*, now=time.monotonic): ...",
        "from datetime import datetime\ndatetime.fromtimestamp(1, UTC)",
        "import asyncio\nasyncio.get_running_loop().time()",
    ],
)
def test_a_declared_port_is_none(code: str) -> None:
    """A default that a test may replace, and what takes the time as given."""
    assert list(offences(ast.parse(code))) == []
