"""The table of faults is whole, and every test it names is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import ROOT
from tests.faults.table import ROWS, Row

HERE = Path(__file__).parent
NUMBER = re.compile(r"\d+")
ROW = re.compile(r"\bRows? ((?:\d+(?:, | and |\b))+)")


def named_in(path: Path) -> Iterator[tuple[str, str]]:
    """The name and docstring of every test in a file, classes and what is assigned included."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, ast.get_docstring(node) or ""
        elif isinstance(node, ast.Assign):
            yield from ((target.id, "") for target in node.targets if isinstance(target, ast.Name))


def test_every_row_is_there_once() -> None:
    """Fifty-five, in order."""
    assert [row.number for row in ROWS] == list(range(1, 56))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number} {row.fault}")
def test_every_row_is_proven_or_says_why_not(row: Row) -> None:
    """Each test it names exists, and is a test."""
    assert bool(row.tests) != bool(row.why)
    for name in row.tests:
        file, _, function = name.partition("::")
        names = [found for found, _ in named_in(ROOT / "tests" / file)]
        assert function in names, f"{name} is gone"
        assert function.startswith(("test_", "Test"))
        assert Path(file).name.startswith("test_")


@pytest.mark.parametrize("path", sorted(HERE.glob("test_*.py")), ids=lambda path: path.stem)
def test_every_test_of_a_fault_is_in_its_row(path: Path) -> None:
    """What a docstring says of rows, the table says too."""
    of = {name: [row.number for row in ROWS if f"faults/{path.name}::{name}" in row.tests]
          for name, _ in named_in(path)}  # fmt: skip
    for name, said in named_in(path):
        if name.startswith("test_") and path.name != Path(__file__).name:
            told = [
                int(number) for each in ROW.findall(said) for number in re.findall(r"\d+", each)
            ]
            assert sorted(set(told)) == of[name], name
