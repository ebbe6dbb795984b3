"""Several nodes on one PostgreSQL: the outcome is that of one call after the other."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.opening import open_store
from bot.store.port import Outcome
from bot.store.postgres import PostgresStore
from bot.store.rules import HOUR
from tests.postgres import rows
from tests.store.rows import (
    ANN,
    BEN,
    LEASE,
    NOW,
    HandClock,
    Marking,
    arrival,
    counting,
    erasing,
    saying,
)

Nodes = tuple[PostgresStore, PostgresStore]


async def test_twenty_copies_on_two_nodes_are_decided_on_once(nodes: Nodes, nodes_url: str) -> None:
    """Also of somebody's very first event, when there is no row to lock yet."""
    copies = [nodes[n % 2].accept(arrival(1), counting("one"), LEASE) for n in range(20)]

    accepted = await asyncio.gather(*copies)

    assert sorted(str(each.outcome) for each in accepted) == ["applied"] + ["duplicate"] * 19
    assert len([each for each in accepted if each.claim]) == 1
    assert await rows(nodes_url, "SELECT state, version FROM person") == [(b"1", 1)]


@pytest.mark.parametrize("letter", ["x", None])
async def test_one_persons_events_on_two_nodes_lose_nothing(
    nodes: Nodes, nodes_url: str, letter: str | None
) -> None:
    """Every event rests on the one before: versions and numbers are dense, whoever was faster."""
    calls = [nodes[n % 2].accept(arrival(n), counting(letter), LEASE) for n in range(60)]

    accepted = await asyncio.gather(*calls)

    answers = 60 if letter else 0
    assert [each.outcome for each in accepted] == [Outcome.APPLIED] * 60
    assert len([each for each in accepted if each.claim]) == bool(letter)
    assert await rows(nodes_url, "SELECT state, version, last_seq FROM person") == [
        (b"60", 60, answers)
    ]
    numbers = await rows(nodes_url, "SELECT seq FROM outbox ORDER BY seq")
    assert numbers == [(n + 1,) for n in range(answers)]
    assert await rows(nodes_url, "SELECT count(*) FROM inbox") == [(60,)]


async def test_many_people_on_few_connections(nodes_url: str) -> None:
    """Two connections serve whoever comes; nobody is mixed up with anybody."""
    store = await PostgresStore.open(nodes_url, clock=HandClock(), connections=2)
    people = [n.to_bytes(16, "big") for n in range(100)]

    await asyncio.gather(
        *(store.accept(arrival(n, who), counting(), LEASE) for who in people for n in range(3))
    )

    assert [await store.recall(who) for who in people] == [b"3"] * 100
    await store.close()


async def test_fifty_who_claim_at_once_on_two_nodes_get_one(
    nodes: Nodes,
) -> None:
    """Whoever waits for another's claim finds nothing due, and does not take the next answer."""
    await nodes[0].accept(arrival(1), saying("one"))
    await nodes[0].accept(arrival(2, at=NOW + 1), saying("two"))

    claims = await asyncio.gather(*(nodes[n % 2].claim(ANN, LEASE) for n in range(50)))

    assert [claim.letter for claim in claims if claim] == [b"one"]


async def test_news_of_an_erasure_and_a_talk_on_two_nodes_keep_to_their_times(
    nodes: Nodes, nodes_url: str
) -> None:
    """Whoever is first: nothing older than the erasure is left of the person."""
    for turn in range(10):
        who = bytes([turn]) * 16
        before, erased = await asyncio.gather(
            nodes[turn % 2].accept(arrival(1, who, NOW - 1), saying("old", "old"), LEASE),
            nodes[1 - turn % 2].accept(arrival(2, who, NOW, leaving=True), erasing()),
        )
        assert before.outcome in (Outcome.APPLIED, Outcome.DROPPED)
        assert erased.outcome is Outcome.ERASED

    assert await rows(nodes_url, "SELECT DISTINCT state, erased_at FROM person") == [(None, NOW)]
    assert await rows(nodes_url, "SELECT count(*) FROM outbox") == [(0,)]


async def test_an_event_recorded_between_reading_and_writing_is_a_duplicate(
    nodes: Nodes,
) -> None:
    """The decision is made in vain; nothing of it is kept."""
    accepted, outcome = await asyncio.gather(
        nodes[0].accept(arrival(1), saying("x", "x")), nodes[1].note(arrival(1), Outcome.STANDBY)
    )

    assert {accepted.outcome, outcome} in (
        {Outcome.APPLIED, Outcome.DUPLICATE},
        {Outcome.DUPLICATE, Outcome.STANDBY},
    )
    state = await nodes[0].recall(ANN)
    assert (state == b"x") == (accepted.outcome is Outcome.APPLIED)


async def test_two_nodes_adopt_somebody_who_is_talking(nodes: Nodes, nodes_url: str) -> None:
    """However they interleave, nothing said under the new key is lost, and nothing is doubled."""
    await nodes[0].accept(arrival(1), saying("one", "5"))

    adopted = await asyncio.gather(
        nodes[0].adopt(ANN, BEN, _Same()),
        nodes[1].adopt(ANN, BEN, _Same()),
        *(nodes[n % 2].accept(arrival(10 + n, BEN, NOW + n), counting()) for n in range(10)),
    )

    assert adopted[:2].count(True) == 1
    assert await nodes[0].recall(BEN) in (b"15", b"10", *(b"%d" % n for n in range(5, 16)))
    assert await rows(nodes_url, "SELECT count(*) FROM person") == [(1,)]
    assert await rows(nodes_url, "SELECT count(*) FROM inbox WHERE user_key = $1", BEN) == [(11,)]


class _Same(Marking):
    """Seals nothing anew."""

    def _marked(self, sealed: bytes) -> bytes:
        return sealed


async def test_the_databases_clock_decides_about_leases(nodes_url: str) -> None:
    """A node whose own clock is two hours wrong takes nothing from a node that is at work."""
    store = await open_store(nodes_url, HandClock(0))
    await store.accept(arrival(1, at=0, leaving=True), saying("one"), LEASE)
    astray = [await open_store(nodes_url, HandClock(NOW + sign * 2 * HOUR)) for sign in (-1, 1)]

    for node in astray:
        assert await node.claim(ANN, LEASE) is None
        assert await node.waiting(10) == []
        await node.close()
    await store.close()
