"""Sharing a round trip with somebody who is in trouble: locked, recorded twice, cut off or gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import asyncpg

from bot.store.port import Accepted, Finished, Outcome, Situation, Status, StoreDownError
from bot.store.postgres import PostgresStore
from bot.store.postgres_pool import BUDGET_SECONDS, LostError
from tests.postgres import rows
from tests.store.rows import NOW, HandClock, arrival, claimed, counting, event, saying
from tests.store.test_postgres_groups import CROWD, Nodes, all_say, outcomes, states

LAST = CROWD[-1]
"""Who goes last in every group, so that all others have taken their rows before."""

HEARD = "INSERT INTO inbox (user_key, event_key, received, outcome) VALUES ($1, $2, 0, 'standby')"
LOCK = "SELECT 1 FROM person WHERE user_key = $1 FOR UPDATE"
TO_WAIT = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'taikai' AND wait_event_type = 'Lock'
"""
QUICKLY = 0.7
"""Seconds; less than the second after which PostgreSQL gives up waiting for a lock."""


@asynccontextmanager
async def doing(url: str, statement: str, *values: object) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else who has done *statement* in a transaction that is not over."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("BEGIN")
        await connection.fetch(statement, *values)
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def tunnel(url: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Another way to the database at *url*, on which everything stops while the event is clear."""
    flowing = asyncio.Event()
    flowing.set()
    to = urlsplit(url)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while said := await reader.read(65_536):
                await flowing.wait()
                writer.write(said)
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(to.hostname, to.port)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(connected, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield url.replace(f":{to.port}/", f":{port}/"), flowing


async def waits(url: str) -> int:
    """The backend of the store that waits for a lock, as soon as there is one."""
    async with asyncio.timeout(QUICKLY):
        while not (found := await rows(url, TO_WAIT)):
            await asyncio.sleep(0.01)
    [pid] = found[0]
    assert isinstance(pid, int)
    return pid


async def test_a_locked_person_keeps_nobody_else_waiting(nodes: Nodes, nodes_url: str) -> None:
    """The others go on without; whoever is locked waits alone, and gets on when the lock goes."""
    store = nodes[0]
    await asyncio.gather(*all_say(store, 1))

    async with doing(nodes_url, LOCK, LAST):
        *others, locked = all_say(store, 2)
        await asyncio.wait_for(asyncio.gather(*others), QUICKLY)
        assert not locked.done()

    assert (await locked).outcome is Outcome.APPLIED
    assert await states(store) == [b"2"] * len(CROWD)


async def test_a_locked_answer_keeps_nobody_else_from_settling(
    nodes: Nodes, nodes_url: str
) -> None:
    """And is settled all the same; what waits behind it is reported."""
    store = nodes[0]
    for number in (1, 2):
        for who in CROWD:
            await store.accept(arrival(number, who, NOW + number), saying("x"))
    claims = [await claimed(store, who) for who in CROWD]

    async with doing(nodes_url, "SELECT 1 FROM outbox WHERE user_key = $1 FOR UPDATE", LAST):
        *others, locked = [
            asyncio.ensure_future(store.settle(each, Finished(Status.SENT))) for each in claims
        ]
        assert set(await asyncio.wait_for(asyncio.gather(*others), QUICKLY)) == {True}
        assert not locked.done()

    assert await locked is True
    sent = await rows(nodes_url, "SELECT count(*) FROM outbox WHERE status = 'sent'")
    assert sent == [(len(CROWD),)]


async def test_a_decision_that_fails_harms_nobody_else(nodes: Nodes) -> None:
    """Its error comes out where it belongs."""

    def failing(situation: Situation) -> None:
        raise ZeroDivisionError

    odd = nodes[0].accept(arrival(1), failing)  # type: ignore[arg-type]
    first, *accepted = await asyncio.gather(odd, *all_say(nodes[0], 1), return_exceptions=True)

    assert isinstance(first, ZeroDivisionError)
    assert {each.outcome for each in accepted if isinstance(each, Accepted)} == {Outcome.APPLIED}
    assert len([each for each in accepted if isinstance(each, Accepted)]) == len(CROWD)


async def test_an_event_that_another_node_just_records_harms_nobody_else(
    nodes: Nodes, nodes_url: str
) -> None:
    """The group waits for it and fails as a whole; then each goes alone, and only that one is a
    duplicate. Nobody was told of success before it was durable."""
    async with doing(nodes_url, HEARD, LAST, event(1)) as other:
        calls = all_say(nodes[0], 1)
        await waits(nodes_url)
        assert not any(call.done() for call in calls)
        later = nodes[0].accept(arrival(1, b"later" * 3 + b"!"), saying(None))
        assert (await asyncio.wait_for(later, QUICKLY)).outcome is Outcome.APPLIED
        await other.execute("COMMIT")
    *accepted, last = await asyncio.gather(*calls)

    assert last.outcome is Outcome.DUPLICATE
    assert outcomes(accepted) == {Outcome.APPLIED}
    assert await states(nodes[0]) == [b"1"] * (len(CROWD) - 1) + [None]


async def test_a_connection_lost_under_a_group_loses_nothing_that_was_acknowledged(
    nodes: Nodes, nodes_url: str
) -> None:
    """Those in it are told that nobody knows, and come again, as LINE does."""
    async with doing(nodes_url, HEARD, LAST, event(1)):
        calls = all_say(nodes[0], 1)
        pid = await waits(nodes_url)
        await rows(nodes_url, "SELECT pg_terminate_backend($1)", pid)
        ended = await asyncio.gather(*calls, return_exceptions=True)
    again = await asyncio.gather(*all_say(nodes[0], 1))

    for first, second in zip(ended, again, strict=True):
        assert isinstance(first, StoreDownError | Accepted)
        told = isinstance(first, Accepted)
        assert second.outcome is (Outcome.DUPLICATE if told else Outcome.APPLIED)
    assert [type(each) for each in ended].count(LostError) > len(CROWD) / 2
    assert await states(nodes[0]) == [b"1"] * len(CROWD)


async def test_reading_together_is_repeated_when_the_connection_is_lost(
    nodes: Nodes, nodes_url: str
) -> None:
    """Nobody notices, for reading twice does no harm."""
    await nodes[0].recall(LAST)
    async with doing(nodes_url, "LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"):
        calls = all_say(nodes[0], 1)
        pid = await waits(nodes_url)
        await rows(nodes_url, "SELECT pg_terminate_backend($1)", pid)

    assert outcomes(await asyncio.gather(*calls)) == {Outcome.APPLIED}


async def test_a_server_that_falls_silent_keeps_nobody_beyond_the_time_there_is(
    nodes_url: str,
) -> None:
    """All of a group are told in time; its connection is given up, and the next ones serve."""
    async with tunnel(nodes_url) as (url, flowing):
        store = await PostgresStore.open(url, clock=HandClock(), connections=2)
        await asyncio.gather(*all_say(store, 1))
        flowing.clear()
        silent = all_say(store, 2)
        async with asyncio.timeout(BUDGET_SECONDS + 0.2):
            ended = await asyncio.gather(*silent, return_exceptions=True)
        flowing.set()
        again = await asyncio.gather(*all_say(store, 2))
        await store.close()

    assert {type(each) for each in ended} == {StoreDownError}
    assert outcomes(again) == {Outcome.APPLIED}


async def test_a_caller_who_is_cancelled_leaves_the_others_alone(
    nodes: Nodes, nodes_url: str
) -> None:
    """Its event is decided on once, whether it comes again or not; close waits for the rest."""
    async with doing(nodes_url, HEARD, LAST, event(1)):
        calls = all_say(nodes[0], 1)
        await waits(nodes_url)
        calls[0].cancel()
        await asyncio.sleep(0.01)
    gone, *accepted = await asyncio.gather(*calls, return_exceptions=True)

    assert isinstance(gone, asyncio.CancelledError)
    assert {each.outcome for each in accepted if isinstance(each, Accepted)} == {Outcome.APPLIED}
    again = await nodes[0].accept(arrival(1, CROWD[0], NOW + 1), counting())
    assert again.outcome is Outcome.DUPLICATE
    assert await states(nodes[0]) == [b"1"] * len(CROWD)


async def test_closing_waits_for_a_group_whose_callers_have_all_gone(nodes_url: str) -> None:
    """What was sent is brought to its end, and no connection is left behind."""
    store = await PostgresStore.open(nodes_url)
    async with doing(nodes_url, HEARD, LAST, event(1)):
        calls = all_say(store, 1)
        await waits(nodes_url)
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)
        closing = asyncio.ensure_future(store.close())
        await asyncio.sleep(0.05)
        assert not closing.done()
    await closing

    assert await rows(nodes_url, "SELECT count(*) FROM inbox") == [(len(CROWD),)]


async def test_two_nodes_with_the_same_people_wait_in_no_circle(
    nodes: Nodes, nodes_url: str
) -> None:
    """Groups of both nodes meet in every row, again and again, and lose nothing."""
    for number in range(1, 16):
        both = [all_say(nodes[0], number), all_say(nodes[1], 100 + number)[::-1]]
        for calls in both:
            assert outcomes(await asyncio.gather(*calls)) <= {Outcome.APPLIED, Outcome.LATE}

    assert await rows(nodes_url, "SELECT DISTINCT version, state FROM person") == [(30, b"30")]
    assert await rows(nodes_url, "SELECT count(*) FROM inbox") == [(30 * len(CROWD),)]
