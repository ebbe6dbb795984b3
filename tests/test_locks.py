"""The lock files: complete, hashed, in step with pyproject.toml, and naming no host."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dev

PYPROJECT = tomllib.loads(dev.PYPROJECT.read_text("utf-8"))
each_lock = pytest.mark.parametrize("lock", dev.LOCKS.values(), ids=lambda path: path.name)


def versions(lock: Path) -> dict[str, set[str]]:
    """Read which versions of each package a lock pins; markers may ask for several."""
    pinned: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text("utf-8"), re.M):
        pinned.setdefault(canonicalize_name(name), set()).add(version)
    return pinned


def asked_for(*extras: str) -> list[Requirement]:
    """Read what pyproject.toml asks for, with the named extras."""
    project = PYPROJECT["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][name] for name in extras)]
    return [Requirement(line) for lines in lists for line in lines]


@each_lock
def test_every_line_of_a_lock_is_a_pinned_package_or_its_hash(lock: Path) -> None:
    """A lock holds comments, exact versions and SHA-256 hashes: no host, no option, no path."""
    line_of_a_lock = re.compile(
        r"#.*"
        r"|[a-z0-9][a-z0-9._-]*==[\w.+!-]+( ; [\w .<>=!'()]+)? \\"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
    )
    odd = [
        line for line in lock.read_text("utf-8").splitlines() if not line_of_a_lock.fullmatch(line)
    ]

    assert odd == []


@each_lock
def test_every_package_of_a_lock_has_a_hash(lock: Path) -> None:
    """A package without a hash would make pip refuse the whole lock."""
    lines = lock.read_text("utf-8").splitlines()
    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if "==" in line and not line.startswith(("#", " ")) and "--hash=" not in following
    ]

    assert bare == []
    assert len(versions(lock)) > 30


def test_a_venv_made_for_test_also_serves_run() -> None:
    """The run lock is a part of the full lock: the same packages at the same versions."""
    run, full = versions(dev.LOCKS["run"]), versions(dev.LOCKS["test"])

    assert run.items() <= full.items()
    assert run != full


@pytest.mark.parametrize(
    ("which", "extras"), [("run", ("build",)), ("test", ("build", "dev"))], ids=("run", "test")
)
def test_the_locks_follow_pyproject(which: str, extras: tuple[str, ...]) -> None:
    """Whatever pyproject.toml asks for is locked at a version it allows."""
    pinned = versions(dev.LOCKS[which])
    behind = [
        str(wanted)
        for wanted in asked_for(*extras)
        if not any(
            wanted.specifier.contains(v) for v in pinned.get(canonicalize_name(wanted.name), ())
        )
    ]

    assert behind == [], "run: python3 dev.py lock"


def test_building_the_project_fetches_nothing_that_is_not_locked() -> None:
    """The build backend is in the run lock, for `pip install --no-build-isolation`."""
    needed = {
        canonicalize_name(Requirement(line).name) for line in PYPROJECT["build-system"]["requires"]
    }

    assert needed | {"editables"} <= versions(dev.LOCKS["run"]).keys()


def test_the_test_tools_are_not_in_the_run_lock() -> None:
    """`run` does not fetch what only the checks need."""
    run = versions(dev.LOCKS["run"])

    assert {"pytest", "mypy", "ruff", "playwright", "uv"}.isdisjoint(run)
