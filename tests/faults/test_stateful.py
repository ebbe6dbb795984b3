"""Everything that can happen to a few people, in any order, against a model one can read."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.engine import accept, retention
from bot.engine.accept import Reception
from bot.engine.attempt import Attempts, Held
from bot.engine.backlog import Backlog
from bot.engine.deliver import LEASE, Deliverer
from bot.engine.letter import Letter
from bot.engine.metrics import NO_METRICS
from bot.engine.pseudonym import Pseudonyms, event_key
from bot.engine.push import PushAllowance
from bot.line.client import Accepted, Answer, Refused, Unknown
from bot.line.heard import Heard, Left, Unsent
from bot.store.port import Claim, Outcome
from bot.store.rules import DAY, MINUTE
from bot.store.sqlite import SqliteStore
from flows.conversation import Typed
from tests.engine import standin
from tests.engine.made import PHRASES, RING, VAULT, HandClock, column, turns
from tests.faults.model import ERASE, LEAVE, SILENT, Person, Thing, key

T = TypeVar("T")

NAMES = Pseudonyms(RING)
PEOPLE = ("Ann", "Ben")
TEXTS = st.sampled_from(["やあ", "はい", "いいえ", SILENT, ERASE, standin.POISON, LEAVE])
AGES = st.sampled_from([0, 0, 0, 1, 500, 5_000, MINUTE, 30 * MINUTE, DAY + 1, -30_000])
MODES = st.sampled_from(
    ["ok", "ok", "ok", "lost before", "lost after", "429", "401", "bad", "dead", "crash after"]
)


class Line:
    """LINE: takes each token once; ``mode`` is what goes wrong with the next call."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.delivered: list[str] = []
        self.dead: set[str] = set()

    async def reply(self, token: str, messages: bytes) -> Answer:
        """As LINE would."""
        match self.mode:
            case "lost before":
                return Unknown("timeout")
            case "429":
                return Refused(429, "The API rate limit", "r")
            case "401":
                return Refused(401, "Authentication failed", "r")
            case "bad" if PHRASES.answer_refused.encode() not in messages:
                return Refused(400, "A message is invalid", "r")
            case "dead":
                self.dead.add(token)
        if token in self.delivered or token in self.dead:
            return Refused(400, "Invalid reply token", "r")
        self.delivered.append(token)
        return Unknown("timeout") if self.mode == "lost after" else Accepted("r")

    async def push(self, to: str, messages: bytes, retry_key: str) -> Answer:
        """Push is off."""
        raise AssertionError("pushed")


class _Desk(Deliverer):
    """Takes claims or not, as it is told, and sends nothing by itself."""

    takes: bool
    claims: list[Claim]

    @property
    def lease(self) -> int | None:
        return LEASE if self.takes else None

    def answer_is_ours(self, claim: Claim, since: float, letter: Letter | None = None) -> None:
        self.claims.append(claim)


