"""No statement needs more than one person's place: the tables may be spread over many databases."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest

from bot.store import (
    accepting,
    deferring,
    delivering,
    keeping,
    postgres_accepting,
    postgres_adopting,
    postgres_deferring,
    postgres_delivering,
    postgres_keeping,
)
from bot.store.postgres_pool import SETTINGS
from tests.store.conftest import emptied
from tests.store.partitioned import PARTITIONS, TABLES
from tests.store.rows import ANN

POSTGRES = (
    postgres_accepting,
    postgres_adopting,
    postgres_deferring,
    postgres_delivering,
    postgres_keeping,
)
SQLITE = (accepting, deferring, delivering, keeping)

SWEEPS = {
    "_WAITING", "_BEHIND", "_BACKLOG", "_DEFER", "_EVENTS", "_CONVERSATIONS", "_TOMBSTONES",
    "_ANSWERS", "_ALLOWANCES", "WAITING", "BEHIND", "BACKLOG", "DEFER", "PURGE", "take_back",
}  # fmt: skip
"""What is about everybody: finding work, counting it, forgetting, keeping many people's events at
once, and taking back the claims of a dead process."""

_ABOUT_PEOPLE = re.compile(rf"\b(?:FROM|INTO|UPDATE|IGNORE)\s+(?:{'|'.join(TABLES)})\b")
_STATEMENT = re.compile(r"\s*(?:WITH|SELECT|INSERT|UPDATE|DELETE)\b")
_ONE_PERSON = re.compile(r"user_key\s*=\s*(?:[$?:]|known)|\(user_key, |SELECT \$1")


def statements(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Every statement of *module* about people, with the name it has or the function it is in."""
    for name, value in vars(module).items():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and _STATEMENT.match(text) and _ABOUT_PEOPLE.search(text):
                yield name, text
    assert module.__file__
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                text = _text(node)
                if _STATEMENT.match(text) and _ABOUT_PEOPLE.search(text):
                    yield function.name, text


def _text(node: ast.AST) -> str:
    """What a string says; a name stands for whatever an f-string puts in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (v.value if isinstance(v, ast.Constant) else "person" for v in node.values)
        return "".join(map(str, parts))
    return ""


@pytest.mark.parametrize("module", [*SQLITE, *POSTGRES], ids=lambda module: module.__name__)
def test_every_statement_names_the_person_it_is_about(module: ModuleType) -> None:
    """But for the sweeps; each of those is about everybody by its nature."""
    found = list(statements(module))
    astray = [
        f"{name}: {text}"
        for name, text in found
        if name not in SWEEPS and not _ONE_PERSON.search(text)
    ]

    assert found
    assert astray == []


def test_every_sweep_is_there() -> None:
    """A name on the list of exceptions that nobody bears any more could hide a new one."""
    names = {name for module in (*SQLITE, *POSTGRES) for name, _ in statements(module)}

    assert names >= SWEEPS


@pytest.fixture
async def planner(partitioned_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection with the settings the store has, to the tables in partitions."""
    await emptied(partitioned_url)
    connection = await asyncpg.connect(partitioned_url, server_settings=SETTINGS)
    yield connection
    await connection.close()


HOT = [
    (name, text)
    for module in POSTGRES
    for name, text in statements(module)
    if name not in SWEEPS and not name.startswith("_")
]


@pytest.mark.parametrize(("name", "statement"), HOT, ids=[name for name, _ in HOT])
async def test_a_hot_statement_touches_one_partition_of_each_table(
    planner: asyncpg.Connection, name: str, statement: str
) -> None:
    """As it is planned in production: once, for whoever comes; and never without an index."""
    prepared = await planner.prepare(statement)
    types = [kind.name for kind in prepared.get_parameters()]
    await planner.execute(f"PREPARE hot ({', '.join(types)}) AS {statement}")
    values = ", ".join(_literal(kind, first=n == 0) for n, kind in enumerate(types))

    [[plan]] = await planner.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE hot ({values})")

    nodes = list(_nodes(json.loads(plan)[0]["Plan"]))
    touched: dict[str, set[str]] = {}
    for node in nodes:
        table, _, number = node.get("Relation Name", "").partition("_")
        if number:
            touched.setdefault(table, set()).add(number)
    assert all(len(numbers) == 1 for numbers in touched.values()), touched
    assert len({number for numbers in touched.values() for number in numbers}) <= 1
    scans = [node["Node Type"] for node in nodes if node.get("Relation Name")]
    assert touched or scans == ["ModifyTable"] * len(scans), "an insertion reads nothing"
    assert "Seq Scan" not in scans
    indexes = {node["Index Name"] for node in nodes if "Index Name" in node}
    assert all(name.endswith("_pkey") for name in indexes), "that index is about everybody"


async def test_the_partitions_are_there(planner: asyncpg.Connection) -> None:
    """Otherwise touching one of each would mean nothing."""
    found = await planner.fetch("SELECT inhparent::regclass::text FROM pg_inherits")

    tables = [row[0] for row in found]
    assert {table: tables.count(table) for table in TABLES} == dict.fromkeys(TABLES, PARTITIONS)


def _literal(kind: str, first: bool) -> str:
    if kind == "bytea":
        return f"'\\x{ANN.hex()}'" if first else "'\\x01'"
    if kind.endswith("[]"):
        return f"'{{}}'::{kind}"
    return "1" if kind in ("int4", "int8", "numeric") else "'sent'"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
