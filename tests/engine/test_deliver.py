"""Sending what waits: in order to each person, at the same time to many, never twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import SystemClock, millis
from bot.engine import deliver
from bot.engine.deliver import Deliverer, Reply
from bot.engine.keys import Keys
from bot.engine.letter import Letter
from bot.engine.pseudonym import event_key
from bot.engine.vault import Vault
from bot.line.client import Accepted, Answer, LineClient
from bot.store.port import (
    Arrival,
    Claim,
    Decision,
    Erase,
    Keep,
    Outcome,
    Save,
    Settlement,
    Situation,
    Store,
)
from bot.store.sqlite import SqliteStore
from tests.engine.fake_line import FakeLine

VAULT = Vault(Keys.derive(bytes(range(32))).sealing)
ANN, BEN = b"a" * 16, b"b" * 16


class Clock:
    """The machine's clock, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    opened = SqliteStore.open(None)
    yield opened
    await opened.close()


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


class House:
    """A store, a deliverer and LINE, at work."""

    def __init__(self, store: Store, clock: Clock, deliverer: Deliverer) -> None:
        self.store, self.clock, self.deliverer = store, clock, deliverer
        self.count = 0

    async def answer(
        self, text: str, who: bytes = ANN, *, erase: bool = False, told: bool = True, ago: int = 0
    ) -> str:
        """Put an answer into the outbox, to an event *ago* ms old; returns its reply token."""
        self.count += 1
        now = millis(self.clock.now())
        token = f"token-{self.count}"
        key = event_key(token)
        arrival = Arrival(who, key, now - ago, now - ago)

        def decide(situation: Situation) -> Decision:
            letter = Letter(token, [{"type": "text", "text": text}])
            sealed = letter.sealed(VAULT, who, situation.seq, key)
            return Decision(Outcome.APPLIED, Erase() if erase else Save(b"x"), sealed)

        await self.store.accept(arrival, decide)
        if told:
            self.deliverer.answer_waits(who)
        return token


@asynccontextmanager
async def delivering(
    store: Store, reply: Reply | FakeLine, clock: Clock, patience: float = 0.5
) -> AsyncIterator[House]:
    """A deliverer at work, over a real client where *reply* is a fake LINE."""
    if isinstance(reply, FakeLine):
        async with (
            LineClient(reply.base, "token", timeout=patience) as client,
            delivering(store, client.reply, clock) as house,
        ):
            yield house
        return
    deliverer = Deliverer(store, reply, VAULT, clock, "やさしい文", jitter=lambda: 0.0)
    deliverer.start()
    try:
        yield House(store, clock, deliverer)
    finally:
        await deliverer.stop()