class Life(RuleBasedStateMachine):
    """Two people, one node that may die at any time, and one LINE."""

    def __init__(self) -> None:
        super().__init__()
        self.patience = pytest.MonkeyPatch()
        for limit in ("DECIDE_SECONDS", "DEFER_SECONDS"):  # the machine may be slow; no matter here
            self.patience.setattr(accept, limit, 60.0)
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="taikai-life-")
        self.clock, self.line, self.count = HandClock(), Line(), 0
        self.people = {name: Person() for name in PEOPLE}
        self.things: list[tuple[str, Thing]] = []
        self.began()

    def began(self) -> None:
        """A process begins, on whatever is on the disk."""
        self.run(self._made())

    async def _made(self) -> None:
        self.store = SqliteStore.open(Path(self.folder.name) / "taikai.db", self.clock)
        allowance = PushAllowance(self.store, b"c" * 16, 0, lambda: 0.0)
        self.attempts = Attempts(
            self.line, VAULT, PHRASES.answer_refused, allowance, NO_METRICS, jitter=lambda: 0.0
        )
        self.desk = _Desk(self.store, self.attempts, NO_METRICS)
        self.desk.takes, self.desk.claims = False, []
        self.reception = Reception(self.store, turns(), NAMES, VAULT, self.desk, NO_METRICS)
        self.backlog = Backlog(self.store, self.reception, VAULT)

    # --- what people do -----------------------------------------------------------------------

    @rule(name=st.sampled_from(PEOPLE), text=TEXTS, age=AGES, claimed=st.booleans())
    def does(self, name: str, text: str, age: int, claimed: bool) -> None:
        """Something new, just now or a while ago."""
        self.count += 1
        thing = Thing(self.count, self.clock.ms - age, text)
        self.things.append((name, thing))
        self.desk.takes = claimed
        self.is_heard(name, thing)

    @rule(name=st.sampled_from(PEOPLE), count=st.integers(15, 45))
    def floods(self, name: str, count: int) -> None:
        """Many messages at the same moment."""
        for _ in range(count):
            self.does(name, "やあ", 0, claimed=False)

    @rule(which=st.integers(0, 10**6), redelivered=st.booleans())
    def is_sent_again(self, which: int, redelivered: bool) -> None:
        """LINE repeats something, perhaps something that never arrived before."""
        if self.things:
            name, thing = self.things[which % len(self.things)]
            self.is_heard(name, thing, redelivered)

    @rule(which=st.integers(0, 10**6))
    def takes_back(self, which: int) -> None:
        """Somebody unsends a message, whatever became of it."""
        if not self.things:
            return
        name, thing = self.things[which % len(self.things)]
        if thing.text == LEAVE:
            return
        self.count += 1
        item = Unsent(f"u{self.count}", self.clock.ms, name, f"m{thing.number}")
        self.run(self.reception.take_all([item]))
        self.people[name].takes_back(thing.number)

    @rule(name=st.sampled_from(PEOPLE), text=TEXTS, age=AGES)
    def is_put_away(self, name: str, text: str, age: int) -> None:
        """There was no time to decide."""
        self.count += 1
        thing = Thing(self.count, self.clock.ms - age, text)
        self.things.append((name, thing))
        self.run(self.reception._put_away([(NAMES.person(name), item(name, thing))]))
        self.people[name].waiting[thing.number] = (thing, self.clock.ms)

    def is_heard(self, name: str, thing: Thing, redelivered: bool = False) -> None:
        """The webhook brings *thing*; what becomes of it is what should."""
        expected = self.people[name].hears(thing, self.clock.ms, redelivered)
        self.run(self.reception.take_all([item(name, thing, redelivered)]))
        if expected not in (None, Outcome.DUPLICATE):
            assert self.outcome(name, thing) == expected.value

    # --- what the node does -------------------------------------------------------------------

    @rule(name=st.sampled_from(PEOPLE))
    def works_off(self, name: str) -> None:
        """There is time again."""
        person = self.people[name]
        self.desk.takes = False
        expected = {}
        for thing, received in person.in_order():
            still_there = thing.number in person.waiting
            outcome = person.decides(thing, received if still_there else self.clock.ms)
            expected[thing] = outcome
        self.run(self.backlog.work_off(NAMES.person(name)))
        for thing, outcome in expected.items():
            if outcome is not Outcome.DUPLICATE:
                assert self.outcome(name, thing) == outcome.value

    @rule(name=st.sampled_from(PEOPLE), mode=MODES)
    def sends(self, name: str, mode: str) -> None:
        """One attempt, with whatever may go wrong."""
        user_key = NAMES.person(name)
        held = [claim for claim in self.desk.claims if claim.user_key == user_key]
        claim = held[0] if held else self.run(self.store.claim(user_key, LEASE))
        if claim is None:
            return
        if held:
            self.desk.claims.remove(claim)
        self.line.mode = "ok" if mode == "crash after" else mode
        made = self.run(self.attempts.make(claim, self.runner.get_loop().time()))
        self.line.mode = "ok"
        if mode == "crash after":
            self.dies()
            return
        assert not isinstance(made, Held) or mode in ("429", "401")
        self.run(self.store.settle(claim, made.settlement))

    @rule()
    def dies(self) -> None:
        """Killed; another process begins."""
        self.run(self.store.close())
        self.began()

    @rule(seconds=st.sampled_from([0.2, 1, 9, 30, 60, 1_200, 5_000]))
    def waits(self, seconds: float) -> None:
        """Time passes."""
        self.clock.move(seconds=seconds)

    # --- what is always true ------------------------------------------------------------------

    @invariant()
    def nothing_is_said_twice(self) -> None:
        """Each token delivered once; nothing to an event that has no answer."""
        assert not [token for token, times in Counter(self.line.delivered).items() if times > 1]

    @invariant()
    def everybody_is_where_they_should_be(self) -> None:
        """The state is the model's, and so is what waits to be decided on."""
        for name, person in self.people.items():
            sealed = self.run(self.store.recall(NAMES.person(name)))
            kept = None
            if sealed is not None:
                kept = orjson.loads(VAULT.open(sealed, "conversation", NAMES.person(name)))["turn"]
            assert kept == person.turns
            waiting = self.run(self.store.deferred(NAMES.person(name)))
            assert [each.arrival.event_key for each in waiting] == [
                key(thing) for thing, _ in person.in_order()
            ]

    @invariant()
    def answers_come_in_order_and_only_once(self) -> None:
        """What LINE delivered to a person is in the order in which it was decided."""
        for name, person in self.people.items():
            mine = {thing.token for whose, thing in self.things if whose == name}
            said = [token for token in self.line.delivered if token in mine]
            for answer in person.answers:
                answer.delivered = answer.delivered or answer.thing.token in said
            order = [a.thing.token for a in person.answers if a.delivered]
            kept = [token for token in said if token in order]
            assert kept == order

    # --- and in the end -----------------------------------------------------------------------

    def teardown(self) -> None:
        """With LINE well again every answer comes to an end, and in time all is forgotten."""
        try:
            self.ends_well()
        finally:
            self.run(self.store.close())
            self.runner.close()
            self.folder.cleanup()
            self.patience.undo()

    def ends_well(self) -> None:
        """As `teardown` says."""
        self.dies()
        for name in PEOPLE:
            self.works_off(name)
            for _ in range(400):
                self.clock.move(seconds=11)
                claim = self.run(self.store.claim(NAMES.person(name), LEASE))
                if claim is None and not self.run(self.store.backlog()).answers:
                    break
                if claim:
                    made = self.run(self.attempts.make(claim, self.runner.get_loop().time()))
                    self.run(self.store.settle(claim, made.settlement))
        self.nothing_is_said_twice()
        assert self.run(self.store.backlog()).answers == 0
        self.statuses_are_true()
        self.clock.move(days=120)
        while self.run(self.store.purge(retention.TERMS, 1_000)).total:
            pass
        for table in ("person", "inbox", "outbox", "deferred"):
            query = f"SELECT count(*) FROM {table}"
            assert self.run(column(self.store, query)) == [0], table

    def statuses_are_true(self) -> None:
        """What is called sent was delivered, what is called parked or dead was not."""
        tokens = {event_key(f"e{thing.number}"): thing.token for _, thing in self.things}
        for status, delivered in (("sent", True), ("parked", False), ("dead", False)):
            query = "SELECT event_key FROM outbox WHERE status = ?"
            for found in self.run(column(self.store, query, status)):
                assert (tokens[found] in self.line.delivered) is delivered, status

    # --- small things -------------------------------------------------------------------------

    def outcome(self, name: str, thing: Thing) -> str | None:
        """What the inbox says of *thing*."""
        query = "SELECT outcome FROM inbox WHERE user_key = ? AND event_key = ?"
        found = self.run(column(self.store, query, NAMES.person(name), key(thing)))
        return found[0] if found else None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do *work* in the node's loop."""
        return self.runner.run(work)


def item(name: str, thing: Thing, redelivered: bool = False) -> Heard | Left:
    """*thing* as the webhook's reader hands it on."""
    if thing.text == LEAVE:
        return Left(f"e{thing.number}", thing.at, name)
    return Heard(
        f"e{thing.number}", thing.at, redelivered, name, thing.token, Typed(thing.text),
        f"m{thing.number}",
    )  # fmt: skip


Life.TestCase.settings = settings(
    max_examples=20, stateful_step_count=40, deadline=None, phases=[Phase.reuse, Phase.generate]
)
TestLife = Life.TestCase
