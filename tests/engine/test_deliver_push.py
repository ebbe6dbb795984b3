"""What no reply token carries any more may be pushed: once, within a limit, never after doubt."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest

from bot.engine.letter import Letter
from bot.store.port import (
    Arrival,
    Decision,
    Outcome,
    Retry,
    Save,
)
from bot.store.rules import HOUR, MINUTE, TOKEN_LIFE
from bot.store.sqlite import SqliteStore
from tests.engine.delivering import ANNS_ID, PLAIN, SHORT, delivering, ended, rows
from tests.engine.fake_line import FakeLine
from tests.engine.made import ANN, BEN, VAULT, RunningClock


async def test_without_push_a_dead_token_parks_the_answer(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Nothing is pushed where the operator did not ask for it."""
    line.expired.add("token-1")
    async with delivering(store, line, clock, pushes=0) as house:
        await house.answer("x")
        assert await ended(house) == ["parked"]

    assert line.pushes == []


async def test_an_answer_whose_token_died_unused_is_pushed_once(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """To the person, with the retry key made with the answer; the next answer comes after it."""
    line.expired.add("token-1")
    async with delivering(store, line, clock, pushes=5) as house:
        await house.answer("late")
        await house.answer("next")
        assert await ended(house, 2) == ["sent", "sent"]

    assert [(reply.to, reply.texts) for reply in line.delivered] == [
        (ANNS_ID, ("late",)),
        ("", ("next",)),
    ]
    [(body, headers)] = line.pushes
    assert body["to"] == ANNS_ID
    assert uuid.UUID(headers["X-Line-Retry-Key"]).version == 4
    assert await rows(store) == [("sent", 0, 0)] * 2


async def test_an_answer_twenty_minutes_old_is_pushed_without_trying_its_token(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """After an outage one call is enough."""
    async with delivering(store, line, clock, pushes=5) as house:
        clock.move(milliseconds=-TOKEN_LIFE)
        await house.answer("x", told=False)
        clock.move(milliseconds=TOKEN_LIFE)
        assert await ended(house) == ["sent"]

    assert (line.attempts, len(line.pushes)) == ([], 1)


@pytest.mark.parametrize("fault", ["500 after", "hang after", "reset after", "500 before", "huge"])
async def test_a_push_is_repeated_under_the_same_key_until_line_says_yes(
    store: SqliteStore, line: FakeLine, clock: RunningClock, fault: Any
) -> None:
    """409 says that it was taken before; it is seen once, whatever became of the first call."""
    line.expired.add("token-1")
    line.rule = lambda token, texts: fault if token == ANNS_ID and len(line.pushes) == 1 else None
    async with delivering(store, line, clock, pushes=5, patience=SHORT) as house:
        await house.answer("x")
        assert await ended(house) == ["sent"]

    assert line.texts() == ["x"]
    keys = {headers["X-Line-Retry-Key"] for _, headers in line.pushes}
    assert (len(line.pushes), len(keys)) == (2, 1)
    assert await rows(store) == [("sent", 0, 0)], "a push is never in doubt"


@pytest.mark.parametrize("fault", ["500 after", "hang after"])
async def test_what_line_may_have_taken_is_never_pushed(
    store: SqliteStore, line: FakeLine, clock: RunningClock, fault: Any
) -> None:
    """A refusal too late to be a proof: unconfirmed, and the person is not told twice."""
    line.faults = [fault]
    async with delivering(store, line, clock, pushes=5, patience=SHORT) as house:
        await house.answer("x", ago=44_800)
        assert await ended(house) == ["unconfirmed"]

    assert line.texts() == ["x"]
    assert line.pushes == []


async def test_when_the_day_s_allowance_is_used_up_answers_are_parked(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """One push a day: the second late answer of the day stays unsent."""
    line.expired |= {"token-1", "token-2"}
    async with delivering(store, line, clock, pushes=1) as house:
        await house.answer("first")
        await ended(house)
        await house.answer("second", BEN)
        assert Counter(await ended(house, 2)) == {"sent": 1, "parked": 1}

    assert len(line.pushes) == 1


async def test_line_s_monthly_limit_ends_pushing_and_nothing_else(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Replies are free: conversations go on; further pushes are not even tried."""
    line.expired |= {"token-1", "token-2"}
    line.rule = lambda token, texts: "monthly limit" if token == ANNS_ID else None
    async with delivering(store, line, clock, pushes=9) as house:
        await house.answer("first")
        assert await ended(house) == ["parked"]
        await house.answer("second", BEN)
        await house.answer("third", BEN)
        assert Counter(await ended(house, 3)) == {"parked": 2, "sent": 1}
        assert house.deliverer.lease is not None  # nothing is on hold

    assert line.texts() == ["third"]
    assert len(line.pushes) == 1


async def test_a_push_that_waited_for_a_day_is_expired(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """After 24 hours its key protects nobody from reading it twice."""
    async with delivering(store, line, clock, pushes=5) as house:
        clock.move(milliseconds=-23 * HOUR)
        await house.answer("x", told=False)
        claim = await store.claim(ANN, MINUTE)
        assert claim
        await store.settle(claim, Retry(0, ambiguous=False, push=True))
        clock.move(milliseconds=23 * HOUR)
        assert await ended(house) == ["expired"]

    assert (line.pushes, line.attempts) == ([], [])


async def test_a_push_that_died_in_flight_is_pushed_again_under_its_key(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """The process died after LINE took it: 409 tells so, and it is seen once."""
    line.expired.add("token-1")
    async with delivering(store, line, clock, pushes=5) as house:
        await house.answer("x")
        await ended(house)
    key = line.pushes[0][1]["X-Line-Retry-Key"]
    [letter] = [Letter("t", b'[{"type":"text","text":"x"}]', ANNS_ID, key)]
    sealed = letter.sealed(VAULT, BEN, 1, b"e" * 16)
    async with delivering(store, line, clock, pushes=5) as house:
        arrival = Arrival(BEN, b"e" * 16, clock.ms)
        await store.accept(arrival, lambda _: Decision(Outcome.APPLIED, Save(b"x"), sealed))
        claim = await store.claim(BEN, MINUTE)
        assert claim
        await store.settle(claim, Retry(0, ambiguous=False, push=True))
        await store.claim(BEN, 1)  # and nobody settles it
        assert await ended(house, 2) == ["sent", "sent"]

    assert line.texts() == ["x"]
    assert await rows(store) == [("sent", 0, 0)] * 2


async def test_a_letter_without_an_address_is_parked(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Made while push was off, or for a group: there is nobody to push it to."""
    sealed = Letter("token-9", b'[{"type":"text","text":"x"}]').sealed(VAULT, ANN, 1, b"e" * 16)
    line.expired.add("token-9")
    async with delivering(store, line, clock, pushes=5) as house:
        arrival = Arrival(ANN, b"e" * 16, clock.ms)
        await store.accept(arrival, lambda _: Decision(Outcome.APPLIED, Save(b"x"), sealed))
        assert await ended(house) == ["parked"]

    assert line.pushes == []


async def test_push_switched_off_later_parks_what_was_to_be_pushed(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """The setting of today counts, not that of the process that made the answer."""
    async with delivering(store, line, clock, pushes=0) as house:
        await house.answer("x", told=False)
        claim = await store.claim(ANN, MINUTE)
        assert claim
        await store.settle(claim, Retry(0, ambiguous=False, push=True))
        assert await ended(house) == ["parked"]

    assert (line.pushes, line.attempts) == ([], [])


async def test_a_refused_push_says_it_plainly_once(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """As with a reply: the person hears something, and then it is over."""
    line.expired.add("token-1")
    line.rule = lambda token, texts: (
        "bad message" if token == ANNS_ID and texts != [PLAIN] else None
    )
    async with delivering(store, line, clock, pushes=5) as house:
        await house.answer("壊れたカード")
        assert await ended(house) == ["sent"]

    assert [(reply.to, reply.texts) for reply in line.delivered] == [(ANNS_ID, (PLAIN,))]
