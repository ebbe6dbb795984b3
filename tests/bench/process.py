"""A server as a process of its own, on a core of its own, and what it uses."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

READY_SECONDS = 30.0
STOP_SECONDS = 20.0


def cores() -> tuple[int, int] | None:
    """The core for the server and the one for everything else; None where there are no two.

    The server gets the last, for the first is where a kernel likes to handle its interrupts.
    """
    if sys.platform != "linux":
        return None
    ours = sorted(os.sched_getaffinity(0))
    return (ours[-1], ours[0]) if len(ours) > 1 else None


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """What starts within runs on *core* for good; the caller is back where it was afterwards."""
    if core is None or sys.platform != "linux":
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


class ServerFailedError(Exception):
    """A server did not start, or ended by itself. The message holds the end of its log."""


class Server:
    """One server process; stopped, and killed if need be, by `stop`."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port = port
        self._process = process
        self._log = log
        self._begun = time.perf_counter()

    @classmethod
    def start(
        cls, command: Sequence[str], environment: Mapping[str, str], log: Path, core: int | None
    ) -> Server:
        """Start *command* on *core*, told its ``PORT``, with what it writes going to *log*."""
        port = free_port()
        with on_core(core), log.open("ab") as out:
            process = subprocess.Popen(
                command,
                env={**environment, "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=log.parent,
            )
        return cls(port, process, log)

    async def ready(self) -> float:
        """Seconds from its start until it said so. Raises ServerFailedError."""
        while time.perf_counter() - self._begun < READY_SECONDS:
            if self._process.poll() is not None:
                break
            with suppress(OSError):
                if await _status(self.port, "/readyz") == 200:
                    return time.perf_counter() - self._begun
            await asyncio.sleep(0.005)
        raise ServerFailedError(self._log.read_text("utf-8", "replace")[-2000:])

    async def stop(self) -> None:
        """End it; what it still has to do it may finish."""
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def memory(self) -> float | None:
        """MiB in memory (RSS); None where the system does not tell."""
        with suppress(OSError):
            for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return None

    def cpu(self) -> float | None:
        """Seconds of CPU used so far, all threads; None where the system does not tell."""
        with suppress(OSError):
            stat = Path(f"/proc/{self._process.pid}/stat").read_text()
            user, system = stat.rpartition(")")[2].split()[11:13]
            return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        return None


async def _status(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
        )
        line = await reader.readline()
        return int(line.split()[1]) if line else 0
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
