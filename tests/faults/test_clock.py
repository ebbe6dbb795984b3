"""Clocks that are wrong, jump, or know another zone: order, leases and words stay right."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import orjson
import pytest

from bot.clock import SystemClock
from bot.engine.vault import CONVERSATION
from bot.store.port import Finished, Outcome, Status
from bot.store.postgres import PostgresStore
from bot.store.rules import HOUR
from bot.store.sqlite import SqliteStore
from tests import postgres
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.made import RunningClock
from tests.engine.posting import event, tell
from tests.engine.running import Process, serving
from tests.faults.looking import VAULT, WAITING, rows, soon
from tests.store.rows import ANN, LEASE, NOW, HandClock, arrival, saying

HOURS = [-2, 2, -24 * 365, 24 * 365]


@contextmanager
def running(folder: Path, clock: RunningClock, line: FakeLine) -> Iterator[str]:
    """A server whose own clock is *clock*."""
    store = SqliteStore.open(folder / "taikai.db", clock)
    with serving(settings=standin.settings(line_api_base=line.base), store=store) as base:
        yield base
    asyncio.run(store.close())


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_hours_off(tmp_path: Path, hours: int) -> None:
    """Row 16: two hours slow or fast, everybody is answered in order, and once."""
    clock = RunningClock()
    clock.move(hours=hours)
    with FakeLine() as line, running(tmp_path, clock, line) as base:
        for number in range(3):
            happening = event(f"{number}")
            assert tell(base, happening) == 200
            assert tell(base, happening) == 200
        assert line.wait_for(3) == ["1:0", "2:1", "3:2"]
        assert soon(lambda: rows(tmp_path / "taikai.db", WAITING) == [])

    assert rows(tmp_path / "taikai.db", "SELECT DISTINCT outcome FROM inbox") == [("applied",)]


@pytest.mark.parametrize("hours", HOURS)
def test_a_clock_that_jumps_while_an_answer_waits(tmp_path: Path, hours: int) -> None:
    """Row 16: back or forth, by hours or a year: what waits is not forgotten, and the next event
    is answered. A jump forward makes the token old, so it is parked; never sent twice."""
    clock = RunningClock()
    with FakeLine() as line, running(tmp_path, clock, line) as base:
        line.rule = lambda token, texts: "429"
        assert tell(base, event("まえ")) == 200
        assert line.wait_until(lambda: bool(line.attempts))
        clock.move(hours=hours)
        line.rule = lambda token, texts: None
        assert soon(lambda: rows(tmp_path / "taikai.db", WAITING) == [], 10)
        clock.move(hours=-hours)
        assert tell(base, event("あと")) == 200
        assert line.wait_until(lambda: "2:あと" in line.texts())

    assert len(line.texts()) == len(set(line.texts()))
    if hours < 0:
        assert line.texts() == ["1:まえ", "2:あと"]


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_lease_and_a_clock_set_back_or_forth(hours: int) -> None:
    """Row 16: set forward the lease is over early, and the attempt in doubt; set back it ends at
    once, for nothing of ours waits so long. Either way an attempt that lost it settles nothing."""
    clock = HandClock()
    store = SqliteStore.open(None, clock)
    await store.accept(arrival(1), saying("one"))
    first = await store.claim(ANN, LEASE)
    clock.at += hours * HOUR

    second = await store.claim(ANN, LEASE)

    assert first
    assert second
    assert second.ambiguous
    await store.settle(first, Finished(Status.SENT))
    assert await store.waiting(10) == []
    assert (await store.backlog()).answers == 1
    await store.settle(second, Finished(Status.SENT))
    assert (await store.backlog()).answers == 0
    await store.close()


async def test_events_are_ordered_by_line_s_clock_alone() -> None:
    """Row 16: ours going back between two events makes neither of them late."""
    clock = HandClock()
    store = SqliteStore.open(None, clock)
    outcomes = []
    for number, ours in enumerate((0, -2 * HOUR, 3 * HOUR, 0)):
        clock.at = NOW + ours + number
        outcomes.append((await store.accept(arrival(number, at=NOW + number), saying("x"))).outcome)
    await store.close()

    # Two hours back, LINE's time seems to be in the future, and is believed for a minute only.
    assert outcomes[0] is Outcome.APPLIED
    assert outcomes[2:] == [Outcome.APPLIED] * 2
    assert outcomes[1] in (Outcome.APPLIED, Outcome.LATE)


def test_nodes_whose_clocks_differ_by_hours(shared_url: str) -> None:
    """Row 16: the database's clock is the only one: two nodes two hours apart share a lease."""

    async def shared() -> None:
        nodes = [await PostgresStore.open(shared_url) for _ in range(2)]
        now = round(time.time() * 1000)
        await nodes[0].accept(arrival(1, at=now), saying("one"))
        claim = await nodes[0].claim(ANN, LEASE)
        assert claim
        assert abs(claim.now - now) < 60_000
        assert await nodes[1].claim(ANN, LEASE) is None
        assert await nodes[1].waiting(10) == []
        for node in nodes:
            await node.close()

    ahead = SystemClock.now
    try:
        SystemClock.now = lambda self: datetime.fromtimestamp(0).astimezone()  # type: ignore[method-assign]
        asyncio.run(shared())
    finally:
        SystemClock.now = ahead  # type: ignore[method-assign]
    assert asyncio.run(postgres.rows(shared_url, "SELECT claimed FROM outbox")) == [(1,)]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Apia", "Asia/Tokyo"])
def test_a_machine_in_another_time_zone(tmp_path: Path, zone: str) -> None:
    """Row 16: what the flow hears is Tokyo's time, whatever the machine's; summer time too."""
    with FakeLine() as line, Process(tmp_path, LINE_API_BASE=line.base, TZ=zone) as node:
        assert tell(node.base, event("何時")) == 200
        assert line.wait_for(1) == ["1:何時"]
        assert node.terminate() == 0

    [(who, sealed)] = rows(tmp_path / "taikai.db", "SELECT user_key, state FROM person")
    seen = orjson.loads(VAULT.open(sealed, CONVERSATION, who))["last_seen"]
    assert seen.endswith("+09:00")
    assert abs(datetime.fromisoformat(seen).timestamp() - time.time()) < 120
