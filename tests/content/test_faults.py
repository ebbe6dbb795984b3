"""Every kind of fault: one is planted, one is told, on its own line and with its mend.

The cases are in cases/*.yaml. ``old`` becomes ``new`` in ``file`` of the invented services;
the problem is then told of the line on which ``at`` stands (0: of the file as a whole), in the
file ``in`` where that is another one. ``told`` lists several, where one fault spoils two places.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from content.problems import Problem
from content.reader import read
from tests.content.folder import Folder

CASES = Path(__file__).parent / "cases"


def cases() -> Iterator[Any]:
    """Each case under its name."""
    for path in sorted(CASES.glob("*.yaml")):
        problems: list[Problem] = []
        document = read(path, CASES, problems)
        assert isinstance(document.data, dict), problems
        assert not problems
        for name, case in document.data.items():
            yield pytest.param(case, id=f"{path.stem}: {name}")


@pytest.mark.parametrize("case", list(cases()))
def test_a_fault_is_told_where_it_is(folder: Folder, case: dict[str, Any]) -> None:
    """One fault gives one problem: on its own line, with what is wrong and how to mend it."""
    folder.swap(case["file"], case["old"], case["new"] or "")

    said = sorted(folder.problems())

    expected = []
    for told in case.get("told", [case]):
        file = told.get("in", case["file"])
        line = 0 if told["at"] == "0" else folder.line(file, told["at"])
        expected.append(f"{file}:{line}: {told['says']}")
    assert said == sorted(expected)
