"""A database of the first version, as it was left by a process that died, goes on as it is.

``version_1.sql`` was written by that version's own program, sealed with the key of
`tests.engine.made`: Ann was answered once and waits for two answers, one of them in the air; Ben
erased his data and waits for the confirmation; Cid's only event could not be handled; Dan
blocked the account.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from bot.engine.letter import unsealed
from bot.engine.pseudonym import Pseudonyms, event_key
from bot.store import schema
from bot.store.port import Arrival, Finished, Outcome, Status
from bot.store.rules import DAY
from bot.store.sqlite import SqliteStore
from flows.conversation import Conversation, Typed
from tests.engine.made import RING, VAULT, HandClock, column, texts, turns
from tests.store.rows import never

OLD = Path(__file__).with_name("version_1.sql")
NAMES = Pseudonyms(RING)
ANN, BEN, CID, DAN = map(NAMES.person, ("Ann", "Ben", "Cid", "Dan"))


def written(path: Path) -> Path:
    """The old database, at *path*."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text("utf-8"))
    return path


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """The old database, opened by the present program half a minute later."""
    clock = HandClock()
    clock.move(seconds=30)
    opened = SqliteStore.open(written(tmp_path / "taikai.db"), clock)
    yield opened
    await opened.close()


async def test_a_conversation_goes_on_where_it_was(store: SqliteStore) -> None:
    """Also its number of answers: the next one comes after those that wait."""
    sealed = await store.recall(ANN)
    assert sealed
    before = Conversation.from_json(orjson.loads(VAULT.open(sealed, "conversation", ANN)))
    assert before.turn == 3

    at = HandClock().ms + 10_000
    arrival = Arrival(ANN, event_key("e9"), at)
    accepted = await store.accept(arrival, turns().answer(arrival, Typed("四"), "t9", "Ann"))

    assert accepted.outcome is Outcome.APPLIED
    said = []
    while claim := await store.claim(ANN, 60_000):
        letter = unsealed(VAULT, claim.letter, ANN, claim.seq, claim.event_key)
        said.append((claim.seq, letter.reply_token, texts(letter), claim.ambiguous))
        await store.settle(claim, Finished(Status.SENT))
    assert said == [
        (2, "t2", ["2:二"], True),  # in the air when the old process died
        (3, "t3", ["3:三"], False),
        (4, "t9", ["4:四"], False),
    ]


async def test_known_events_stay_known(store: SqliteStore) -> None:
    """LINE may send them again to the new program."""
    for who, name in ((ANN, "e1"), (ANN, "e3"), (BEN, "e4"), (BEN, "e5"), (CID, "e6"), (DAN, "e7")):
        arrival = Arrival(who, event_key(name), HandClock().ms, redelivered=True)
        assert (await store.accept(arrival, never)).outcome is Outcome.DUPLICATE


async def test_whoever_was_erased_stays_erased(store: SqliteStore) -> None:
    """Nothing older brings them back; the confirmation still goes out, and a new talk begins."""
    for who in (BEN, DAN):
        older = Arrival(who, event_key("older"), HandClock().ms + 1_000)
        assert (await store.accept(older, never)).outcome is Outcome.DROPPED
        assert await store.recall(who) is None
    claim = await store.claim(BEN, 60_000)
    assert claim
    assert texts(unsealed(VAULT, claim.letter, BEN, claim.seq, claim.event_key)) == ["消しました"]

    newer = Arrival(BEN, event_key("newer"), HandClock().ms + 20_000)
    accepted = await store.accept(newer, turns().answer(newer, Typed("また"), "t", "Ben"))
    assert accepted.outcome is Outcome.APPLIED


async def test_whoever_was_never_handled_still_gets_the_apology(store: SqliteStore) -> None:
    """There was no conversation to keep, but an answer waits."""
    claim = await store.claim(CID, 60_000)

    assert claim
    letter = unsealed(VAULT, claim.letter, CID, claim.seq, claim.event_key)
    assert letter.reply_token == "t6"
    assert await store.recall(CID) is None


async def test_everything_goes_when_its_time_is_over(store: SqliteStore) -> None:
    """The times the old program wrote down count on."""
    from bot.engine.retention import purge

    clock = store._clock
    assert isinstance(clock, HandClock)
    clock.move(milliseconds=91 * DAY)
    await purge(store)

    for table in ("person", "inbox", "outbox", "deferred", "allowance"):
        assert await column(store, f"SELECT count(*) FROM {table}") == [0], table


async def test_the_layout_is_that_of_a_new_database(store: SqliteStore, tmp_path: Path) -> None:
    """Whichever way it came about."""
    await SqliteStore.open(tmp_path / "new.db").close()
    shapes = []
    for name in ("taikai.db", "new.db"):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            query = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
            shapes.append(
                [(kind, name, squeezed(sql)) for kind, name, sql in connection.execute(query)]
            )
            told = dict(connection.execute("SELECT name, value FROM meta").fetchall())
            assert (told["schema"], told["works_with"]) == (
                str(schema.VERSION),
                str(schema.WORKS_WITH),
            )

    assert shapes[0] == shapes[1]


def squeezed(sql: str | None) -> str:
    """*sql* without its comments and line breaks."""
    return re.sub(r"\s+", " ", re.sub(r"--.*", "", sql or ""))
