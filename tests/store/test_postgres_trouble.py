"""A PostgreSQL that is locked, broken off or slow: down in time, nothing half-done, then healed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import asyncpg
import pytest

from bot.engine.retention import TERMS
from bot.store.port import Finished, Outcome, Purged, Retry, Status, StoreDownError
from bot.store.postgres import PostgresStore
from bot.store.postgres_pool import BUDGET_SECONDS
from bot.store.rules import DAY
from tests.postgres import execute, rows
from tests.store.rows import (
    ANN,
    BEN,
    NOW,
    HandClock,
    arrival,
    claimed,
    counting,
    deferred,
    saying,
)

LOCK_ANN = "SELECT 1 FROM person WHERE user_key = $1 FOR UPDATE"
Nodes = tuple[PostgresStore, PostgresStore]


async def is_down(call: Awaitable[object]) -> str:
    """The message of the StoreDownError that *call* must raise, well before LINE gives up."""
    began = asyncio.get_running_loop().time()
    with pytest.raises(StoreDownError) as caught:
        await call
    assert asyncio.get_running_loop().time() - began < 2
    return str(caught.value)


class held:  # noqa: N801 - reads as a phrase
    """Ann's row is locked by somebody else within."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def __aenter__(self) -> None:
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute("BEGIN")
        assert await self._connection.fetchval(LOCK_ANN, ANN) == 1

    async def __aexit__(self, *_: object) -> None:
        await self._connection.execute("ROLLBACK")
        await self._connection.close()


async def test_a_locked_row_is_given_up_in_time_and_nothing_is_done(
    nodes: Nodes, nodes_url: str
) -> None:
    """The caller answers 503, and LINE delivers again; others are not held up meanwhile."""
    await nodes[0].accept(arrival(1), saying(None, "before"))

    async with held(nodes_url):
        down = asyncio.ensure_future(
            is_down(nodes[0].accept(arrival(2, at=NOW + 1), saying("secret", "after")))
        )
        other = await asyncio.wait_for(nodes[0].accept(arrival(3, BEN), saying(None)), 1)
        said = await down
        await asyncio.wait_for(nodes[0].defer([deferred(2, at=NOW + 1)]), 1)

    assert other.outcome is Outcome.APPLIED
    assert said == "LockNotAvailableError"  # and nothing of what was to be stored
    assert await nodes[0].recall(ANN) == b"before"
    assert await rows(nodes_url, "SELECT count(*) FROM outbox") == [(0,)]
    again = await nodes[1].accept(arrival(2, at=NOW + 1), saying("secret", "after"))
    assert again.outcome is Outcome.APPLIED


async def test_a_call_that_is_given_up_leaves_nothing_behind(nodes: Nodes, nodes_url: str) -> None:
    """Neither a lock, nor a connection taken for ever, nor a queue."""
    await nodes[0].accept(arrival(1), saying(None))
    async with held(nodes_url):
        calls = [
            asyncio.ensure_future(nodes[0].accept(arrival(n, at=NOW + n), counting()))
            for n in range(2, 40)
        ]
        await asyncio.sleep(0.1)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    accepted = await nodes[0].accept(arrival(99, at=NOW + 99), saying("x"))
    everybody = [nodes[0].accept(arrival(1, bytes([n]) * 16), saying(None)) for n in range(30)]
    await asyncio.gather(*everybody)

    assert accepted.outcome is Outcome.APPLIED
    assert len(nodes[0]._calls.order) == 0


async def test_backends_ended_in_the_middle_of_a_call_are_replaced(
    nodes: Nodes, nodes_url: str
) -> None:
    """That call is down, for nobody knows how it ended; the next one has a new connection."""
    await nodes[0].accept(arrival(1), saying(None))
    ending = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'taikai'"
    )
    async with held(nodes_url):
        down = asyncio.ensure_future(is_down(nodes[0].accept(arrival(2, at=NOW + 1), saying("x"))))
        await asyncio.sleep(0.2)
        assert len(await rows(nodes_url, ending)) >= 1
        await down

    for node in nodes:
        assert await node.recall(ANN) == b"state"
    again = await nodes[0].accept(arrival(2, at=NOW + 1), saying("x"))
    assert again.outcome is Outcome.APPLIED


async def test_idle_connections_that_broke_are_not_noticed_by_anybody(
    nodes: Nodes, nodes_url: str
) -> None:
    """A firewall or a restart in a quiet hour costs no event."""
    people = [bytes([n]) * 16 for n in range(10)]
    await asyncio.gather(*(nodes[0].accept(arrival(1, who), saying(None)) for who in people))
    await rows(
        nodes_url,
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'taikai'",
    )

    accepted = await asyncio.gather(
        *(nodes[0].accept(arrival(2, who, NOW + 1), saying("x")) for who in people)
    )

    assert [each.outcome for each in accepted] == [Outcome.APPLIED] * 10


async def test_a_purge_passes_over_a_row_in_use(nodes: Nodes, nodes_url: str) -> None:
    """It waits for nobody, and takes nothing from under somebody's hands."""
    store = await PostgresStore.open(nodes_url)  # by the real clock, all of this is very old
    for who in (ANN, BEN):
        await nodes[0].accept(arrival(1, who), saying(None))
    await execute(nodes_url, "UPDATE person SET touched = 0")
    async with held(nodes_url):
        purged = await asyncio.wait_for(store.purge(TERMS, 10), 1)
    assert purged.conversations == 1
    assert await store.recall(ANN) == b"state"
    await store.close()


async def test_a_purge_keeps_to_its_limit_however_it_is_planned(nodes_url: str) -> None:
    """Also where the plan looks for old rows again for each row there is: these settings force
    one that PostgreSQL chooses by itself at times."""
    clock = HandClock()
    store = await PostgresStore.open(nodes_url, clock=clock, connections=1)
    for number in range(25):
        await store.accept(arrival(number, at=NOW + number), saying("x"))
    clock.at += 8 * DAY
    for choice in ("hashjoin", "hashagg", "sort", "material"):
        await store._pool.row(f"SET enable_{choice} = off")

    for taken in (10, 10, 5, 0):
        assert await store.purge(TERMS, 10) == Purged(events=taken, answers=taken)
    await store.close()


async def test_settling_without_the_disk_does_not_spread(
    nodes_url: str,
) -> None:
    """Only that one transaction; what is accepted on the same connection waits for the disk."""
    store = await PostgresStore.open(nodes_url, clock=HandClock(), connections=1)
    for settlement in (Retry(0, ambiguous=False), Finished(Status.SENT)):
        await store.accept(arrival(1), saying("one"))
        await store.settle(await claimed(store), settlement)

        shown = await store._pool.run(lambda session: session.value("SHOW synchronous_commit"))

        assert shown == "on"
    await store.close()


async def test_a_closed_store_takes_nothing(nodes_url: str) -> None:
    """What was under way is finished; what comes later is refused."""
    store = await PostgresStore.open(nodes_url)
    under_way = asyncio.ensure_future(store.accept(arrival(1, at=0, leaving=True), saying(None)))
    await asyncio.sleep(0)

    await store.close()

    assert (await under_way).outcome is Outcome.APPLIED
    await is_down(store.recall(ANN))


def test_all_limits_leave_line_its_answer() -> None:
    """LINE waits two seconds; after that it counts us as unreachable."""
    assert BUDGET_SECONDS < 2
