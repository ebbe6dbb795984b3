"""The whole server with its figures switched on: what it counts, and whom it never names."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics_server import listener
from bot.throttle import BURST
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import body, event, post, request, tell
from tests.engine.running import serving

WORDS = "c4narywords"


@pytest.fixture
def port() -> int:
    """A port nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@pytest.fixture
def base(tmp_path: Path, line: FakeLine, port: int) -> Iterator[str]:
    """A running server that counts."""
    settings = standin.settings(
        database_url=standin.database_url(tmp_path), line_api_base=line.base, metrics_port=port
    )
    with serving(settings=settings, metrics_socket=listener(port)) as address:
        yield address


def figures(port: int) -> tuple[bytes, dict[str, float]]:
    """What Prometheus would read, as it came and by name."""
    status, _, shown = request(f"http://127.0.0.1:{port}", "GET", "/metrics", headers={})
    assert status == 200
    return shown, {
        ",".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(shown.decode())
        for sample in family.samples
    }


def test_the_server_counts_and_names_nobody(base: str, line: FakeLine, port: int) -> None:
    """Events, answers, calls, what was ignored and what was refused; no id, no word, no token."""
    _, before = figures(port)
    hello = event(WORDS)
    assert tell(base, hello) == 200
    assert tell(base, hello) == 200
    assert tell(base, event(standin.POISON, who=2), event(WORDS, mode="standby")) == 200
    assert post(base, body(hello), {"X-Line-Signature": "c4narysignature"}) == 401
    assert line.wait_until(lambda: len(line.delivered) >= 2)

    shown, after = figures(port)

    def more(name: str) -> float:
        return after[f"taikai_{name}"] - before[f"taikai_{name}"]

    assert more("webhooks_total,200") == 3
    assert more("webhooks_total,401") == 1
    assert more("webhook_seconds_count") == 4
    assert more("events_total,applied") == 1
    assert more("events_total,duplicate") == 1
    assert more("events_total,quarantined") == 1
    assert more("ignored_total,standby") == 1
    assert more("reply_calls_total,accepted") == 2
    assert more("answers_total,sent") == 2
    assert after["taikai_database_up"] == 1
    assert set(after) == set(before)
    for canary in (b"c4nary", standin.POISON.encode(), standin.SECRET.encode(), b"Uc4"):
        assert canary not in shown


def test_strangers_are_counted_and_line_is_heard_all_the_same(
    base: str, line: FakeLine, port: int
) -> None:
    """From one and the same address, as behind a proxy: 429 for them, 200 for what is signed."""
    statuses = [post(base, b"{}", {}) for _ in range(BURST + 20)]

    assert set(statuses) == {401, 429}
    assert statuses[0] == 401
    assert tell(base, event("やあ")) == 200
    assert line.wait_for(1) == ["1:やあ"]
    assert post(base, b"{}", {"X-Line-Signature": "A" * 43 + "="}) == 401
    _, after = figures(port)
    assert after["taikai_throttled_total"] == statuses.count(429)


def test_the_public_port_shows_no_figures(base: str) -> None:
    """They have a listener of their own, which this machine alone reaches."""
    assert request(base, "GET", "/metrics", headers={})[0] == 404


def test_a_port_in_use_keeps_the_server_from_starting(tmp_path: Path) -> None:
    """An operator who asked for figures is told at once that there would be none."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        environment = standin.environment(
            METRICS_PORT=str(other.getsockname()[1]), DATABASE_URL=standin.database_url(tmp_path)
        )
        done = subprocess.run(
            [sys.executable, "-m", "tests.engine.server"],
            env=standin.bare_environment() | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.returncode == 2
    assert "METRICS_PORT: 127.0.0.1:" in done.stderr
