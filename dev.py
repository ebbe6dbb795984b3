#!/usr/bin/env python3
"""Sets 退会ナビ up on a machine that has only Python, then starts it or checks it.

    python3 dev.py run             make .venv, then chat with the bot at http://127.0.0.1:8000/
    python3 dev.py run --port 9000
    python3 dev.py test            everything CI checks: format, lint, types, layers, content, tests
    python3 dev.py test --only types --only layers
    python3 dev.py test tests/test_setup.py -x      what is left over goes to pytest
    python3 dev.py lock            remake both lock files; --upgrade takes newer versions

Standard library only, and readable by old Pythons: whoever has one gets a sentence, no traceback.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / ".stamp"
PYPROJECT = ROOT / "pyproject.toml"
# The first lock is a part of the second: a .venv made for `test` also serves `run`.
LOCKS = {"run": ROOT / "requirements-run.lock", "test": ROOT / "requirements.lock"}

PROGRAMS = {"run": ("taikai", "simulate"), "test": ("python", "-m", "tests.checks")}

OLDEST = (3, 11)
KNOWN_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")


def main() -> int:
    """Do what the command line asks for. The result is the exit code."""
    sentence = why_too_old(sys.version_info[:3])
    if sentence:
        return use_newer_python(sentence)
    args, rest = command_line().parse_known_args()
    try:
        set_up("run" if args.command == "run" else "test")
        return lock(rest) if args.command == "lock" else become(*PROGRAMS[args.command], *rest)
    except KeyboardInterrupt:
        return 130
    except subprocess.CalledProcessError as error:
        return refuse("準備に失敗しました / this failed: " + shlex.join(map(str, error.cmd)))


def command_line() -> argparse.ArgumentParser:
    """Describe the three commands; words unknown here go on to the program that is started."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | test | lock")
    about = {
        "run": "set up, then start the simulator; the rest goes to `taikai simulate`: --port 9000",
        "test": "set up, then make every check; --only STEP makes one of them: setup (none), "
        "format, lint, types, layers, content, tests; the rest goes to pytest",
        "lock": "remake both lock files; the rest goes to `uv pip compile`: --upgrade",
    }
    for name, words in about.items():
        commands.add_parser(name, help=words, description=words, allow_abbrev=False)
    return parser


def say(sentence: str) -> None:
    """Tell the person; on stderr, so that a pipe gets the program's own output only."""
    print(sentence, file=sys.stderr, flush=True)


def refuse(sentence: str) -> int:
    """Tell the person why it cannot go on. The result is the exit code for it."""
    say("dev.py: " + sentence)
    return 1


# Python


def why_too_old(version: "tuple[int, ...]") -> str:
    """Say in one sentence which Python is needed; nothing when this one will do."""
    if version >= OLDEST:
        return ""
    here, need = (".".join(map(str, number)) for number in (version, OLDEST))
    return f"Python {need} 以上が必要です / needs Python {need} or newer, this is {here}."


def use_newer_python(sentence: str) -> int:
    """Start again under a newer Python from PATH; if there is none, say the sentence and stop."""
    for name in KNOWN_PYTHONS:
        found = shutil.which(name)
        # A version manager may put the name on PATH with no Python behind it.
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(found, [found, str(ROOT / "dev.py"), *sys.argv[1:]])
    return refuse(sentence)


# .venv


def set_up(which: str) -> None:
    """Bring .venv to what the lock for "run" or "test" says; takes no time when it is there."""
    with one_at_a_time():
        have, want = read_stamp(), fingerprints()
        work = plan(have, want, which)
        if not work:
            return
        began = time.monotonic()
        STAMP.unlink(missing_ok=True)  # if this is cut short, the next start begins afresh
        if "venv" in work:
            have = {}
            make_venv()
        if "packages" in work:
            install_packages(LOCKS[which])
        pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        made = {**want, "test": want["test"] if which == "test" else have.get("test", "")}
        STAMP.write_text(json.dumps(made), "utf-8")
        say(f".venv の準備ができました / .venv is ready ({time.monotonic() - began:.0f} s)")


def fingerprints() -> "dict[str, str]":
    """Digest what .venv depends on: the Python and the place, each lock, the project's metadata."""
    place = (sys.version, sys.base_prefix, sysconfig.get_platform(), str(ROOT))
    parts = {"place": repr(place).encode(), "project": PYPROJECT.read_bytes()}
    parts.update({which: path.read_bytes() for which, path in LOCKS.items()})
    return {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}


