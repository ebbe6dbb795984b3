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
from contextlib import contextmanager

import httpx2
import pytest
from playwright.async_api import BrowserContext, expect

START = "import sys; from bot.simulator.web.serve import simulate; simulate(int(sys.argv[1]))"
ENDS_WITHIN = 60
"""Seconds: where it waited for what never ends it would say so on stderr, and that is looked at."""
ADDRESS = re.compile(r"^http://127\.0\.0\.1:(\d+)/$")


@contextmanager
def started(port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start it as a program of its own; give the program and the address it prints."""
    command = [sys.executable, "-W", "error", "-c", START, str(port)]
    environment = {name: value for name, value in os.environ.items() if name != "LINE_API_BASE"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
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
