"""A process that upgrades a database, as ``taikai db upgrade`` does, and can be killed at it."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

from bot.upgrade import upgrade
from tests.engine.running import FORKS

FORKS.set_forkserver_preload(["tests.engine.server", "tests.crash.upgrading"])


def run(path: Path, told: Connection) -> None:
    """Upgrade the file at *path*; tells when it begins and when it is done."""
    os.environ["DATABASE_URL"] = f"sqlite:///{path}"
    told.send("begins")
    upgrade()
    told.send("done")


def upgraded(path: Path, kill_after: float | None = None) -> float | None:
    """How many seconds the upgrade took; None when it was killed before its end."""
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=run, args=(path, theirs))
    process.start()
    theirs.close()
    assert ours.recv() == "begins"
    begun = time.perf_counter()
    if kill_after is not None:
        time.sleep(kill_after)
        process.kill()
    try:
        done = ours.recv() == "done"
    except EOFError:  # it is gone, and never said so
        done = False
    took = time.perf_counter() - begun
    process.join(10)
    ours.close()
    if kill_after is None:
        assert process.exitcode == 0
    return took if done else None
