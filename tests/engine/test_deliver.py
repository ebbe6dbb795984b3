"""Sending what waits: in order to each person, at the same time to many, never twice."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.engine import deliver
from bot.line.client import Accepted, Answer
from bot.store.port import (
    Arrival,
    Claim,
    Decision,
    Keep,
    Outcome,
    Settlement,
)
from bot.store.rules import TOKEN_LIFE
from bot.store.sqlite import SqliteStore
from tests.engine.delivering import NEVER, SHORT, OwnLine, delivering, ended, rows, taken, until
from tests.engine.fake_line import FakeLine
from tests.engine.made import ANN, BEN, RunningClock


async def test_an_answer_goes_out_once_and_leaves_no_letter(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Right after it is told of, not at the next look."""
    async with delivering(store, line, clock, look_every=NEVER) as house:
        await asyncio.sleep(0.05)  # the first look is over
        await house.answer("やあ")
        await until(lambda: line.delivered)
        assert await ended(house) == ["sent"]

    assert [attempt[1]["messages"] for attempt in line.attempts] == [
        [{"type": "text", "text": "やあ"}]
    ]
    assert "X-Line-Retry-Key" not in line.attempts[0][2]
    assert await rows(store) == [("sent", 0, 0)]


async def test_an_answer_nobody_told_of_is_found(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """The store is the truth: another node, or a process that died, may have put it there."""
    async with delivering(store, line, clock) as house:
        await house.answer("やあ", told=False)
        await until(lambda: line.delivered)


async def test_each_person_is_answered_in_order(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """However many wait, and however often one has to be tried again."""
    line.rule = lambda token, texts: "500 before" if len(line.attempts) % 3 == 0 else None
    async with delivering(store, line, clock) as house:
        for number in range(6):
            for who in (ANN, BEN):
                await house.answer(f"{who[:1].decode()}{number}", who)
        await until(lambda: len(line.delivered) == 12)

    for name in "ab":
        mine = [text for text in line.texts() if text.startswith(name)]
        assert mine == [f"{name}{number}" for number in range(6)]


async def test_many_people_are_answered_at_the_same_time(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Of a hundred answers of 0.1 s each, many are on their way together."""
    line.delay = 0.1
    async with delivering(store, line, clock) as house:
        for number in range(100):
            await house.answer("x", bytes([number]) * 16)
        await until(lambda: len(line.delivered) == 100, 30)

    assert line.most_at_once >= 16


async def test_one_hung_call_keeps_nobody_else_waiting(
    store: SqliteStore, line: FakeLine, clock: RunningClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are answered while LINE says nothing to the first."""
    monkeypatch.setattr(deliver, "LAST_CALLS", 0.1)
    line.faults = ["hang before"]
    async with delivering(store, line, clock, patience=60) as house:
        await house.answer("hangs", ANN)
        await until(lambda: line.attempts)
        await house.answer("quick", BEN)
        await until(lambda: line.delivered)

    assert line.texts() == ["quick"]
    assert len(line.attempts) == 2


@pytest.mark.parametrize("fault", ["500 before", "hang before", "reset before"])
async def test_an_answer_line_did_not_take_is_sent_again(
    store: SqliteStore, line: FakeLine, clock: RunningClock, fault: Any
) -> None:
    """By the same token, with the same words."""
    line.faults = [fault]
    async with delivering(store, line, clock, patience=SHORT) as house:
        await house.answer("やあ")
        assert await ended(house) == ["sent"]

    assert line.texts() == ["やあ"]
    assert line.attempts[0][1] == line.attempts[1][1]


@pytest.mark.parametrize("fault", ["500 after", "hang after", "reset after", "not json", "huge"])
async def test_an_answer_line_took_without_saying_so_is_not_seen_twice(
    store: SqliteStore, line: FakeLine, clock: RunningClock, fault: Any
) -> None:
    """The second attempt is refused for its token, and that is the proof of the first."""
    line.faults = [fault]
    async with delivering(store, line, clock, patience=SHORT) as house:
        await house.answer("やあ")
        assert await ended(house) == ["sent"]

    assert line.texts() == ["やあ"]
    assert len(line.attempts) == 2


async def test_an_expired_token_parks_the_answer(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Nothing else may carry it, as no push message is sent; the next answer is not held up."""
    async with delivering(store, line, clock) as house:
        line.expired.add("token-1")
        await house.answer("too late", ago=70_000)
        await house.answer("in time")
        assert await ended(house, 2) == ["parked", "sent"]

    assert line.texts() == ["in time"]
    assert await rows(store) == [("parked", 0, 0), ("sent", 0, 0)]


async def test_an_answer_twenty_minutes_old_is_not_even_tried(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """After an outage the old answers must not delay the new ones."""
    async with delivering(store, line, clock) as house:
        clock.move(milliseconds=-TOKEN_LIFE)
        await house.answer("old", told=False)
        clock.move(milliseconds=TOKEN_LIFE)
        assert await ended(house) == ["parked"]

    assert line.attempts == []


async def test_an_attempt_that_died_long_ago_is_unconfirmed(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """It may have been delivered, and a refusal could no longer tell."""
    async with delivering(store, line, clock) as house:
        house.deliverer._held_until = float("inf")  # nobody looks meanwhile
        clock.move(hours=-1)
        await house.answer("x", told=False)
        await store.claim(ANN, 1)
        clock.move(hours=1)
        house.deliverer._held_until = 0.0
        assert await ended(house) == ["unconfirmed"]

    assert line.attempts == []


async def test_a_refused_message_is_replaced_by_plain_words_once(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """The person hears something; the token was not used up by the refusal."""
    line.faults = ["bad message"]
    async with delivering(store, line, clock) as house:
        await house.answer("壊れたカード")
        assert await ended(house) == ["sent"]

    assert line.texts() == ["やさしい文"]
    assert {attempt[0] for attempt in line.attempts} == {"token-1"}


async def test_plain_words_refused_too_end_the_matter(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Never a loop; the next answer goes out."""
    line.faults = ["bad message", "bad message"]
    async with delivering(store, line, clock) as house:
        await house.answer("壊れたカード")
        await house.answer("次")
        assert await ended(house, 2) == ["dead", "sent"]

    assert line.texts() == ["次"]


async def test_a_letter_that_cannot_be_opened_ends_the_matter(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Damaged in the database, it cannot be sent, and must not stop what follows."""
    async with delivering(store, line, clock) as house:
        broken = Decision(Outcome.APPLIED, Keep(), b"junk")
        await store.accept(Arrival(ANN, b"e" * 16, clock.ms), lambda situation: broken)
        await house.answer("次")
        assert await ended(house, 2) == ["dead", "sent"]

    assert line.texts() == ["次"]


async def test_a_refused_access_token_holds_everybody_and_loses_nobody(
    store: SqliteStore, line: FakeLine, clock: RunningClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call at a time finds out whether it was mended; then all go out."""
    monkeypatch.setattr("bot.engine.verdict.TOKEN_REFUSED_PAUSE", 300)
    broken = True
    line.rule = lambda token, texts: "401" if broken else None
    async with delivering(store, line, clock) as house:
        begun = asyncio.get_running_loop().time()
        await house.answer("first", ANN)
        await until(lambda: line.attempts)
        for number in range(20):
            await house.answer(f"{number}", bytes([number]) * 16)
        await until(lambda: len(line.attempts) >= 3)
        elapsed = asyncio.get_running_loop().time() - begun
        assert len(line.attempts) <= 1 + elapsed / 0.3
        assert line.delivered == []
        broken = False
        await until(lambda: len(line.delivered) == 21)

    assert Counter(await ended(house)) == {"sent": 21}


async def test_a_rate_limit_is_waited_out(
    store: SqliteStore, line: FakeLine, clock: RunningClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused is not unknown: the answer is not ambiguous afterwards."""
    monkeypatch.setattr("bot.engine.verdict.RATE_PAUSE", 200)
    line.faults = ["429"]
    async with delivering(store, line, clock) as house:
        await house.answer("やあ")
        await ended(house)

    assert await rows(store) == [("sent", 0, 0)]
    assert len(line.attempts) == 2


async def test_a_burst_that_line_refuses_goes_out_within_a_token_s_life(
    store: SqliteStore, line: FakeLine, clock: RunningClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many were refused at once, the pace is halved once, and nobody falls into doubt."""
    monkeypatch.setattr("bot.engine.verdict.RATE_PAUSE", 100)
    seen: Counter[int] = Counter()

    def busy(token: str, texts: list[str]) -> Any:
        window = int(time.monotonic() * 5)
        seen[window] += 1
        return "429" if seen[window] > 15 else None

    line.rule = busy
    async with delivering(store, line, clock) as house:
        for number in range(120):
            await house.answer(f"{number}", number.to_bytes(16, "big"), claimed=True)
        await until(lambda: len(line.delivered) == 120, 30)
        await ended(house, 120)

    assert max(seen.values()) > 15, "there was a burst, and it was refused"
    assert set(await rows(store)) == {("sent", 0, 0)}


async def test_an_answer_whose_turn_is_far_away_goes_back_unsent(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """Its lease would end while it waits for its turn; given back it is not in doubt."""
    async with delivering(store, line, clock) as house:
        pace = house.deliverer._attempts._pace
        pace.wait(asyncio.get_running_loop().time())
        pace._tokens = -10 * pace.rate
        await house.answer("x")
        await asyncio.sleep(0.05)
        assert line.attempts == []
        assert await rows(store) == [("waiting", 0, 1)]
        assert await store.waiting(1) == []
        pace._tokens = 1.0
        clock.move(seconds=11)
        assert await ended(house) == ["sent"]

    assert await rows(store) == [("sent", 0, 0)]


async def test_after_an_erasure_only_its_confirmation_goes_out(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """A call under way may end; what waited is gone, and the confirmation comes after it."""
    line.delay = 0.2
    async with delivering(store, line, clock) as house:
        await house.answer("under way")
        await until(lambda: line.attempts)
        await house.answer("never said")
        await house.answer("消しました", erase=True)
        await until(lambda: len(line.delivered) == 2)
        await ended(house)
        await asyncio.sleep(2 * deliver.LOOK_EVERY)

    assert line.texts() == ["under way", "消しました"]
    assert await rows(store) == [("sent", 0, 0)]


async def test_stopping_ends_what_is_under_way_and_leaves_nothing_ambiguous(
    store: SqliteStore, line: FakeLine, clock: RunningClock
) -> None:
    """The answers that were not begun wait for the next process, untouched."""
    line.delay = 0.3
    async with delivering(store, line, clock) as house:
        for number in range(3):
            await house.answer(f"{number}")
        await until(lambda: line.attempts)

    assert line.texts() == ["0"]
    assert await rows(store) == [("sent", 0, 0), ("waiting", 0, 1), ("waiting", 0, 1)]


async def test_a_call_that_never_ends_does_not_keep_the_server_from_stopping(
    store: SqliteStore, clock: RunningClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is cut off; its lease stays, so that the next process knows it for ambiguous."""
    monkeypatch.setattr(deliver, "LAST_CALLS", 0.1)
    begun = asyncio.Event()

    async def reply(call: int) -> Answer:
        begun.set()
        await asyncio.sleep(3600)
        raise AssertionError

    async with delivering(store, OwnLine(reply), clock) as house:
        await house.answer("x", claimed=True)
        await begun.wait()

    clock.move(milliseconds=deliver.LEASE)
    claim = await store.claim(ANN, 1)
    assert claim is not None
    assert (claim.ambiguous, claim.tries) == (True, 2)


async def test_a_client_that_raises_is_taken_for_unknown(
    store: SqliteStore, clock: RunningClock
) -> None:
    """Whatever happened, LINE may have it; the same token is tried again."""

    async def reply(call: int) -> Answer:
        if call == 1:
            raise ValueError("unexpected")
        return Accepted("r")

    line = OwnLine(reply)
    async with delivering(store, line, clock) as house:
        await house.answer("x")
        assert await ended(house) == ["sent"]

    assert line.tokens == ["token-1", "token-1"]
    assert await rows(store) == [("sent", 1, 0)]


class Interrupting(SqliteStore):
    """A store in which something happens between settling an answer and being told of it."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        more = await super().settle(claim, settlement)
        if meanwhile := self.meanwhile:
            self.meanwhile = None
            await meanwhile()
        return more


@pytest.mark.parametrize("claimed", [False, True])
async def test_an_answer_told_of_at_the_very_end_of_another_is_not_overlooked(
    line: FakeLine, clock: RunningClock, claimed: bool
) -> None:
    """The settling saw nothing more to send, and the next look is far away."""
    store = Interrupting.open(None, clock)
    async with delivering(store, line, clock, look_every=NEVER) as house:
        store.meanwhile = lambda: house.answer("second", claimed=claimed)
        await asyncio.sleep(0.05)
        await house.answer("first")
        await until(lambda: len(line.delivered) == 2)
        await ended(house, 2)
    assert line.texts() == ["first", "second"]
    assert await rows(store) == [("sent", 0, 0)] * 2
    await store.close()


async def test_no_memory_is_kept_of_people_who_were_answered(
    store: SqliteStore, clock: RunningClock
) -> None:
    """A flood of strangers leaves the process as it was."""
    async with delivering(store, OwnLine(lambda call: taken()), clock) as house:
        for number in range(300):
            await house.answer("x", number.to_bytes(16, "big"), claimed=bool(number % 2))
        await ended(house, 300)
        await until(lambda: not house.deliverer._busy)
        assert not house.deliverer._backlog
        assert not house.deliverer._claimed
        assert not house.deliverer._again
