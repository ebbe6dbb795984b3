"""Who takes part: how each is started, what it is called, and where it keeps its data."""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.clock import SystemClock
from bot.store.opening import upgrade
from tests.bench.fake_line import FakeLine
from tests.bench.figures import Row
from tests.bench.load import Generator
from tests.bench.postgres import database as a_database
from tests.bench.process import Server
from tests.bench.traffic import SECRET, Traffic

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - the point is that it is no disk
"""Where Linux keeps files in memory: a commit there costs everything but the disk."""

TOKEN = "bench/access/token+0123456789abcdefghijklmnopqrstuvwxyz="


@dataclass(frozen=True, slots=True)
class Contestant:
    """One kind of server."""

    name: str
    label: str
    label_en: str
    replies: bool = True

    def row(self) -> Row:
        """An empty row for its figures."""
        return Row(self.name, self.label, self.label_en)

    @property
    def is_ours(self) -> bool:
        """Whether it is our server."""
        return self.name.startswith("taikai")


ASGI = Contestant("asgi", "uvicornだけ", "bare ASGI, uvicorn", replies=False)
EMPTY = Contestant("empty", "FastAPI 空のルート", "FastAPI, empty route", replies=False)
ECHO = Contestant("echo", "line-bot-sdk エコー", "line-bot-sdk echo")
BARE = Contestant("bare", "保存と返信だけ", "store and reply, no more")
OURS_AS_SERVED = Contestant("taikai-serve", "taikai serve", "taikai serve")
OURS = Contestant("taikai", "退会ナビ SQLite", "taikai, SQLite FULL")
OURS_IN_MEMORY = Contestant("taikai-memory", "退会ナビ ディスクなし", "taikai, no disk (tmpfs)")
OURS_ANEW = Contestant("taikai-anew", "退会ナビ 毎回考える", "taikai, every turn anew")
OURS_ON_POSTGRES = Contestant("taikai-postgresql", "退会ナビ PostgreSQL", "taikai, PostgreSQL")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where servers run: the core for them, a folder on a disk, a PostgreSQL if there is one."""

    core: int | None
    folder: Path
    postgres: str | None = None

    def can_run(self, contestant: Contestant) -> bool:
        """Whether all that *contestant* needs is here."""
        if contestant is OURS_ON_POSTGRES:
            return self.postgres is not None
        return contestant is not OURS_IN_MEMORY or os.access(IN_MEMORY, os.W_OK)


@dataclass(slots=True)
class Running:
    """A contestant that is ready: its server, its LINE, what loads it and with what."""

    contestant: Contestant
    server: Server
    line: FakeLine
    generator: Generator
    traffic: Traffic
    ready_seconds: float
    database: Path | None
    rate: float = 300.0
    """Events a second it did when last asked; a guess at first."""


@asynccontextmanager
async def running(
    contestant: Contestant, stage: Stage, database: Path | None = None, people: int | None = None
) -> AsyncIterator[Running]:
    """*contestant*, started and ready, for as long as the context lasts.

    *database* is an SQLite file to begin with; by default there is none yet.
    """
    async with AsyncExitStack() as closing:
        line = await closing.enter_async_context(FakeLine())
        place = IN_MEMORY if contestant is OURS_IN_MEMORY else stage.folder
        folder = Path(tempfile.mkdtemp(prefix=f"{contestant.name}-", dir=place))
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        file = database or folder / "taikai.db"
        url = f"sqlite:///{file}"
        if contestant is OURS_ON_POSTGRES and stage.postgres:
            url = await closing.enter_async_context(a_database(stage.postgres))
            await upgrade(url, SystemClock())
        server = Server.start(
            command(contestant), environment(line.base, url), folder / "log.txt", stage.core
        )
        closing.push_async_callback(server.stop)
        seconds = await server.ready()
        generator = Generator(server.port, line if contestant.replies else None)
        closing.callback(generator.close)
        traffic = Traffic(people, steps=1) if people else Traffic()
        yield Running(contestant, server, line, generator, traffic, seconds, file)


def command(contestant: Contestant) -> list[str]:
    """How it is started."""
    if contestant is BARE:
        return [sys.executable, "-m", "tests.bench.bare"]
    if contestant is OURS_AS_SERVED:
        return [str(Path(sys.executable).with_name("taikai")), "serve"]
    if contestant.is_ours:
        how = ["anew"] if contestant is OURS_ANEW else []
        return [sys.executable, "-m", "tests.bench.unpaced", *how]
    return [sys.executable, "-m", "tests.bench.rivals", contestant.name]


def environment(line: str, database: str) -> Mapping[str, str]:
    """The settings, and nothing else of ours that the environment may hold."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "VIRTUAL_ENV")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PYTHONPATH": os.environ.get("PYTHONPATH") or str(Path(__file__).parents[2]),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_BASE": line,
        "DATABASE_URL": database,
        "TAIKAI_KEY": base64.b64encode(bytes(range(32))).decode(),
        "OPERATOR_NAME": "ベンチマーク",
        "OPERATOR_CONTACT": "bench@example.jp",
        "LOG_FORMAT": "json",
    }
