"""The listener of the metrics: reached from this machine alone, and by nothing in a browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.headers import HEADERS, NOTHING
from bot.metrics_server import LONGEST_HEAD, LOOPBACK, MetricsRefusedError, listener, serving

SHOWN = b"taikai_events_total 1.0\n"


async def shown() -> bytes:
    return SHOWN


async def broken() -> bytes:
    raise RuntimeError("c4nary")


@asynccontextmanager
async def running(exposition=shown) -> AsyncIterator[int]:  # type: ignore[no-untyped-def]
    listening = listener(0)
    async with serving(listening, exposition):
        yield listening.getsockname()[1]


async def asked(port: int, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to *raw*; status 0 for none."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return (int(first.split()[1]) if first else 0), headers, body


def get(path: str = "/metrics", host: str = "127.0.0.1:9100", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n".encode()


async def test_it_shows_the_figures() -> None:
    """In Prometheus's format, with their length, and closes."""
    async with running() as port:
        status, headers, body = await asked(port, get())

    assert (status, body) == (200, SHOWN)
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    assert headers["content-length"] == str(len(SHOWN))
    assert headers["connection"] == "close"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get(), 200),
        (get("/metrics?name[]=x"), 200),
        (get(method="HEAD"), 200),
        (get(host="localhost:9100"), 200),
        (get(host="LOCALHOST"), 200),
        (get(host="[::1]:9100"), 200),
        (get("/"), 404),
        (get("/", method="HEAD"), 404),
        (get("/metrics/"), 404),
        (get("/callback", method="POST"), 404),
        (get(method="POST"), 405),
        (get(method="DELETE"), 405),
        (get(host="evil.example:9100"), 421),
        (get(host="127.0.0.1.evil.example"), 421),
        (get(host=""), 421),
        (b"GET /metrics HTTP/1.0\r\n\r\n", 421),
        (b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 421),
        (b"\r\n\r\n", 421),
        (b"\xff\xfe \x00\r\n\r\n", 421),
    ],
)
async def test_every_answer_has_the_headers_that_bind_a_browser(
    request_: bytes, status: int
) -> None:
    """A page whose name was pointed at this machine is not answered at all."""
    async with running() as port:
        got, headers, body = await asked(port, request_)

    assert got == status
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert headers["content-security-policy"] == NOTHING
    assert (body == SHOWN) == (status == 200 and not request_.startswith(b"HEAD"))
    if request_.startswith(b"HEAD"):
        assert body == b""
    if status == 405:
        assert headers["allow"] == "GET, HEAD"


async def test_a_fault_of_ours_tells_nothing() -> None:
    """500 with the same headers; the next request is answered."""
    async with running(broken) as port:
        for _ in range(2):
            status, headers, body = await asked(port, get())
            assert (status, body) == (500, b"500")
            assert {name: headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "raw",
    [b"GET /metrics HTTP/1.1\r\n", b"x" * 3 * LONGEST_HEAD, b""],
    ids=["half", "long", "none"],
)
async def test_whoever_says_nothing_sensible_is_not_waited_for(
    raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither slowness nor length keeps a connection, nor anybody else waiting."""
    monkeypatch.setattr("bot.metrics_server.PATIENCE", 0.3)
    async with running() as port:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        writer.write(raw)
        assert (await asked(port, get()))[0] == 200
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()


async def test_it_listens_on_this_machine_alone() -> None:
    """And not at all once it is over."""
    async with running() as port:
        assert (await asked(port, get()))[0] == 200
    with listener(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"

    with pytest.raises(OSError, match="Connect"):
        await asyncio.open_connection(LOOPBACK, port)


def test_a_port_in_use_is_refused_by_name() -> None:
    """With what to do about it."""
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(MetricsRefusedError, match=f"METRICS_PORT: 127.0.0.1:{port} .*off"):
            listener(port)