def read_stamp() -> "dict[str, str]":
    """Give the fingerprints .venv was made from; nothing when it is absent or unfinished."""
    try:
        stamp: object = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and program("python").exists() else {}


def plan(have: "dict[str, str]", want: "dict[str, str]", which: str) -> "list[str]":
    """List the work: "venv" (from nothing), "packages", "project", in this order.

    A .venv made for `test` serves `run` as it is, and one made for `run` is added to for `test`.
    Any other change of Python, place or lock starts from nothing: no old package stays behind.
    """
    same_place = have.get("place") == want["place"]
    small, full = (same_place and have.get(lock) == want[lock] for lock in ("run", "test"))
    if full or (small and which == "run"):
        return [] if have.get("project") == want["project"] else ["project"]
    if small and not have.get("test"):
        return ["packages", "project"]
    return ["venv", "packages", "project"]


@contextlib.contextmanager
def one_at_a_time() -> "Iterator[None]":
    """Let a second dev.py wait for the first one's set-up instead of tearing it down."""
    with open(__file__, "rb") as this_file:
        with contextlib.suppress(ImportError):  # Windows has no fcntl
            import fcntl

            fcntl.flock(this_file, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """Make an empty .venv; Debian keeps what that needs in a package of its own."""
    if importlib.util.find_spec("ensurepip") is None:
        install_debian_packages("python{}.{}-venv".format(*sys.version_info))
    # In an active .venv, sys.executable is the very file about to be removed.
    python = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([python, "-m", "venv", "--clear", str(VENV)], check=True)


def install_packages(lock_file: Path) -> None:
    """Install a lock: every file is checked against its hash, nothing is built from source."""
    say(f"{lock_file.name} を入れています。約1分です / installing it, about a minute ...")
    pip("install", "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock_file))


def pip(*words: str) -> None:
    """Run the pip of .venv, quietly."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([str(program("python")), "-m", "pip", *quiet, *words], check=True)


def program(name: str) -> Path:
    """Say where .venv keeps a program."""
    return VENV / "Scripts" / (name + ".exe") if os.name == "nt" else VENV / "bin" / name


# Debian packages


def install_debian_packages(*names: str) -> None:
    """Install by apt, as root or by a sudo that asks nothing; else show the command and stop."""
    become_root = None if shutil.which("apt-get") is None else way_to_root()
    if become_root is None:
        line = "sudo apt install " + " ".join(names)
        sys.exit(refuse(f"先にこれを実行してください / run this first: {line}"))
    say("入れています / installing " + " ".join(names) + " ...")
    install = ("install", "-y", "--no-install-recommends", *names)
    for words in (("update",), install):
        apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", *words]
        subprocess.run(apt, check=True, stdout=subprocess.DEVNULL)


def way_to_root() -> "tuple[str, ...] | None":
    """Give the words to put before a command to run it as root; None when nothing will do."""
    if os.name == "posix" and os.geteuid() == 0:
        return ()
    sudo = ("sudo", "-n")
    works = shutil.which("sudo") and subprocess.call([*sudo, "true"], stderr=subprocess.DEVNULL)
    return sudo if works == 0 else None


# What is started


def become(name: str, *words: str) -> int:
    """Turn into a program of .venv: signals and the exit code are its own."""
    path = str(program(name))
    if os.name == "nt":  # exec on Windows would give the terminal back before the program ends
        return subprocess.call([path, *words])
    os.execv(path, [path, *words])


def lock(rest: "list[str]") -> int:
    """Resolve both locks for every platform and Python the project allows, naming no host."""
    options = ["--universal", "--python-version", ".".join(map(str, OLDEST)), "--generate-hashes"]
    options += ["--no-annotate", "--custom-compile-command", "python3 dev.py lock", "--quiet"]
    small, full = (path.name for path in LOCKS.values())
    extras = {small: ["--extra", "build"], full: ["--all-extras", "--constraint", small]}
    for name, more in extras.items():
        words = [*options, *more, *rest, PYPROJECT.name, "--output-file", name]
        uv = [str(program("uv")), "pip", "compile", *words]
        subprocess.run(uv, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
