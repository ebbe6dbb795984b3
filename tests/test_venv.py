"""How .venv comes to be and when it is left alone."""

import json
import sys
from pathlib import Path

import pytest

import dev

WANT = {"place": "here", "project": "now", "run": "small", "test": "full"}
FRESH = ["venv", "packages", "project"]


@pytest.mark.parametrize(
    ("have", "which", "work"),
    [
        pytest.param({}, "run", FRESH, id="no .venv, run"),
        pytest.param({}, "test", FRESH, id="no .venv, test"),
        pytest.param(WANT, "run", [], id="a full .venv is not cut down for run"),
        pytest.param(WANT, "test", [], id="nothing to do"),
        pytest.param({**WANT, "test": ""}, "run", [], id="small and enough"),
        pytest.param(
            {**WANT, "test": ""}, "test", ["packages", "project"], id="small, to be added to"
        ),
        pytest.param({**WANT, "test": "old"}, "test", FRESH, id="test lock changed"),
        pytest.param({**WANT, "run": "old", "test": "old"}, "run", FRESH, id="locks changed"),
        pytest.param({**WANT, "place": "there"}, "run", FRESH, id="moved, or another Python"),
        pytest.param({**WANT, "place": "there", "test": ""}, "test", FRESH, id="small and moved"),
        pytest.param({**WANT, "project": "then"}, "run", ["project"], id="pyproject changed"),
    ],
)
def test_set_up_does_what_is_needed_and_no_more(
    have: dict[str, str], which: str, work: list[str]
) -> None:
    """The stamp in .venv decides between nothing, the project, more packages, and a new start."""
    assert dev.plan(have, WANT, which) == work


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A project of its own in which set-up notes its work down instead of doing it."""
    notes: list[str] = []
    venv = tmp_path / ".venv"

    def make_venv() -> None:
        notes.append("venv")
        (venv / "bin").mkdir(parents=True, exist_ok=True)
        (venv / "bin" / "python").touch()

    locks = {which: tmp_path / path.name for which, path in dev.LOCKS.items()}
    for path in (*locks.values(), tmp_path / "pyproject.toml"):
        path.write_text(path.name, "utf-8")
    monkeypatch.setattr(dev, "VENV", venv)
    monkeypatch.setattr(dev, "STAMP", venv / ".stamp")
    monkeypatch.setattr(dev, "LOCKS", locks)
    monkeypatch.setattr(dev, "PYPROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(dev, "program", lambda name: venv / "bin" / name)
    monkeypatch.setattr(dev, "make_venv", make_venv)
    monkeypatch.setattr(dev, "install_packages", lambda lock: notes.append(lock.name))
    monkeypatch.setattr(dev, "pip", lambda *words: notes.append("project"))
    return notes


def test_run_then_test_then_run_installs_each_package_once(done: list[str]) -> None:
    """`test` adds to what `run` made, and the next starts find nothing to do."""
    for which in ("run", "run", "test", "test", "run"):
        dev.set_up(which)

    assert done == [
        *("venv", "requirements-run.lock", "project"),
        *("requirements.lock", "project"),
    ]


def test_a_changed_pyproject_reinstalls_the_project_only(done: list[str]) -> None:
    """New entry points arrive without fetching a package again, and the full .venv stays full."""
    dev.set_up("test")
    dev.PYPROJECT.write_text("another script", "utf-8")
    done.clear()
    dev.set_up("run")
    dev.set_up("test")

    assert done == ["project"]


def test_a_full_venv_in_a_new_place_is_not_taken_for_full_again(done: list[str]) -> None:
    """After `run` started from nothing, `test` knows that its own packages are gone."""
    dev.set_up("test")
    moved = {**json.loads(dev.STAMP.read_text("utf-8")), "place": "elsewhere"}
    dev.STAMP.write_text(json.dumps(moved), "utf-8")
    done.clear()
    dev.set_up("run")
    dev.set_up("test")

    assert done[:2] == ["venv", "requirements-run.lock"]
    assert done[3:] == ["requirements.lock", "project"]


def test_a_set_up_cut_short_begins_afresh(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-filled .venv is never taken for a finished one."""

    def break_off(lock: Path) -> None:
        raise KeyboardInterrupt

    dev.set_up("run")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(dev, "install_packages", break_off)
        with pytest.raises(KeyboardInterrupt):
            dev.set_up("test")
    done.clear()
    dev.set_up("run")

    assert done == ["venv", "requirements-run.lock", "project"]


def test_without_ensurepip_and_root_the_command_to_run_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Debian's Python makes no .venv by itself; an ordinary user is told what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(dev, "way_to_root", lambda: None)

    with pytest.raises(SystemExit) as ended:
        dev.make_venv()

    major, minor = sys.version_info[:2]
    assert ended.value.code == 1
    assert f"sudo apt install python{major}.{minor}-venv" in capsys.readouterr().err
