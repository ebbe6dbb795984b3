"""The simulator keeps to this machine, and the bot in production keeps clear of the simulator."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

import bot
from bot.simulator.loopback import LoopbackServer, SimulatorRefusedError, must_call_loopback
from bot.simulator.session import Session
from tests.simulator.flow import step

BOT = Path(bot.__file__).parent


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.jp", ""])
def test_it_listens_on_no_address_others_can_reach(host: str) -> None:
    """The chat of a simulated person is nobody else's business."""
    with pytest.raises(SimulatorRefusedError, match="マシンの中"):
        LoopbackServer("app", host=host)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.line.me",
        "https://api-data.line.me",
        "http://10.0.0.1:8000",
        "https://localhost.example.jp",
        "https://127.0.0.1@api.line.me",
        "nonsense",
    ],
)
def test_it_refuses_to_start_where_the_bot_would_call_outside(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """A developer's real settings in the environment must not send a word to real people."""
    monkeypatch.setenv("LINE_API_BASE", url)

    with pytest.raises(SimulatorRefusedError, match="LINE_API_BASE"):
        Session(step=step)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://localhost", "http://[::1]:8000"])
def test_addresses_of_this_machine_may_be_called(url: str) -> None:
    """By number or by name."""
    assert must_call_loopback(url) == url


def test_a_taken_port_is_reported_at_once() -> None:
    """Before anything else has been started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(OSError, match="in use"):
            LoopbackServer("app", port=taken.getsockname()[1])


def test_an_app_that_fails_to_start_says_so() -> None:
    """Not after a time-out, and not by hanging."""

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("no")

    server = LoopbackServer("app")
    with pytest.raises(RuntimeError, match="app did not start"):
        server.start(broken)
    server.stop()


def test_a_stopped_server_gives_back_port_and_thread() -> None:
    """A hundred sessions in one test run must not wear the machine out."""
    server = LoopbackServer("short-lived")
    server.start(Starlette())
    assert httpx2.get(server.url).status_code == 404

    server.stop()

    assert "short-lived" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(server.url)


def test_no_room_of_the_bot_imports_the_simulator() -> None:
    """Only the command line may start it, and does so inside a command."""
    offenders = [
        file.relative_to(BOT).as_posix()
        for file in BOT.rglob("*.py")
        if "simulator" not in file.relative_to(BOT).parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imported(node)
        if name.startswith("bot.simulator")
    ]

    assert set(offenders) <= {"cli.py"}


def test_a_served_app_has_no_simulator_in_memory() -> None:
    """Loading what production loads does not load it."""
    code = "import sys, bot.serve, flows.step; print([m for m in sys.modules if 'simulator' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [module, *(f"{module}.{alias.name}" for alias in names)]
    return []
