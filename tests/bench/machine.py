"""What the run stood on: processor, versions, the disk, and who else used the cores."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

PACKAGES = ("fastapi", "uvicorn", "uvloop", "httptools", "line-bot-sdk", "aiohttp", "asyncpg")

SYNCS = 50


def described(folder: Path) -> dict[str, Any]:
    """The machine, and how long its disk under *folder* takes to be sure of 4 KiB."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: _version(name) for name in PACKAGES},
        "fsync_ms": round(_fsync_ms(folder), 3),
    }


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _fsync_ms(folder: Path) -> float:
    took = []
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            begun = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took.append((time.perf_counter() - begun) * 1000)
    path.unlink()
    return median(took)


class Sharing:
    """Watches how much of the machine somebody else uses while we measure."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._busy = _busy_seconds()
        self._ours = _our_seconds()

    def by_others(self) -> float | None:
        """Cores that other programs kept busy since, on average; None where nobody tells.

        Ours are this process and the servers it started and has waited for.
        """
        busy = _busy_seconds()
        if busy is None or self._busy is None:
            return None
        others = busy - self._busy - (_our_seconds() - self._ours)
        return max(0.0, others / (time.monotonic() - self._begun))


def _busy_seconds() -> float | None:
    if sys.platform != "linux":
        return None
    user, nice, system, _idle, _wait, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _our_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
