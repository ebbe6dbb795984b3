"""The application as a whole: its readiness, its start and end."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot import probes
from content.catalog import Catalog
from flows.conversation import Conversation, Event, Say
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import event, request, tell
from tests.engine.running import serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the running server has its database."""
    return tmp_path_factory.mktemp("app")


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[str]:
    """A running server that reaches no LINE."""
    settings = standin.settings(
        database_url=standin.database_url(folder), line_api_base="http://127.0.0.1:9"
    )
    with serving(settings=settings) as address:
        yield address


def test_readiness_tells_that_the_database_takes_nothing(
    base: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with the reason's name while it lasts, 200 when it is over; the process lives on."""
    monkeypatch.setattr(probes, "REMEMBER", 0.0)
    with closing(sqlite3.connect(folder / "taikai.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, _, body = request(base, "GET", "/readyz", headers={})
        assert (status, body) == (503, b"database")
        assert request(base, "GET", "/healthz", headers={})[0] == 200
        other.execute("ROLLBACK")

    assert request(base, "GET", "/readyz", headers={})[0] == 200


def test_asking_often_writes_seldom(base: str, folder: Path) -> None:
    """Anybody may ask; nobody may wear out the disk by it."""

    def beats() -> int:
        with closing(sqlite3.connect(folder / "taikai.db")) as connection:
            query = "SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = 'beat'"
            return int(connection.execute(query).fetchone()[0])

    before, begun = beats(), time.monotonic()
    for _ in range(20):
        assert request(base, "GET", "/readyz", headers={})[0] == 200

    assert beats() - before <= 1 + (time.monotonic() - begun) / probes.REMEMBER


def test_a_given_store_is_left_open(tmp_path: Path) -> None:
    """Whoever opened it may go on with it; one the app opened is closed and let go."""
    from bot.store.sqlite import SqliteStore

    store = SqliteStore.open(tmp_path / "given.db")
    settings = standin.settings(
        database_url=standin.database_url(tmp_path, "own.db"), line_api_base="http://127.0.0.1:9"
    )
    with serving(settings=settings, store=store) as base:
        assert tell(base, event("やあ")) == 200
    asyncio.run(store.ping())
    asyncio.run(store.close())
    with serving(settings=settings) as base:
        assert tell(base, event("やあ")) == 200

    asyncio.run(SqliteStore.open(tmp_path / "own.db").close())


@pytest.mark.parametrize(
    ("public", "link"), [("", ""), ("https://taikai.jp", "くわしくは https://taikai.jp/privacy\n")]
)
def test_the_flow_knows_who_runs_it_and_where_to_read_more(
    tmp_path: Path, public: str, link: str
) -> None:
    """Name and contact stand in the greeting; no link where nobody could open it."""

    def greet(
        before: Conversation, happening: Event, content: Catalog, now: datetime
    ) -> tuple[Conversation | None, Sequence[Say]]:
        return before, [Say("greeting", content.phrases["greeting"])]

    with FakeLine() as line:
        settings = standin.settings(
            database_url=standin.database_url(tmp_path),
            line_api_base=line.base,
            public_base_url=public,
        )
        with serving(settings=settings, step=greet) as base:
            assert tell(base, event("やあ")) == 200
            texts = line.wait_for(1)

    assert texts == [f"運営：試験 太郎（連絡先：taro@example.jp）。\n{link}消せます"]
