"""From what was heard to what is stored, and back to the person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import pytest

from bot.clock import SystemClock, millis
from bot.engine import accept
from bot.engine.accept import Item, Reception
from bot.engine.attempt import Attempts
from bot.engine.deliver import Deliverer
from bot.engine.letter import Letter
from bot.engine.metrics import NO_METRICS
from bot.engine.pseudonym import Pseudonyms, event_key, message_key
from bot.engine.push import PushAllowance
from bot.line.heard import Heard, Ignored, Joined, Left, Unsent, Why
from bot.store.port import (
    Accepted,
    Arrival,
    Claim,
    Decide,
    Deferred,
    Outcome,
    StoreDownError,
)
from bot.store.rules import CLOCK_TOLERANCE
from bot.store.sqlite import SqliteStore
from flows.conversation import Event, Typed
from tests.engine.made import RING, VAULT, HandClock, Mute, column, turns


class Store(SqliteStore):
    """A store that can be slow or down for some."""

    seconds = 0.0
    down: set[bytes] | None = None

    async def accept(self, arrival: Arrival, decide: Decide, lease: int | None = None) -> Accepted:
        await asyncio.sleep(self.seconds)
        if self.down is not None and arrival.user_key in self.down:
            raise StoreDownError("down")
        return await super().accept(arrival, decide, lease)

    async def defer(self, events: Sequence[Deferred]) -> None:
        if self.down is not None and any(event.arrival.user_key in self.down for event in events):
            raise StoreDownError("down")
        await super().defer(events)


class Announced(Deliverer):
    """A deliverer that is not at work, and only writes down what it was told."""

    told: list[tuple[bytes, Claim | None]]

    def answer_waits(self, user_key: bytes) -> None:
        self.told.append((user_key, None))

    def answer_is_ours(self, claim: Claim, since: float, letter: Letter | None = None) -> None:
        self.told.append((claim.user_key, claim))


class House:
    """A reception that writes down whom it announced."""

    def __init__(self, store: Store, clock: HandClock) -> None:
        self.store, self.clock = store, clock
        self.names = Pseudonyms(RING)
        allowance = PushAllowance(store, b"c" * 16, 0, lambda: 0.0)
        self.deliverer = Announced(
            store, Attempts(Mute(), VAULT, "x", allowance, NO_METRICS), NO_METRICS
        )
        self.deliverer.told = []
        self.reception = Reception(store, turns(), self.names, VAULT, self.deliverer, NO_METRICS)
        self.ann = self.names.person("Ann")

    @property
    def announced(self) -> list[bytes]:
        return [user_key for user_key, _ in self.deliverer.told]

    async def take(self, item: Heard | Joined | Left) -> Outcome | None:
        """Take in one."""
        key = self.names.place(item.place) if isinstance(item, Joined) else self.ann
        return await self.reception.decide(item, self.reception._arrival(item, key))

    async def take_all(self, *items: Item) -> None:
        """Take in a whole body."""
        await self.reception.take_all(items)

    async def outcome(self, event_id: str) -> str | None:
        """What the inbox says of an event; None when it is not there."""
        query = "SELECT outcome FROM inbox WHERE event_key = ?"
        found = await column(self.store, query, event_key(event_id))
        return found[0] if found else None

    async def deferred(self) -> int:
        """How many events are put away."""
        [count] = await column(self.store, "SELECT count(*) FROM deferred")
        return int(count)

    def heard(
        self,
        number: int,
        event: Event = Typed("やあ"),  # noqa: B008 - a frozen value
        *,
        at: timedelta = timedelta(),
        redelivered: bool = False,
        who: str = "Ann",
    ) -> Heard:
        """Event *number* of Ann, *at* after now."""
        return Heard(
            f"e{number}", self.clock.ms + round(at.total_seconds() * 1000), redelivered, who,
            f"t{number}", event, f"m{number}",
        )  # fmt: skip


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """An empty house."""
    clock = HandClock()
    store = Store.open(None, clock)
    yield House(store, clock)
    await store.close()


async def test_an_event_is_taken_under_the_persons_pseudonym(house: House) -> None:
    """Her id is not in the store, and her answer is announced by its key."""
    await house.take_all(house.heard(1))

    assert await house.outcome("e1") == "applied"
    assert house.announced == [house.ann]
    assert await house.store.recall(house.ann) is not None


async def test_an_event_taken_twice_is_announced_once(house: House) -> None:
    """One event, one answer."""
    assert await house.take(house.heard(1)) is Outcome.APPLIED

    assert await house.take(house.heard(1, redelivered=True)) is Outcome.DUPLICATE
    assert len(house.deliverer.told) == 1


async def test_silence_is_not_announced(house: House) -> None:
    """There is nothing to send."""
    await house.take(house.heard(1, Typed("だまって")))

    assert house.deliverer.told == []


async def test_leaving_erases_at_once_and_brings_nothing_back(house: House) -> None:
    """What the person did before leaving is dropped when it comes late."""
    await house.take(house.heard(1))
    left = Left("e2", house.clock.ms + 5_000, "Ann")

    assert await house.take(left) is Outcome.ERASED
    assert await house.store.recall(house.ann) is None
    house.clock.move(seconds=10)
    assert await house.take(house.heard(3, at=timedelta(seconds=-6))) is Outcome.DROPPED
    assert await house.take(house.heard(4)) is Outcome.APPLIED


async def test_a_group_is_answered_and_not_remembered(house: House) -> None:
    """Nothing is kept but the event's id and the answer."""
    joined = Joined("e1", house.clock.ms, "Cgroup", "t1")

    await house.take_all(joined)

    assert await house.outcome("e1") == "applied"
    assert house.announced == [house.names.place("Cgroup")]
    assert await house.store.recall(house.names.place("Cgroup")) is None


