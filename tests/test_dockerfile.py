"""The image: small, without the simulator, run by a user who can write to /data only."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dev import ROOT, program
from tests.tree import project_files

PACKAGES = ("bot", "flows", "content")
Instruction = tuple[str, str]


def instructions(text: str) -> list[Instruction]:
    """Split a Dockerfile into (NAME, words), comments dropped and continued lines joined."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", code)
    found = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [(name.upper(), words.strip()) for name, _, words in found]


@pytest.fixture(scope="module")
def stages() -> list[list[Instruction]]:
    """The Dockerfile, cut before each FROM."""
    cut: list[list[Instruction]] = []
    for name, words in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        if name == "FROM":
            cut.append([])
        cut[-1].append((name, words))
    return cut


def words_of(name: str, stage: list[Instruction]) -> list[str]:
    """Give what stands behind each instruction of this name."""
    return [words for found, words in stage if found == name]


def test_hadolint_has_nothing_to_say() -> None:
    """The Dockerfile linter, which also knows good shell, finds nothing."""
    judged = subprocess.run(
        [program("hadolint"), "--failure-threshold", "style", ROOT / "Dockerfile"],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert judged.stdout == ""
    assert judged.returncode == 0


def test_the_tools_that_build_stay_out_of_the_image(stages: list[list[Instruction]]) -> None:
    """One stage installs, the other runs: it gets the finished environment and nothing else."""
    build, final = stages
    (copied,) = words_of("COPY", final)

    assert copied == "--from=build /opt/venv /opt/venv"
    assert "--without-pip" in " ".join(words_of("RUN", build))
    assert "pip" not in " ".join(words_of("RUN", final))


def test_both_stages_have_the_same_base(stages: list[list[Instruction]]) -> None:
    """The environment points at the base's Python; a moving or different base would break it."""
    first, second = (words_of("FROM", stage)[0].partition(" AS ")[0] for stage in stages)

    assert first == second
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", first)


def test_packages_come_from_the_run_lock_by_hash(stages: list[list[Instruction]]) -> None:
    """Nothing unlocked, unhashed or built from source enters the image."""
    installs = [run for run in words_of("RUN", stages[0]) if " install " in run]

    assert len(installs) == 2
    for option in (
        "--require-hashes",
        "--only-binary :all:",
        "--requirement requirements-run.lock",
    ):
        assert option in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_the_server_is_nobody_who_can_write_code(stages: list[list[Instruction]]) -> None:
    """A numeric user, so that an orchestrator can tell it is not root; /data alone is its own."""
    final = stages[-1]
    (user,) = words_of("USER", final)
    uid, gid = user.split(":")

    assert int(uid) > 0
    assert words_of("VOLUME", final) == ["/data"]
    assert words_of("RUN", final) == [
        f"install --directory --owner {uid} --group {gid} --mode 0700 /data"
    ]
    assert "--chown" not in " ".join(words_of("COPY", final))


def test_the_server_gets_its_signals_itself(stages: list[list[Instruction]]) -> None:
    """No shell stands between the orchestrator's SIGTERM and the server."""
    assert [json.loads(words) for words in words_of("CMD", stages[-1])] == [["taikai", "serve"]]
    assert words_of("STOPSIGNAL", stages[-1]) == ["SIGTERM"]
    assert words_of("ENTRYPOINT", stages[-1]) == []


def test_the_settings_of_the_image_are_those_of_production(stages: list[list[Instruction]]) -> None:
    """Reachable from outside the container, data on the volume, logs for a machine to read."""
    settings = dict(
        pair.split("=", 1) for env in words_of("ENV", stages[-1]) for pair in env.split()
    )

    assert settings == {
        "PATH": "/opt/venv/bin:$PATH",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOST": "0.0.0.0",
        "PORT": "8000",
        "DATABASE_URL": "sqlite:////data/taikai.db",
        "LOG_FORMAT": "json",
    }


def test_the_image_needs_no_curl_and_holds_no_secret(stages: list[list[Instruction]]) -> None:
    """The slim base has no curl or wget; secrets come from the environment at run time."""
    text = " ".join(" ".join(instruction) for stage in stages for instruction in stage)

    assert not re.search(r"\b(curl|wget|apt-get)\b", text)
    assert not re.search(r"(SECRET|TOKEN|TAIKAI_KEY)", text)


# The health check, run as the container runtime would


class Server(ThreadingHTTPServer):
    """A server whose health the test chooses."""

    status = 200


class Health(BaseHTTPRequestHandler):
    """Answers /healthz with the server's status, and nothing else."""

    server: Server

    def do_GET(self) -> None:
        """Answer with the status the test chose."""
        self.send_response(self.server.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A real HTTP server on a free loopback port."""
    with Server(("127.0.0.1", 0), Health) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def health_check(stages: list[list[Instruction]], port: int) -> int:
    """Run the image's own HEALTHCHECK command against *port*; the result is its exit code."""
    (check,) = words_of("HEALTHCHECK", stages[-1])
    python, *words = json.loads(check.partition("CMD ")[2])
    assert python == "python"
    # A proxy in the container's environment must not carry the question away.
    environment = {**os.environ, "PORT": str(port), "http_proxy": "http://127.0.0.1:9"}
    asked = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, timeout=30
    )
    return asked.returncode


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (404, 1)])
def test_the_health_check_follows_healthz(
    stages: list[list[Instruction]], server: Server, status: int, code: int
) -> None:
    """Healthy is 200 on /healthz at the port the server was given."""
    server.status = status

    assert health_check(stages, server.server_port) == code


def test_the_health_check_fails_when_nobody_listens(
    stages: list[list[Instruction]], server: Server
) -> None:
    """A server that is gone is not healthy."""
    port = server.server_port
    server.server_close()

    assert health_check(stages, port) != 0


# What goes in


def test_only_named_files_reach_the_build(stages: list[list[Instruction]]) -> None:
    """Everything is shut out first, so that no .env, database or key can slip into a layer."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {source for words in words_of("COPY", stages[0]) for source in words.split()[:-1]}

    assert rules[0] == "*"
    assert let_in == copied == {*PACKAGES, "pyproject.toml", "requirements-run.lock"}
    assert rules.index("bot/simulator") > rules.index("!bot")


def test_the_built_package_holds_every_file(tmp_path: Path) -> None:
    """Sentences, letters and pages ship beside the code that reads them, with the command."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=60,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        commands = opened.read(entry_points).decode()

    files = {path.relative_to(ROOT).as_posix() for path in project_files()}
    assert {name for name in files if name.split("/")[0] in PACKAGES} <= names
    assert not [name for name in names if name.startswith("tests/")]
    assert "taikai = bot.cli:main" in commands


def test_the_server_starts_without_the_simulator(tmp_path: Path) -> None:
    """The image leaves bot/simulator out; the command line must not need it."""
    for name in PACKAGES:
        without = shutil.ignore_patterns("simulator", "__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=without)
    ask = (
        "import bot, sys\n"
        f"assert bot.__file__.startswith({str(tmp_path)!r}), bot.__file__\n"
        "from bot.cli import main\n"
        "sys.argv = ['taikai', 'serve', '--help']\n"
        "main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    helped = subprocess.run(
        [sys.executable, "-P", "-c", ask],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert helped.returncode == 0, helped.stderr
