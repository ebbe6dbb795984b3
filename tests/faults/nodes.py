"""The server as a process in which something was planted: it dies, or its disk fails."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.line.client import Answer, LineClient
from bot.store.port import Accepted
from bot.store.sqlite import SqliteStore
from bot.store.writer import Writer
from tests.engine import server
from tests.faults.disk import SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_READONLY, Disk, _Shim
from tests.faults.disk import _library as library


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_before_committing(settings: dict[str, str], log: Path) -> None:
    """Killed when an event's rows are written and not yet committed."""
    commit = Writer._commit

    async def dying(self: Writer) -> None:
        if self._connection.execute("SELECT count(*) FROM inbox").fetchone()[0]:
            _die()
        await commit(self)

    Writer._commit = dying  # type: ignore[method-assign]
    server.run(settings, log)


def dies_after_committing(settings: dict[str, str], log: Path) -> None:
    """Killed when an event is safe and nobody was told so."""
    accept = SqliteStore.accept

    async def dying(self: SqliteStore, *given: Any, **named: Any) -> Accepted:
        await accept(self, *given, **named)
        _die()
        raise AssertionError

    SqliteStore.accept = dying  # type: ignore[method-assign]
    server.run(settings, log)


def dies_before_sending(settings: dict[str, str], log: Path) -> None:
    """Killed when an answer is claimed and LINE has not been called."""

    async def dying(self: LineClient, token: str, messages: bytes) -> Answer:
        _die()
        raise AssertionError

    LineClient.reply = dying  # type: ignore[method-assign]
    server.run(settings, log)


def dies_after_sending(settings: dict[str, str], log: Path) -> None:
    """Killed when LINE has taken an answer and that is not written down."""
    reply = LineClient.reply

    async def dying(self: LineClient, token: str, messages: bytes) -> Answer:
        await reply(self, token, messages)
        _die()
        raise AssertionError

    LineClient.reply = dying  # type: ignore[method-assign]
    server.run(settings, log)


# --- disks ---------------------------------------------------------------------------------------


class _ToldDisk(Disk):
    """Fails for as long as there is a file of the fault's name beside the database."""

    def wrote(self, file: int, data: bytes, offset: int) -> int:
        """Fails with the disk full, or read-only."""
        for name, code in (("full", SQLITE_FULL), ("read-only", SQLITE_READONLY)):
            if (self.folder / name).exists() and self._names.get(file):
                return code
        return 0

    def synced(self, file: int) -> int:
        """Fails once: what the kernel could not write it forgets, and then all seems well."""
        if (self.folder / "sync").exists() and self._names.get(file):
            (self.folder / "sync").unlink()
            return SQLITE_IOERR_FSYNC
        return 0


def on_a_failing_disk(settings: dict[str, str], log: Path) -> None:
    """With a disk that can be made to fail (`_ToldDisk`)."""
    _KEPT.append(_Shim(library(), _ToldDisk(log.parent)))
    _KEPT[-1].install()
    server.run(settings, log)


_KEPT: list[_Shim] = []

Run = Callable[[dict[str, str], Path], None]


# --- whom it calls --------------------------------------------------------------------------------


def tells_whom_it_calls(settings: dict[str, str], log: Path) -> None:
    """Writes down every address and name it asks the system for; on asyncio's own loop, for
    uvloop's calls are not seen by Python's audit."""
    sys.modules["uvloop"] = None  # type: ignore[assignment]
    file = os.open(log.parent / "calls.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, given: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
            asked = given if event == "socket.getaddrinfo" else given[1:]
            os.write(file, f"{event} {asked}\n".encode())
        elif event in ("subprocess.Popen", "os.system", "os.exec", "urllib.Request"):
            os.write(file, f"{event}\n".encode())

    sys.addaudithook(hook)
    server.run(settings, log)
