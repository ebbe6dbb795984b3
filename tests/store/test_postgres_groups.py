"""Many people's calls in one round trip: cheaper for all of them, and no harm from any of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.store import postgres_groups
from bot.store.port import Accepted, Finished, Outcome, Status, StoreDownError
from bot.store.postgres import PostgresStore
from bot.store.postgres_groups import BYTES, FULL, GROUP, Groups
from bot.store.postgres_pool import CONNECTIONS, Pool, Session
from tests.postgres import rows
from tests.store.rows import LEASE, NOW, arrival, claimed, counting, saying

Nodes = tuple[PostgresStore, PostgresStore]

CROWD = [bytes([n]) * 16 for n in range(1, FULL)]
"""As many as go in one group when they come in the same moment."""


def all_say(store: PostgresStore, number: int) -> list[asyncio.Task[Accepted]]:
    """Event *number* of everybody, on its way."""
    return [
        asyncio.ensure_future(store.accept(arrival(number, who, NOW + number), counting(), LEASE))
        for who in CROWD
    ]


def outcomes(accepted: Sequence[Accepted]) -> set[Outcome | None]:
    """What became of them."""
    return {each.outcome for each in accepted}


async def states(store: PostgresStore) -> list[bytes | None]:
    """How many decisions everybody's conversation rests on."""
    return [await store.recall(who) for who in CROWD]


async def test_people_who_come_together_share_transactions_and_round_trips(
    nodes: Nodes, nodes_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody's first event, second event and settlement: a handful of each."""
    store, trips = nodes[0], 0
    once = store._pool.once

    async def counted(work: object) -> object:
        nonlocal trips
        trips += 1
        return await once(work)  # type: ignore[arg-type]

    monkeypatch.setattr(store._pool, "once", counted)
    for number in (1, 2):
        await asyncio.gather(*all_say(store, number))
        written = await rows(nodes_url, "SELECT xmin::text FROM person GROUP BY 1")
        assert len(written) <= 3
    for who in CROWD:
        await store.accept(arrival(3, who, NOW + 3), saying("x"))
    claims = [await claimed(store, who) for who in CROWD]
    before = trips
    await asyncio.gather(*(store.settle(each, Finished(Status.SENT)) for each in claims))

    assert trips - before <= 3
    assert before - 3 * len(CROWD) <= 12
    assert await rows(nodes_url, "SELECT DISTINCT version FROM person") == [(3,)]
    assert await rows(nodes_url, "SELECT DISTINCT status FROM outbox") == [("sent",)]


async def test_who_is_alone_goes_at_once_and_alone(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nobody to share with there is no group at all."""
    monkeypatch.delattr(Session, "many")

    accepted = await nodes[0].accept(arrival(1), saying("x"), LEASE)

    assert accepted.claim is not None
    assert await nodes[0].settle(accepted.claim, Finished(Status.SENT)) is False


@pytest.fixture
async def pool(nodes_url: str) -> AsyncIterator[Pool]:
    """Connections to try statements on."""
    pool = Pool(nodes_url, CONNECTIONS)
    yield pool
    await pool.close()


async def test_a_value_that_cannot_be_sent_fails_alone(pool: Pool) -> None:
    """The rest of its group is done, on a connection that is as good as before."""
    groups = Groups(pool)
    numbers = [1, 2, 2**70, 4]
    calls = [groups.row("SELECT $1::bytea, $2::bigint", b"%d" % n, n) for n in numbers]

    one, two, odd, four = await asyncio.gather(*calls, return_exceptions=True)

    assert [one, two, four] == [(b"1", 1), (b"2", 2), (b"4", 4)]
    assert type(odd) is StoreDownError
    assert await pool.run(lambda session: session.value("SELECT 1")) == 1


async def test_a_full_group_goes_beside_one_that_is_under_way(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server works on one while the next is made; fewer wait for its end."""
    monkeypatch.setattr(postgres_groups, "PATIENCE", 60)
    groups = Groups(pool)
    sleep = "SELECT $1::bytea, pg_sleep($2::int / 1000.0)"
    slow = asyncio.ensure_future(groups.row(sleep, b"slow", 500))
    await asyncio.sleep(0.05)

    full = [groups.row(sleep, b"%d" % n, 0) for n in range(FULL)]
    await asyncio.gather(*full)
    assert not slow.done()
    few = asyncio.gather(*(groups.row(sleep, b"%d" % n, 0) for n in range(FULL - 1)))
    await asyncio.wait([slow, few], return_when=asyncio.FIRST_COMPLETED)

    assert slow.done()
    assert not few.done()
    await few


@pytest.mark.parametrize(
    ("count", "size"), [(GROUP * 3, 1), (12, BYTES // 5), (3, 4 * BYTES)], ids=str
)
async def test_everybody_gets_the_answer_to_their_own_call(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, count: int, size: int
) -> None:
    """Sent in the order of their keys, no more at once than may be."""
    sent: list[list[tuple[bytes, bytes]]] = []
    many = Session.many

    async def noted(session: Session, statement: str, calls: list[tuple[bytes, bytes]]) -> object:
        sent.append(calls)
        return await many(session, statement, calls)

    monkeypatch.setattr(Session, "many", noted)
    groups = Groups(pool)
    keys = [(n * 37 % count).to_bytes(2, "big") for n in range(count)]

    found = await asyncio.gather(
        *(groups.row("SELECT $1::bytea, length($2::bytea)", key, key * size) for key in keys)
    )

    assert [tuple(each) for each in found] == [(key, 2 * size) for key in keys]
    assert sorted(call[0] for calls in sent for call in calls) == sorted(keys)
    for calls in sent:
        assert calls == sorted(calls)
        assert len(calls) <= GROUP
        assert len(calls) == 1 or sum(len(value) for call in calls for value in call) <= BYTES
    await groups.close()