async def until(done: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait for *done*; fails when it does not come true in time."""
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - nobody there could set an event
            await asyncio.sleep(0.005)


async def rows(store: SqliteStore) -> list[Any]:
    """Status, ambiguity and letter of every answer, in order."""
    query = "SELECT status, ambiguous, letter IS NOT NULL FROM outbox ORDER BY received, seq"
    found: list[Any] = await store._writer.do(lambda c: c.execute(query).fetchall())
    return found


async def ended(store: SqliteStore, count: int = 1) -> list[str]:
    """The statuses of all answers, once *count* are final."""
    async with asyncio.timeout(5):
        while sum(row[0] != "waiting" for row in await rows(store)) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return [row[0] for row in await rows(store)]


async def test_an_answer_goes_out_once_and_leaves_no_letter(
    store: SqliteStore, line: FakeLine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right after it is told of, not at the next look."""
    monkeypatch.setattr(deliver, "LOOK_EVERY", 3600.0)
    async with delivering(store, line, clock) as house:
        await asyncio.sleep(0.05)  # the first look is over
        await house.answer("やあ")
        await until(lambda: line.delivered)
        assert await ended(store) == ["sent"]

    assert [attempt[1]["messages"] for attempt in line.attempts] == [
        [{"type": "text", "text": "やあ"}]
    ]
    assert "X-Line-Retry-Key" not in line.attempts[0][2]
    assert await rows(store) == [("sent", 0, 0)]


async def test_an_answer_nobody_told_of_is_found(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """The store is the truth: another node, or a process that died, may have put it there."""
    async with delivering(store, line, clock) as house:
        await house.answer("やあ", told=False)
        await until(lambda: line.delivered)


async def test_each_person_is_answered_in_order(
    store: SqliteStore, line: FakeLine, clock: Clock
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
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """A hundred answers of 0.1 s each take far less than ten seconds."""
    line.delay = 0.1
    async with delivering(store, line, clock) as house:
        begun = asyncio.get_running_loop().time()
        for number in range(100):
            await house.answer("x", bytes([number]) * 16)
        await until(lambda: len(line.delivered) == 100)
        assert asyncio.get_running_loop().time() - begun < 2.0

    assert line.most_at_once >= 16


async def test_one_hung_call_keeps_nobody_else_waiting(
    store: SqliteStore, line: FakeLine, clock: Clock, monkeypatch: pytest.MonkeyPatch
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


@pytest.mark.parametrize("fault", ["500 before", "hang before"])
async def test_an_answer_line_did_not_take_is_sent_again(
    store: SqliteStore, line: FakeLine, clock: Clock, fault: Any
) -> None:
    """By the same token, with the same words."""
    line.faults = [fault]
    async with delivering(store, line, clock) as house:
        await house.answer("やあ")
        assert await ended(store) == ["sent"]

    assert line.texts() == ["やあ"]
    assert line.attempts[0][1] == line.attempts[1][1]


@pytest.mark.parametrize("fault", ["500 after", "hang after"])
async def test_an_answer_line_took_without_saying_so_is_not_seen_twice(
    store: SqliteStore, line: FakeLine, clock: Clock, fault: Any
) -> None:
    """The second attempt is refused for its token, and that is the proof of the first."""
    line.faults = [fault]
    async with delivering(store, line, clock) as house:
        await house.answer("やあ")
        assert await ended(store) == ["sent"]

    assert line.texts() == ["やあ"]
    assert len(line.attempts) == 2


async def test_an_expired_token_parks_the_answer(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """Nothing else may carry it, as no push message is sent; the next answer is not held up."""
    async with delivering(store, line, clock) as house:
        line.expired.add("token-1")
        await house.answer("too late", ago=70_000)
        await house.answer("in time")
        assert await ended(store, 2) == ["parked", "sent"]

    assert line.texts() == ["in time"]
    assert await rows(store) == [("parked", 0, 0), ("sent", 0, 0)]


async def test_an_answer_twenty_minutes_old_is_not_even_tried(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """After an outage the old answers must not delay the new ones."""
    async with delivering(store, line, clock) as house:
        await house.answer("old", ago=20 * 60_000)
        assert await ended(store) == ["parked"]

    assert line.attempts == []


async def test_an_attempt_that_died_long_ago_is_unconfirmed(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """It may have been delivered, and a refusal could no longer tell."""
    async with delivering(store, line, clock) as house:
        clock.ahead = timedelta(hours=-1)
        await house.answer("x", told=False)
        await store.claim(ANN, millis(clock.now()), millis(clock.now()) + 1)
        clock.ahead = timedelta()
        assert await ended(store) == ["unconfirmed"]

    assert line.attempts == []


async def test_a_refused_message_is_replaced_by_plain_words_once(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """The person hears something; the token was not used up by the refusal."""
    line.faults = ["bad message"]
    async with delivering(store, line, clock) as house:
        await house.answer("壊れたカード")
        assert await ended(store) == ["sent"]

    assert line.texts() == ["やさしい文"]
    assert {attempt[0] for attempt in line.attempts} == {"token-1"}


async def test_plain_words_refused_too_end_the_matter(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """Never a loop; the next answer goes out."""
    line.faults = ["bad message", "bad message"]
    async with delivering(store, line, clock) as house:
        await house.answer("壊れたカード")
        await house.answer("次")
        assert await ended(store, 2) == ["dead", "sent"]

    assert line.texts() == ["次"]


async def test_a_letter_that_cannot_be_opened_ends_the_matter(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """Damaged in the database, it cannot be sent, and must not stop what follows."""
    async with delivering(store, line, clock) as house:
        now = millis(clock.now())
        broken = Decision(Outcome.APPLIED, Keep(), b"junk")
        await store.accept(Arrival(ANN, b"e" * 16, now, now), lambda situation: broken)
        await house.answer("次")
        assert await ended(store, 2) == ["dead", "sent"]

    assert line.texts() == ["次"]


async def test_a_refused_access_token_holds_everybody_and_loses_nobody(
    store: SqliteStore, line: FakeLine, clock: Clock, monkeypatch: pytest.MonkeyPatch
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

    assert Counter(await ended(store)) == {"sent": 21}


async def test_a_rate_limit_is_waited_out(
    store: SqliteStore, line: FakeLine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused is not unknown: the answer is not ambiguous afterwards."""
    monkeypatch.setattr("bot.engine.verdict.RATE_PAUSE", 200)
    line.faults = ["429"]
    async with delivering(store, line, clock) as house:
        await house.answer("やあ")
        await ended(store)

    assert await rows(store) == [("sent", 0, 0)]
    assert len(line.attempts) == 2


async def test_after_an_erasure_only_its_confirmation_goes_out(
    store: SqliteStore, line: FakeLine, clock: Clock
) -> None:
    """A call under way may end; what waited is gone, and the confirmation comes after it."""
    line.delay = 0.2
    async with delivering(store, line, clock) as house:
        await house.answer("under way")
        await until(lambda: line.attempts)
        await house.answer("never said")
        await house.answer("消しました", erase=True)
        await until(lambda: len(line.delivered) == 2)
        await ended(store)
        await asyncio.sleep(2 * deliver.LOOK_EVERY)

    assert line.texts() == ["under way", "消しました"]
    assert await rows(store) == [("sent", 0, 0)]


async def test_stopping_ends_what_is_under_way_and_leaves_nothing_ambiguous(
    store: SqliteStore, line: FakeLine, clock: Clock
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
    store: SqliteStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is cut off; its lease stays, so that the next process knows it for ambiguous."""
    monkeypatch.setattr(deliver, "LAST_CALLS", 0.1)
    begun = asyncio.Event()

    async def reply(token: str, messages: Sequence[object]) -> Answer:
        begun.set()
        await asyncio.sleep(3600)
        raise AssertionError

    async with delivering(store, reply, clock) as house:
        await house.answer("x")
        await begun.wait()

    claim = await store.claim(ANN, millis(clock.now()) + deliver.LEASE, 0)
    assert claim is not None
    assert claim.ambiguous


async def test_a_client_that_raises_is_taken_for_unknown(store: SqliteStore, clock: Clock) -> None:
    """Whatever happened, LINE may have it; the same token is tried again."""
    calls: list[str] = []

    async def reply(token: str, messages: Sequence[object]) -> Answer:
        calls.append(token)
        if len(calls) == 1:
            raise ValueError("unexpected")
        return Accepted("r")

    async with delivering(store, reply, clock) as house:
        await house.answer("x")
        assert await ended(store) == ["sent"]

    assert calls == ["token-1", "token-1"]
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


async def test_an_answer_told_of_at_the_very_end_of_another_is_not_overlooked(
    line: FakeLine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settling saw nothing more to send, and the next look is far away."""
    monkeypatch.setattr(deliver, "LOOK_EVERY", 3600.0)
    store = Interrupting.open(None)
    async with delivering(store, line, clock) as house:
        store.meanwhile = lambda: house.answer("second")
        await asyncio.sleep(0.05)
        await house.answer("first")
        await until(lambda: len(line.delivered) == 2)
        await ended(store, 2)
    await store.close()


async def test_no_memory_is_kept_of_people_who_were_answered(
    store: SqliteStore, clock: Clock
) -> None:
    """A flood of strangers leaves the process as it was."""

    async def reply(token: str, messages: Sequence[object]) -> Answer:
        return Accepted("r")

    async with delivering(store, reply, clock) as house:
        for number in range(300):
            await house.answer("x", number.to_bytes(16, "big"))
        await ended(store, 300)
        await until(lambda: not house.deliverer._busy)
        assert not house.deliverer._backlog
        assert not house.deliverer._again