async def test_one_event_from_the_far_future_locks_nobody_out(house: House) -> None:
    """A wrong clock at the other end must not make everything after it look late."""
    await house.take(house.heard(1, at=timedelta(days=3650)))
    await house.take(house.heard(2, Typed("消して"), at=timedelta(days=3650)))

    house.clock.move(milliseconds=CLOCK_TOLERANCE + 1)

    assert await house.take(house.heard(3)) is Outcome.APPLIED


async def test_a_clock_that_is_behind_makes_nobody_late(house: House) -> None:
    """Ours two hours slow, LINE's times all look to be in the future."""
    ahead = timedelta(hours=2)
    outcomes = []
    for number in range(3):
        outcomes.append(await house.take(house.heard(number, at=ahead)))
        house.clock.move(seconds=1)

    assert outcomes == [Outcome.APPLIED] * 3


async def test_a_clock_that_is_ahead_makes_nobody_stale_or_late(house: House) -> None:
    """Ours two hours fast, LINE's times all look old, but in order they are."""
    outcomes = []
    for number in range(3):
        outcomes.append(await house.take(house.heard(number, at=timedelta(hours=-2))))
        house.clock.move(seconds=1)

    assert outcomes == [Outcome.APPLIED] * 3


# --- whole bodies --------------------------------------------------------------------------


async def test_the_events_of_a_body_are_taken_as_they_happened(house: House) -> None:
    """Person by person, whatever their order in the body."""
    await house.take_all(
        house.heard(3, Typed("三"), at=timedelta(seconds=-1)),
        house.heard(1, Typed("一"), at=timedelta(seconds=-3)),
        house.heard(9, Typed("他"), who="Ben"),
        house.heard(2, Typed("二"), at=timedelta(seconds=-2)),
    )

    order = await column(house.store, "SELECT event_key FROM outbox ORDER BY user_key, seq")
    ann = [event_key(f"e{number}") for number in (1, 2, 3)]
    assert [key for key in order if key in ann] == ann
    assert len(order) == 4


async def test_events_of_a_bot_that_rests_and_of_another_bot_are_recorded(house: House) -> None:
    """Nobody answers them, but that they came is known: sent again they are known too."""
    now = house.clock.ms
    standby = Ignored("e1", Why.STANDBY, now, "Ann")
    foreign = Ignored("e2", Why.OTHER_DESTINATION, now, "Ann")

    await house.take_all(standby, foreign)
    await house.take_all(standby, foreign)

    assert [await house.outcome(name) for name in ("e1", "e2")] == ["standby", "foreign"]
    assert house.deliverer.told == []
    assert await house.store.recall(house.ann) is None


async def test_what_is_not_decided_in_time_is_put_away_for_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LINE hears 200 within its two seconds, and the events are on the disk."""
    monkeypatch.setattr(accept, "DECIDE_SECONDS", 0.05)
    house.store.seconds = 60.0

    await house.take_all(house.heard(1), house.heard(2), Left("e3", house.clock.ms, "Ben"))

    assert await house.deferred() == 3
    assert await house.outcome("e1") is None
    assert house.deliverer.told == []


async def test_what_comes_while_earlier_events_wait_waits_behind_them(house: House) -> None:
    """Order is a promise to the person; only leaving goes before."""
    await put_away(house, house.heard(1))

    await house.take_all(house.heard(2, at=timedelta(seconds=1)))
    assert await house.deferred() == 2
    assert house.deliverer.told == []

    await house.take_all(Left("e3", house.clock.ms + 2_000, "Ann"))
    assert await house.outcome("e3") == "erased"
    assert await house.deferred() == 0, "what was older than the leaving went with it"


async def put_away(house: House, *items: Heard | Left | Joined) -> None:
    """As if there had been no time for them."""
    await house.reception._put_away([(house.ann, item) for item in items])


async def test_one_person_s_trouble_is_not_another_s(house: House) -> None:
    """Ann's row is down, so LINE must send the body again; Ben is answered nevertheless."""
    house.store.down = {house.ann}

    with pytest.raises(StoreDownError):
        await house.take_all(house.heard(1), house.heard(2, who="Ben"))

    assert await house.outcome("e2") == "applied"
    house.store.down = None
    await house.take_all(house.heard(1), house.heard(2, who="Ben"))
    assert await house.outcome("e1") == "applied"
    assert len(house.deliverer.told) == 2


