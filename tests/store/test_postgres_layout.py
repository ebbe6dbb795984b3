"""Making and checking the layout in PostgreSQL, and refusing what cannot be used."""

from __future__ import annotations

import asyncio
import signal
import sys

import asyncpg
import pytest

from bot.store import opening
from bot.store.port import Finished, Outcome, Status, StoreRefusedError
from bot.store.postgres import PostgresStore
from bot.store.postgres_layout import upgrade
from bot.store.schema import VERSION
from tests.postgres import Server, execute, rows
from tests.store.partitioned import TABLES
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    HandClock,
    Marking,
    arrival,
    claimed,
    deferred,
    erasing,
    message,
    saying,
)

THERE = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"


async def refusal(url: str) -> str:
    """Why the store cannot be opened."""
    with pytest.raises(StoreRefusedError) as caught:
        await PostgresStore.open(url)
    return str(caught.value)


async def test_an_upgrade_makes_the_layout_and_may_be_run_again(fresh_url: str) -> None:
    """The second finds everything done, and keeps what was written meanwhile."""
    await opening.upgrade(fresh_url, HandClock())
    store = await opening.open_store(fresh_url, HandClock())
    await store.accept(arrival(at=0, leaving=True), saying("x"))
    await store.close()

    await opening.upgrade(fresh_url, HandClock())

    assert {name for (name,) in await rows(fresh_url, THERE)} == {*TABLES, "meta"}
    assert await rows(fresh_url, "SELECT count(*) FROM person") == [(1,)]


async def test_upgrades_at_the_same_time_take_turns(fresh_url: str) -> None:
    """Every node of a release may try; none fails."""
    await asyncio.gather(*(upgrade(fresh_url) for _ in range(8)))

    assert dict(await rows(fresh_url, "SELECT name, value FROM meta")) == {  # type: ignore[arg-type]
        "schema": str(VERSION),
        "works_with": str(VERSION),
    }


async def test_an_upgrade_killed_half_way_leaves_nothing_behind(fresh_url: str) -> None:
    """A process that dies in the middle of it is rolled back; the next one does it all."""
    blocker = await asyncpg.connect(fresh_url)
    await blocker.execute("BEGIN; CREATE TABLE outbox (not_ours int)")
    code = "import asyncio, sys; from bot.store.postgres_layout import upgrade"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"{code}; asyncio.run(upgrade(sys.argv[1]))", fresh_url
    )
    half_way = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
    while await rows(fresh_url, half_way) == [(0,)]:  # it has made the tables before
        assert process.returncode is None
        await asyncio.sleep(0.02)

    process.send_signal(signal.SIGKILL)
    await process.wait()
    await blocker.execute("ROLLBACK")
    await blocker.close()

    await upgrade(fresh_url)
    store = await PostgresStore.open(fresh_url, clock=HandClock())
    assert (await store.accept(arrival(), saying("x"))).outcome is Outcome.APPLIED
    await store.close()


async def test_an_upgrade_waits_for_no_lock_for_long(fresh_url: str) -> None:
    """Whoever waits for a table makes everybody behind it wait too."""
    async with asyncio.timeout(4):
        blocker = await asyncpg.connect(fresh_url)
        await blocker.execute("BEGIN; CREATE TABLE person (not_ours int)")
        with pytest.raises(StoreRefusedError, match="DATABASE_URL"):
            await upgrade(fresh_url)
        await blocker.close()
    assert await rows(fresh_url, THERE) == []


async def test_an_empty_database_is_refused_with_what_to_do(fresh_url: str) -> None:
    """The command is named."""
    assert "taikai db upgrade" in await refusal(fresh_url)


@pytest.mark.parametrize(
    ("schema", "works_with", "said"),
    [
        (VERSION - 1, VERSION - 1, "taikai db upgrade を実行してください"),
        (VERSION + 1, VERSION + 1, "新しいバージョンのプログラムで起動してください"),
        ("odd", "1", "DATABASE_URL"),
    ],
)
async def test_a_layout_that_does_not_fit_is_refused(
    fresh_url: str, schema: object, works_with: object, said: str
) -> None:
    """Older: upgrade it; newer: upgrade the program; unreadable: look where it points to."""
    await upgrade(fresh_url)
    await execute(
        fresh_url,
        f"UPDATE meta SET value = '{schema}' WHERE name = 'schema'",
        f"UPDATE meta SET value = '{works_with}' WHERE name = 'works_with'",
    )

    assert said in await refusal(fresh_url)


