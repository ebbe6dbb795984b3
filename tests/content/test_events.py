"""libyaml only makes reading quick: with it and without it, the same is read and told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from content import events
from content.catalog import HERE, load
from content.problems import Problem
from content.reader import read

PIECES = (
    "a", "b: ", "no", "10:30", "1", "~", "日本", "😀", "- ", "-", ": ", ":", "? ", "?", "\n", "\n",
    "\n  ", "\n    ", "\r\n", " ", "\t", "'", '"', "[", "]", "{", "}", ", ", ",", "&x ", "*x",
    "!t ", "!!str ", "! ", "!", " # c", "#", "|", "|2-", ">", "---", "...", "\n---\n",
    "%YAML 1.2\n",
    "%TAG ! x\n", "%", "@", "`", "=", "<<: ", "\\", "\\ud800", "\\U00110000", "\\\n", "\u2028",
    "\x85", "\xa0", "\u3000", "\ufeff", "\x07", "\ufffe", "\na: 1", "\n- c", "\n  d: 3",
)  # fmt: skip
"""What YAML is made of, and what it trips over."""


def everything(path: Path, *, quick: bool) -> tuple[object, object, list[str]]:
    """All that the reader makes of a file."""
    problems: list[Problem] = []
    document = read(path, path.parent, problems, quick=quick)
    return document.data, document.lines, [str(problem) for problem in problems]


def test_libyaml_is_here() -> None:
    """What is locked carries it; without it these tests would compare a thing with itself."""
    assert events.QUICK


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["", "a: 1\nb: "]))
def test_whatever_is_written_is_read_alike_by_both(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], before: str
) -> None:
    """Data, lines and complaints are the same, for sense and for nonsense."""
    file = tmp_path_factory.getbasetemp() / "alike.yaml"
    file.write_bytes((before + "".join(pieces)).encode())

    assert everything(file, quick=True) == everything(file, quick=False)


@pytest.mark.parametrize("path", sorted(HERE.rglob("*.yaml")), ids=lambda path: path.stem)
def test_our_content_is_read_alike_by_both(path: Path) -> None:
    """Each file of ours, to the line."""
    data, lines, problems = everything(path, quick=True)

    assert (data, lines, problems) == everything(path, quick=False)
    assert isinstance(data, dict)
    assert problems == []


def test_all_content_goes_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of ours that only the slow parser may read would be felt at every start."""
    monkeypatch.delattr(yaml, "BaseLoader")

    with pytest.raises(AttributeError, match="BaseLoader"):
        events.parsed("a:\t1\n")

    assert load().documents


def test_the_content_is_read_where_there_is_no_libyaml() -> None:
    """PyYAML built without it has no quick parser, and the bot starts all the same."""
    code = (
        "import sys; sys.modules['yaml._yaml'] = None\n"
        "from content import catalog, events\n"
        "print(events.QUICK, catalog.load().version)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.split() == ["False", load().version]