async def test_what_is_only_to_be_recorded_cannot_be_put_away(house: House) -> None:
    """There is nothing to decide on later: LINE sends it again instead."""
    await house.store.close()

    with pytest.raises(StoreDownError):
        await house.take_all(Ignored("e1", Why.STANDBY, house.clock.ms, "Ann"))


# --- the answer is claimed as it is made ------------------------------------------------------


async def test_an_answer_that_can_go_at_once_is_claimed_as_it_is_made(house: House) -> None:
    """No second transaction before it is sent; the claim says all that a later one would."""
    await house.take_all(house.heard(1))

    [(user_key, claim)] = house.deliverer.told
    assert claim is not None
    assert (claim.user_key, claim.seq, claim.tries) == (user_key, 1, 1)
    assert (claim.ambiguous, claim.plain, claim.push) == (False, False, False)
    assert claim.event_key == event_key("e1")
    assert claim.received == claim.token_born == claim.now == house.clock.ms
    assert await column(house.store, "SELECT claimed FROM outbox") == [1]
    assert await house.store.claim(user_key, 1) is None, "nobody else may send it"


async def test_an_answer_behind_another_is_not_claimed(house: House) -> None:
    """The first one has to be settled first."""
    await house.take_all(house.heard(1), house.heard(2, at=timedelta(seconds=1)))

    assert [claim is None for _, claim in house.deliverer.told] == [False, True]
    assert await column(house.store, "SELECT claimed FROM outbox ORDER BY seq") == [1, 0]


async def test_an_over_full_deliverer_takes_no_claims(house: House) -> None:
    """What cannot be sent at once stays free for whoever can."""
    house.deliverer._at_once = 0

    await house.take_all(house.heard(1))

    assert [claim for _, claim in house.deliverer.told] == [None]
    assert await column(house.store, "SELECT claimed FROM outbox") == [0]


# --- taking back -------------------------------------------------------------------------------


def unsent(house: House, number: int, event_id: str = "u1") -> Unsent:
    """Ann takes back message *number*."""
    return Unsent(event_id, house.clock.ms + 1_000, "Ann", f"m{number}")


async def test_a_message_taken_back_before_it_comes_is_never_read(house: House) -> None:
    """Order may change on the way (reference/messaging-api/#order-of-events)."""
    await house.take_all(unsent(house, 1))
    await house.take_all(house.heard(1, Typed("ひみつ")))

    assert await house.outcome("u1") == "applied"
    assert await house.outcome("e1") == "unsent"
    assert house.deliverer.told == []
    assert await house.store.recall(house.ann) is None
    await house.take_all(house.heard(2))
    assert await house.outcome("e2") == "applied", "only that one message"


async def test_a_message_taken_back_while_it_waits_is_never_read(house: House) -> None:
    """The parcel goes at once, and the event is known when it comes again."""
    await put_away(house, house.heard(1, Typed("ひみつ")), house.heard(2))

    await house.take_all(unsent(house, 1))

    assert await house.deferred() == 1
    assert await house.outcome("e1") == "unsent"
    assert await house.take(house.heard(1)) is Outcome.DUPLICATE


async def test_a_message_taken_back_after_it_was_answered_changes_nothing(house: House) -> None:
    """Nothing of its words is kept, so there is nothing to remove; its id stays known."""
    await house.take_all(house.heard(1))
    state = await house.store.recall(house.ann)

    await house.take_all(unsent(house, 1))
    await house.take_all(unsent(house, 1))

    assert await house.store.recall(house.ann) == state
    assert await house.outcome("e1") == "applied"
    assert await house.take(house.heard(1, redelivered=True)) is Outcome.DUPLICATE
    listed = await column(house.store, "SELECT event_key FROM inbox WHERE outcome = 'unsent'")
    assert listed == [message_key("m1")]


async def test_one_person_cannot_take_back_another_s_message(house: House) -> None:
    """The key is the person's and the message's together."""
    await house.take_all(unsent(house, 1))
    await house.take_all(house.heard(1, who="Ben"))

    assert await house.outcome("e1") == "applied"


def test_the_system_clock_tells_the_time_of_tokyo() -> None:
    """Whatever the machine is set to."""
    now = SystemClock().now()

    assert now.utcoffset() == timedelta(hours=9)
    assert millis(datetime.fromisoformat("2026-11-22T12:00:00.123+09:00")) == 1795316400123
