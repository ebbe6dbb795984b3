"""`dev.py test`: the order of its steps, what stops it, and what happens without a browser."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dev
from tests import checks


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Note each step's command instead of running it; every step succeeds."""
    commands: list[list[str]] = []

    def note(name: str, command: list[str]) -> int:
        commands.append([name, *command])
        return 0

    monkeypatch.setattr(checks, "announced", note)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("BOT_REQUIRE_BROWSER", raising=False)
    return commands


def without_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this a machine with no browser and nobody who may install one."""
    monkeypatch.delenv("BOT_CHROMIUM", raising=False)
    monkeypatch.setattr(checks, "BROWSERS", ("no-such-browser",))
    monkeypatch.setattr(checks, "way_to_root", lambda: None)


def test_the_first_failing_step_ends_the_run_with_its_code_and_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What comes after a failure is not run; the last line names the step and its seconds."""
    exits = {
        "first": "pass",
        "second": "raise SystemExit(3)",
        "third": f"open({str(tmp_path / 'x')!r}, 'w')",
    }
    monkeypatch.setattr(
        checks, "STEPS", {name: ("python", "-c", code) for name, code in exits.items()}
    )

    code = checks.check(list(exits), [])

    said = capsys.readouterr().err.splitlines()
    assert code == 3
    assert said[1].startswith("-- first: OK (")
    assert said[-1].startswith("-- second: NG / failed (")
    assert not (tmp_path / "x").exists()


def test_the_steps_are_those_of_ci_in_their_order(
    asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quick checks come first, and the tests run in at most two processes."""
    monkeypatch.setattr(checks, "prepare_browser", list)

    assert checks.check(list(checks.STEPS), []) == 0
    steps = ["format", "lint", "types", "layers", "content", "explore", "tests"]
    assert [step for step, *_ in asked] == steps
    processes = int(asked[-1][asked[-1].index("--numprocesses") + 1])
    assert 1 <= processes <= 2


def test_only_the_named_steps_run(asked: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--only` is repeatable, and `--only setup` runs nothing once .venv is there."""
    handler = signal.getsignal(signal.SIGTERM)
    try:
        monkeypatch.setattr(sys, "argv", ["checks", "--only", "layers", "--only", "lint"])
        assert checks.main() == 0
        monkeypatch.setattr(sys, "argv", ["checks", "--only", "setup"])
        assert checks.main() == 0
    finally:
        signal.signal(signal.SIGTERM, handler)

    assert [step for step, *_ in asked] == ["lint", "layers"]


def test_what_a_person_asks_of_pytest_is_passed_on(
    asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A narrow run is not spread over processes."""
    monkeypatch.setattr(checks, "prepare_browser", list)
    checks.check(["tests"], ["tests/test_setup.py", "-x"])

    assert asked == [["tests", "pytest", "tests/test_setup.py", "-x"]]


def test_a_person_without_a_browser_is_told_loudly_and_the_rest_runs(
    asked: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line says that browser tests were skipped and how to get them."""
    without_browser(monkeypatch)

    assert checks.check(["tests"], []) == 0
    assert asked[0][2:4] == ["-m", "not browser"]
    last = capsys.readouterr().err.splitlines()[-1]
    assert "SKIPPED" in last
    assert "sudo apt install chromium" in last


@pytest.mark.parametrize("setting", ["CI", "BOT_REQUIRE_BROWSER"])
def test_ci_without_a_browser_fails(
    setting: str,
    asked: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A machine that must prove everything does not pass by leaving something out."""
    without_browser(monkeypatch)
    monkeypatch.setenv(setting, "true")

    assert checks.check(["tests"], []) == 1
    assert asked == []
    assert "chromium" in capsys.readouterr().err


def test_the_browser_a_person_names_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """BOT_CHROMIUM may name any program that is there."""
    monkeypatch.setenv("BOT_CHROMIUM", sys.executable)

    assert checks.find_browser() == sys.executable


def test_a_browser_that_is_not_there_is_an_error_and_not_a_skip(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped BOT_CHROMIUM must not quietly fall back to another browser."""
    monkeypatch.setenv("BOT_CHROMIUM", "chromium-of-tomorrow")

    with pytest.raises(SystemExit) as ended:
        checks.find_browser()

    assert ended.value.code == 1
    assert "chromium-of-tomorrow" in capsys.readouterr().err


@pytest.mark.parametrize("started", ["", "signal.signal(signal.SIGINT, signal.SIG_IGN)"])
def test_stopping_the_run_lets_the_step_tidy_up(tmp_path: Path, started: str) -> None:
    """A SIGTERM reaches the step as an interrupt, and the run waits for its end; also where a
    shell started it in the background, deaf to interrupts."""
    step = tmp_path / "step.py"
    step.write_text(
        "import pathlib, time\n"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "(here / 'started').touch()\n"
        "try:\n    time.sleep(60)\n"
        "finally:\n    (here / 'tidied').touch()\n",
        "utf-8",
    )
    run = (
        "import signal, sys; from tests import checks\n"
        f"{started}\n"
        f"checks.STEPS = {{'lint': ('python', {str(step)!r})}}\n"
        "sys.argv = ['checks', '--only', 'lint']\n"
        "sys.exit(checks.main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", run], cwd=dev.ROOT, stderr=subprocess.DEVNULL
    ) as running:
        until = time.monotonic() + 20
        while not (tmp_path / "started").exists() and time.monotonic() < until:
            time.sleep(0.02)
        running.terminate()
        code = running.wait(20)

    assert code == 128 + signal.SIGTERM
    assert (tmp_path / "tidied").exists()


def test_every_step_is_a_program_the_full_lock_brings() -> None:
    """A step's program stands in .venv, next to the Python that runs this test."""
    programs = {command[0] for command in checks.STEPS.values()}

    assert [name for name in programs if not shutil.which(dev.program(name))] == []
