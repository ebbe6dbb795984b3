"""Every check of the project, in order: what `python3 dev.py test` starts once .venv is there.

Each step is announced and timed, and the first that fails ends the run.
"""

import argparse
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import time

from dev import ROOT, install_debian_packages, program, refuse, say, way_to_root

STEPS = {
    "format": ("ruff", "format", "--check"),
    "lint": ("ruff", "check"),
    "types": ("mypy",),
    "layers": ("lint-imports", "--no-cache", "--no-logo"),
    "content": ("taikai", "check"),
    "explore": ("taikai", "explore", "--out", "dist/explored"),
    "tests": ("pytest",),
}
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
BROWSER_COMPANIONS = (
    "fonts-noto-cjk",  # without a Japanese font every character is a box
    "libatomic1",  # Playwright's driver does not start without it
)
TEST_PROCESSES = 2  # more of them fight for the one browser and database of the machine


def main() -> int:
    """Make the checks the command line names, or all; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py test", allow_abbrev=False)
    parser.add_argument("--only", action="append", choices=("setup", *STEPS))
    args, for_pytest = parser.parse_known_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    # A shell starts what runs in the background deaf to Ctrl-C, and its children would be too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return check(args.only or list(STEPS), for_pytest)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def check(names: list[str], for_pytest: list[str]) -> int:
    """Run the named steps in their order and stop at the first that fails."""
    missing: list[str] = []
    for name in (name for name in STEPS if name in names):
        command = [*STEPS[name]]
        if name == "tests":
            missing = prepare_browser()
            if missing and browser_is_required():
                return refuse(f"ブラウザのテストには / browser tests need: {how_to_get(missing)}")
            command += pytest_options(for_pytest, with_browser=not missing)
        if code := announced(name, command):
            return code
    if missing:
        how = how_to_get(missing)
        say(f"!! ブラウザのテストは飛ばしました / browser tests were SKIPPED, they need: {how}")
    return 0


def announced(name: str, command: list[str]) -> int:
    """Say what is run, run it, and say how it went and how long it took."""
    say(f"-- {name}: {shlex.join(command)}")
    began = time.monotonic()
    code = run_to_the_end([str(program(command[0])), *command[1:]])
    say(f"-- {name}: {'NG / failed' if code else 'OK'} ({time.monotonic() - began:.1f} s)")
    return code


def run_to_the_end(command: list[str]) -> int:
    """Run a step; when we are told to stop, it gets the time to tidy up first."""
    child = subprocess.Popen(command, cwd=ROOT)
    try:
        return child.wait()
    except SystemExit:
        child.send_signal(signal.SIGINT)
        raise
    finally:
        child.wait()


def pytest_options(asked: list[str], *, with_browser: bool) -> list[str]:
    """Give pytest what the person asked for; by default the whole suite in a few processes."""
    processes = min(TEST_PROCESSES, os.cpu_count() or 1)
    whole_suite = ["--numprocesses", str(processes), "--dist", "worksteal"]
    return [*([] if with_browser else ["-m", "not browser"]), *(asked or whole_suite)]


def how_to_get(packages: list[str]) -> str:
    """Give the command for missing packages; elsewhere than on Debian, Chrome is enough."""
    return f"sudo apt install {' '.join(packages)}"


def browser_is_required() -> bool:
    """Tell a machine that must prove everything from a person who may lack a browser."""
    return bool(os.environ.get("CI") or os.environ.get("BOT_REQUIRE_BROWSER"))


def prepare_browser() -> list[str]:
    """Tell the tests by BOT_CHROMIUM where the browser is; the result is what they lack."""
    lacks = browser_lacks()
    if lacks and way_to_root() == () and is_debian():
        install_debian_packages(*lacks)
        lacks = browser_lacks()
    if not lacks:
        os.environ["BOT_CHROMIUM"] = find_browser()
    return lacks


def browser_lacks() -> list[str]:
    """Name the packages browser tests still need; away from dpkg only the browser counts."""
    query = ["dpkg-query", "--show", "--showformat", "${db:Status-Status}"]
    lacks = [] if find_browser() else ["chromium"]
    for name in BROWSER_COMPANIONS if shutil.which(query[0]) else ():
        answer = subprocess.run([*query, name], capture_output=True, text=True, check=False)
        if answer.stdout != "installed":
            lacks.append(name)
    return lacks


def find_browser() -> str:
    """Find Chromium or Chrome; BOT_CHROMIUM goes first, and a wrong one ends the run."""
    chosen = os.environ.get("BOT_CHROMIUM")
    if chosen and not shutil.which(chosen):
        sys.exit(refuse(f"BOT_CHROMIUM はプログラムではありません / is not a program: {chosen}"))
    return chosen or next(filter(None, map(shutil.which, BROWSERS)), "")


def is_debian() -> bool:
    """Recognise Debian itself: Ubuntu's package named chromium-browser holds no browser."""
    try:
        return platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