async def test_a_newer_layout_that_works_with_this_code_is_served(fresh_url: str) -> None:
    """Nodes of the release before go on while the next one's layout is there already."""
    await upgrade(fresh_url)
    await execute(
        fresh_url,
        f"UPDATE meta SET value = '{VERSION + 1}' WHERE name = 'schema'",
        *(f"ALTER TABLE {table} ADD COLUMN added TEXT DEFAULT 'x' NOT NULL" for table in TABLES),
        "ALTER TABLE meta ADD COLUMN added TEXT",
        "CREATE TABLE reminder (user_key BYTEA PRIMARY KEY)",
    )
    store = await PostgresStore.open(fresh_url, clock=HandClock())

    await serve_everything(store)

    await upgrade(fresh_url)  # by the older code: leaves the newer layout alone
    assert (str(VERSION + 1),) in await rows(fresh_url, "SELECT value FROM meta")
    await store.close()


async def test_an_expansion_may_happen_while_a_node_serves(fresh_url: str) -> None:
    """Its prepared statements survive new columns."""
    await upgrade(fresh_url)
    store = await PostgresStore.open(fresh_url, clock=HandClock(), connections=1)
    await serve_everything(store)

    await execute(
        fresh_url,
        *(f"ALTER TABLE {table} ADD COLUMN added TEXT" for table in TABLES),
        *(f"DELETE FROM {table}" for table in TABLES),
    )

    await serve_everything(store)
    await store.close()


async def serve_everything(store: PostgresStore) -> None:
    """Call whatever is called for people, on an empty store."""
    first = await store.accept(arrival(1), saying("one", "one"), LEASE)
    assert first.claim is not None
    assert not await store.settle(first.claim, Finished(Status.SENT))
    await store.accept(arrival(2, at=NOW + 1), saying("two"))
    assert not await store.settle(await claimed(store), Finished(Status.SENT))
    await store.defer([deferred(3, at=NOW + 2), deferred(4, at=NOW + 3, message_key=message(4))])
    assert await store.behind(9) == [ANN]
    assert (await store.accept(arrival(3, at=NOW + 2), saying(None))).outcome is Outcome.APPLIED
    await store.unsend(arrival(5, message_key=message(4)))
    assert await store.note(arrival(6), Outcome.FOREIGN) is Outcome.FOREIGN
    assert await store.allow(ANN, 1, 1)
    assert await store.adopt(ANN, BEN, Marking())
    assert await store.recall(BEN) == b"new state"
    erased = await store.accept(arrival(7, BEN, NOW + 9), erasing("bye"))
    assert erased.outcome is Outcome.ERASED
    assert await store.waiting(9) == [BEN]
    assert (await store.backlog()).answers == 1
    await store.ping()


async def test_a_server_that_is_not_there_is_refused_by_the_settings_name() -> None:
    """Nobody listens on port 1."""
    said = await refusal("postgresql://someone:secret-word@127.0.0.1:1/taikai")

    assert "DATABASE_URL" in said
    assert "secret-word" not in said


async def test_a_wrong_password_and_a_wrong_name_are_told_apart(server: Server) -> None:
    """Neither repeats the password."""
    await execute(server.url(), "DROP ROLE IF EXISTS guarded")
    await execute(server.url(), "CREATE ROLE guarded LOGIN PASSWORD 'right-word'")

    password = await refusal(server.url(user="guarded:wrong-word"))
    name = await refusal(server.url("not_there", user="guarded:right-word"))

    assert "パスワード" in password
    assert "データベースがありません" in name
    for said in (password, name):
        assert "DATABASE_URL" in said
        assert "word" not in said.replace("PasswordError", "")


async def test_a_user_who_may_not_make_tables_is_told_so(server: Server, fresh_url: str) -> None:
    """From PostgreSQL 15 on only the owner of a database may, by default."""
    await execute(fresh_url, "DROP ROLE IF EXISTS guarded")
    await execute(fresh_url, "CREATE ROLE guarded LOGIN PASSWORD 'right-word'")
    await execute(fresh_url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    url = fresh_url.replace("//tester@", "//guarded:right-word@")

    with pytest.raises(StoreRefusedError, match="権限が足りません") as caught:
        await upgrade(url)

    assert "DATABASE_URL" in str(caught.value)


@pytest.mark.parametrize("options", ["?sslmode=perhaps", "?sslmode=verify-full&sslrootcert=/none"])
async def test_settings_of_the_url_that_cannot_be_used_are_refused(
    fresh_url: str, options: str
) -> None:
    """A sentence, no traceback."""
    assert "DATABASE_URL" in await refusal(fresh_url + options)
