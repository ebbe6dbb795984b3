"""A PostgreSQL that crashes under load: what was acknowledged is kept, and nobody starts again."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.store.port import Finished, Outcome, Status, StoreDownError
from bot.store.postgres import PostgresStore
from bot.store.postgres_layout import upgrade
from tests.postgres import Server, drop_database, new_database, rows
from tests.store.rows import LEASE, arrival, counting

PEOPLE = [bytes([n]) * 16 for n in range(8)]


async def test_a_crashed_server_loses_nothing_that_was_acknowledged(server: Server) -> None:
    """Twice in the middle of it; the same store goes on as soon as the server is back."""
    url = await new_database(server.url())
    await upgrade(url)
    store = await PostgresStore.open(url)
    known, down, stop = Counter[bytes](), 0, asyncio.Event()

    async def talk(who: bytes) -> None:
        nonlocal down
        number = 0
        while not stop.is_set():
            try:  # again and again, as LINE delivers, until it is acknowledged
                accepted = await store.accept(
                    arrival(number, who, 0, leaving=True), counting("x"), LEASE
                )
                known[who] += 1
                number += 1
                if accepted.claim:
                    await store.settle(accepted.claim, Finished(Status.SENT))
            except StoreDownError:
                down += 1
                await asyncio.sleep(0.02)

    talks = [asyncio.create_task(talk(who)) for who in PEOPLE]
    loop = asyncio.get_running_loop()
    for _ in range(2):
        before = known.total()
        while known.total() < before + 50:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(server.crash)
        assert await _is_down_soon(store)
        await asyncio.to_thread(server.start)
        back, before = loop.time(), known.total()
        while known.total() < before + len(PEOPLE):
            await asyncio.sleep(0.01)
        assert loop.time() - back < 3
    stop.set()
    await asyncio.gather(*talks)

    assert down > 0
    heard = await rows(url, "SELECT user_key, count(*) FROM inbox GROUP BY user_key")
    assert sorted(heard) == sorted(known.items())
    for who in PEOPLE:
        assert await store.recall(who) == b"%d" % known[who]
    await store.close()
    await drop_database(url)


async def _is_down_soon(store: PostgresStore) -> bool:
    """Whether a call that comes now is refused before LINE gives up."""
    try:
        async with asyncio.timeout(2):
            await store.accept(arrival(1, b"n" * 16, 0, leaving=True), counting())
    except StoreDownError:
        return True
    return False


async def test_who_was_told_of_trouble_may_come_again(server: Server) -> None:
    """A duplicate of what was stored after all, and not decided on twice."""
    url = await new_database(server.url())
    await upgrade(url)
    store = await PostgresStore.open(url)
    await store.accept(arrival(1, at=0, leaving=True), counting())
    await asyncio.to_thread(server.crash)
    await asyncio.to_thread(server.start)

    outcomes = [
        (await store.accept(arrival(n, at=0, leaving=True), counting())).outcome for n in (1, 2)
    ]

    assert outcomes == [Outcome.DUPLICATE, Outcome.APPLIED]
    await store.close()
    await drop_database(url)
