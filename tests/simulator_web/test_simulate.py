"""``taikai simulate`` as people start and stop it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import BrowserContext, expect

START = "import sys; from bot.simulator.web.serve import simulate; simulate(int(sys.argv[1]))"
REFUSED_FOR_LONG = (
    f"import bot.engine.verdict as verdict; verdict.TOKEN_REFUSED_PAUSE = 60_000; {START}"
)
"""The same with a bot that holds all answers for a minute once LINE has refused its token."""
ENDS_WITHIN = 60
"""Seconds: where it waited for what never ends it would say so on stderr, and that is looked at."""
ADDRESS = re.compile(r"^http://127\.0\.0\.1:(\d+)/$")


@contextmanager
def started(
    port: int = 0, start: str = START, **more: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start it as a program of its own, with *more* in its environment; give the program and the
    address it prints."""
    command = [sys.executable, "-W", "error", "-c", start, str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "LINE_API_BASE"}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment | more,
    ) as program:
        try:
            yield program, address(program)
        finally:
            program.kill()


def address(program: subprocess.Popen[str]) -> str:
    """Read until the address stands alone on a line."""
    assert program.stdout is not None
    said = []
    for line in program.stdout:
        said.append(line)
        if ADDRESS.match(line.strip()):
            return line.strip()
    assert program.stderr is not None
    raise AssertionError(f"no address: {said} {program.stderr.read()}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_stops_when_told_to(number: signal.Signals) -> None:
    """Both signals end it in order: exit code 0, nothing on stderr, the port free again."""
    with started() as (program, url), httpx2.Client(base_url=url, trust_env=False) as client:
        token = re.search(r'name="simulator-token" content="(\w+)"', client.get("/").text)
        assert token is not None
        somebody = client.post("/people", json={}, headers={"x-simulator-token": token[1]})
        with client.stream("GET", f"/people/{somebody.json()['person']}/stream") as stream:
            lines = stream.iter_lines()  # kept: an open page must not hold it up
            assert next(lines) == "event: update"
            program.send_signal(number)
            assert program.wait(ENDS_WITHIN) == 0
        assert program.stderr is not None
        assert program.stderr.read() == ""
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", httpx2.URL(url).port or 0))


def test_a_second_ctrl_c_does_not_wait_for_what_is_under_way(tmp_path: Path) -> None:
    """The first lets an answer come that is held up; after the second whoever waits for it gets
    none, and nothing stays behind."""
    with (
        started(start=REFUSED_FOR_LONG, TMPDIR=str(tmp_path)) as (program, url),
        httpx2.Client(base_url=url, trust_env=False, timeout=ENDS_WITHIN) as client,
        ThreadPoolExecutor(1) as beside,
    ):
        token = re.search(r'name="simulator-token" content="(\w+)"', client.get("/").text)
        assert token is not None
        client.headers["x-simulator-token"] = token[1]
        key = client.post("/people", json={}).json()["person"]
        client.post("/faults", json={"kind": "401"})
        with client.stream("GET", f"/people/{key}/stream") as stream:
            lines = stream.iter_lines()
            waiting = beside.submit(client.post, f"/people/{key}/follow", json={})
            next(line for line in lines if '"status":401' in line)
            program.send_signal(signal.SIGINT)
            for _ in lines:  # until the simulator has begun to close, which ends every stream
                pass
            program.send_signal(signal.SIGINT)
            with suppress(httpx2.TransportError):  # hung up on, or told in time that it failed
                assert waiting.result().is_error
        assert program.wait(ENDS_WITHIN) == 130
        assert program.stderr is not None
        assert "Traceback" not in program.stderr.read()
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_a_sentence_that_names_it() -> None:
    """The commonest trouble at the start must not be a traceback, and must say what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-c", START, str(port)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert f"ポート{port}は、ほかのプログラムが使っています" in ended.stderr
    assert "--port 0" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("name", "value"), [("port", "70000"), ("line", "https://api.line.me")])
def test_what_lies_outside_this_machine_is_refused(name: str, value: str) -> None:
    """A port that does not exist, and an environment that points at the real LINE."""
    port = value if name == "port" else "0"
    environment = {**os.environ, **({"LINE_API_BASE": value} if name == "line" else {})}
    ended = subprocess.run(
        [sys.executable, "-c", START, port],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("taikai: ")
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


@pytest.mark.browser
async def test_an_open_page_says_when_the_simulator_is_gone(context: BrowserContext) -> None:
    """Somebody who stopped it in the terminal sees in the page why nothing happens any more."""
    page = await context.new_page()
    with started() as (program, url):
        await page.goto(url)
        follow = page.get_by_role("button", name="友だち追加")
        await expect(follow).to_be_visible()
        program.terminate()
        await asyncio.to_thread(program.wait, ENDS_WITHIN)
    await expect(page.get_by_role("alert")).to_contain_text("シミュレーターにつながりません")
    await follow.click()
    await expect(page.locator("#toast")).to_contain_text("ターミナルで動いているか")
