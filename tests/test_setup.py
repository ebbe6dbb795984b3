"""dev.py, the one file a fresh clone starts with: on old and new Pythons, and its commands."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dev

DEV_SOURCE = Path(dev.__file__).read_text("utf-8")


def test_dev_can_be_read_by_python_3_6() -> None:
    """An old Python must get as far as the sentence that says what is needed."""
    tree = ast.parse(DEV_SOURCE, feature_version=(3, 6))
    evaluated = [
        ast.unparse(annotation)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for annotation in (*(a.annotation for a in function.args.args), function.returns)
        if isinstance(annotation, ast.Subscript | ast.BinOp)
    ]

    assert evaluated == [], "quote these annotations: an old Python would stumble over them"


def test_dev_imports_only_what_python_brings() -> None:
    """dev.py runs before anything is installed."""
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(DEV_SOURCE))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13)])
def test_an_old_python_gets_one_sentence(version: tuple[int, ...]) -> None:
    """The sentence names the Python that is needed and the one at hand."""
    sentence = dev.why_too_old(version)

    assert "\n" not in sentence
    assert "3.11" in sentence
    assert ".".join(map(str, version)) in sentence


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 5), (4, 0, 0)])
def test_a_python_new_enough_gets_no_sentence(version: tuple[int, ...]) -> None:
    """3.11 and everything after it will do."""
    assert dev.why_too_old(version) == ""


def pretend_to_be_old(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Start dev.py where every Python is too old, with *path* as the only place to look for one."""
    pretend = (
        f"import dev, sys; dev.OLDEST = (99, 0); sys.argv[1:] = {words!r}; sys.exit(dev.main())"
    )
    environment = {**os.environ, "PATH": str(path), "PYTHONPATH": str(dev.ROOT)}
    return subprocess.run(
        [sys.executable, "-c", pretend], env=environment, capture_output=True, text=True, timeout=30
    )


def program_at(path: Path, *lines: str) -> None:
    """Write an executable shell script."""
    path.write_text("\n".join(("#!/bin/sh", *lines, "")), "utf-8")
    path.chmod(0o755)


def test_an_old_python_stops_before_it_touches_anything(tmp_path: Path) -> None:
    """With no newer Python about, dev.py says its one line and fails."""
    ended = pretend_to_be_old(tmp_path, "run")

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert "99.0" in ended.stderr


def test_an_old_python_hands_over_to_a_newer_one_that_works(tmp_path: Path) -> None:
    """A version manager's stand-in with no Python behind it is passed by."""
    program_at(tmp_path / "python3.13", "exit 127")
    program_at(tmp_path / "python3.12", 'echo "newer: $*"')

    ended = pretend_to_be_old(tmp_path, "run", "--port", "9000")

    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1] == f"newer: {dev.ROOT / 'dev.py'} run --port 9000"


# The commands


def test_help_shows_every_command() -> None:
    """`--help` names the commands with an example each, and sets nothing up."""
    shown = subprocess.run(
        [sys.executable, dev.__file__, "--help"], capture_output=True, text=True, timeout=30
    )

    assert shown.returncode == 0
    for command in ("run", "test", "lock"):
        assert f"python3 dev.py {command}" in shown.stdout


@pytest.mark.parametrize(
    ("words", "lock", "started"),
    [
        (["run", "--port", "9000"], "run", "taikai simulate --port 9000"),
        (["test", "--only", "lint"], "test", "python -m tests.checks --only lint"),
        (["test", "tests/talks", "-x"], "test", "python -m tests.checks tests/talks -x"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_becomes_the_program_it_starts(
    words: list[str], lock: str, started: str, tmp_path: Path
) -> None:
    """After the right set-up, dev.py's own process is the program: same id, same exit code."""
    for name in ("taikai", "python"):
        program_at(tmp_path / name, f'echo "$$ {name} $*"; exit 5')
    become = (
        "import dev, pathlib, sys\n"
        "dev.set_up = lambda which: print(which, flush=True)\n"
        f"dev.program = pathlib.Path({str(tmp_path)!r}).joinpath\n"
        f"sys.argv[1:] = {words!r}\n"
        "sys.exit(dev.main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", become], cwd=dev.ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        said, _ = process.communicate(timeout=30)

    assert said.splitlines() == [lock, f"{process.pid} {started}"]
    assert process.returncode == 5


def test_ci_runs_what_a_person_runs(tmp_path: Path) -> None:
    """.ci/run is `python3 dev.py test` from the project's folder, with CI set."""
    program_at(tmp_path / "python3", 'echo "$* CI=$CI"; pwd -P; exit 7')
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "CI": ""}
    ended = subprocess.run(
        [dev.ROOT / ".ci" / "run"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert ended.stdout.splitlines() == ["dev.py test CI=true", str(dev.ROOT)]
    assert ended.returncode == 7
