"""The real app and a fake LINE, talking over loopback, and the people who use them.

    with Session() as session:
        hanako = session.person("hanako")
        hanako.follow()
        hanako.say("薬キャリ")
        hanako.tap("ない")
        print(hanako.answer[-1].text)

The app is served as in production: real sockets, real signatures, a real database. It has no
idea that it is simulated; it was only given another clock, and another address for LINE.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, Self

from bot.app import CALLBACK, CatalogStep
from bot.engine.pseudonym import event_key
from bot.simulator import envelope, wire
from bot.simulator.clock import SimClock
from bot.simulator.delivery import Delivery
from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.api import FakeLine
from bot.simulator.fake_line.calls import Account
from bot.simulator.fake_line.mint import Mint
from bot.simulator.group import Group
from bot.simulator.happenings import Fields
from bot.simulator.house import House, must_stay_inside
from bot.simulator.journal import Journal, Turn, chat_of
from bot.simulator.people import Person
from bot.simulator.rhythm import Rhythm
from bot.simulator.watch import Watch
from content.catalog import Catalog, load
from flows.conversation import Conversation
from flows.moves import here
from flows.step import step as withdrawal_step

PATIENCE = 20.0
"""Seconds of real time an answer may take to be delivered or given up, faults and all."""


class UnsettledError(Exception):
    """An answer neither arrived nor ended within the session's patience."""


class Session:
    """One bot, one LINE, any number of people; use it inside ``with``.

    ``catalog`` is talked about by ``step``. ``clock`` is everybody's. ``line`` takes faults,
    ``journal`` tells what happened, ``changed`` is notified whenever something did. ``patience``
    is how long `settle` waits, in seconds. ``waited`` is all the simulated time that was made to
    pass with `wait`. ``early`` are the calls that answered an event before it was stored; there
    should be none.
    Every method may be called from several threads.
    """

    def __init__(
        self,
        *,
        catalog: Catalog | None = None,
        step: CatalogStep = withdrawal_step,
        start: datetime | None = None,
        seed: int | None = None,
        second_opinion: bool = False,
    ) -> None:
        """Talk about *catalog* (default: the real content), beginning at *start* (default: now).

        With *seed* all ids are the same each time. With *second_opinion* the SDK's models judge
        every message too. Raises ContentError for content that cannot be used, and
        SimulatorRefusedError when the environment points at the real LINE.
        """
        must_stay_inside()
        self.catalog = catalog if catalog is not None else load()
        self.step = step
        self.clock = SimClock(start)
        self.mint = Mint(seed)
        self.changed = threading.Condition()
        self.journal = Journal(self.changed)
        self.watch = Watch(self.changed)
        self._delivery = Delivery(self.journal, self.watch)
        self.early = self._delivery.early
        self.line = FakeLine(
            self.clock, self.mint, self._delivery.called, second_opinion=second_opinion
        )
        self.destination = self.line.bot_id
        self.patience = PATIENCE
        self.waited = timedelta()
        self._house = House(self.catalog, self.watch.around_flow(step), self.clock)
        self._people: dict[str, Person] = {}
        self._rhythm = Rhythm(self.clock)
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as closing:
            closing.enter_context(self._house.open(self.line.app, self.watch.around_store))
            self._closing = closing.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def another(self) -> Session:
        """A session like this one, with nobody in it and the clock at the present."""
        return Session(catalog=self.catalog, step=self.step)

    # --- who is there --------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """The person called *name*; somebody new if nobody is called so yet."""
        with self.changed:
            return self._people.get(name) or self.newcomer(name)

    def newcomer(self, name: str) -> Person:
        """Somebody new called *name*; `person` means them from now on."""
        account = Account(self.mint.user_id(), name)
        person = Person(self, account)
        with self.changed:
            self.line.accounts[account.user_id] = account
            self._delivery.chats[account.user_id] = self._people[name] = person
        return person

    @property
    def people(self) -> Sequence[Person]:
        """Everybody, in the order they came."""
        with self.changed:
            return tuple(self._people.values())

    def group(self, name: str = "グループ") -> Group:
        """A new group; the bot is not in it yet."""
        group = Group(self, self.mint.group_id(), name)
        with self.changed:
            self._delivery.chats[group.id] = group
        return group

    # --- around everybody ------------------------------------------------------------------------

    def wait(self, time: timedelta) -> None:
        """Let *time* pass for everybody, and whatever was due in it happen.

        Raises ValueError below 0, and UnsettledError.
        """
        self.let_pass(time)
        self.settle()

    def let_pass(self, time: timedelta) -> None:
        """Let *time* pass for everybody, and wait for nothing. Raises ValueError below 0."""
        self.clock.advance(time)
        with self.changed:
            self.waited += time

    def talk_about(self, catalog: Catalog) -> None:
        """Go on with *catalog*: the app starts anew with it and keeps what it remembers."""
        self._house.renew(catalog)
        self.catalog = catalog
        self.journal.tell()

    # --- what reaches the app --------------------------------------------------------------------

    def event(
        self,
        happening: Fields,
        source: Fields,
        chat: str,
        *,
        mode: Literal["active", "standby"] = "active",
    ) -> WebhookEvent:
        """*happening* now. No two events of one chat happen in the same millisecond."""
        at = self._rhythm.moment(chat)
        return envelope.event(happening, source, at, self.mint, mode=mode)

    def deliver(
        self, events: Sequence[WebhookEvent], begun: Callable[[Turn], None] | None = None
    ) -> Turn:
        """Send *events* in one webhook, signed, and wait for what comes of them.

        *begun* is told the turn before anything has come of it. Raises UnsettledError, and
        OSError when the app does not answer at all.
        """
        self._rhythm.breathe([chat_of(event) for event in events])
        for event in events:
            if token := event.get("replyToken"):
                self.line.tokens.issue(token, chat_of(event))
        turn = self.journal.begin(self.clock.now(), events)
        if begun is not None:
            begun(turn)
        body = envelope.body(self.destination, events)
        start = time.monotonic()
        status = self.post(body, self.sign(body))
        self.journal.answered(turn, status, time.monotonic() - start)
        try:
            self.settle(turn)
        finally:
            self._delivery.understand(turn, self.catalog)
            self.journal.tell()
        return turn

    @property
    def callback(self) -> str:
        """The address of the app's webhook; another one after `talk_about`."""
        with self._house.at_home() as app_url:
            return app_url + CALLBACK

    def sign(self, body: bytes) -> str:
        """The signature LINE would send with *body*."""
        return envelope.sign(self._house.secret, body)

    def post(self, body: bytes, signature: str | None) -> int:
        """Send any bytes to the webhook, with any signature or none; the status it answers."""
        headers = {envelope.HEADER: signature} if signature is not None else {}
        with self._house.at_home() as app_url:
            return wire.post(app_url + CALLBACK, body, headers)

    def settle(self, turn: Turn | None = None) -> None:
        """Wait until every answer, or those of *turn*, is delivered or given up.

        Raises UnsettledError when that takes longer than `patience`.
        """
        events = [event_key(event["webhookEventId"]) for event in turn.events] if turn else None
        delivery, waiting = self._delivery, self.watch.waiting
        while True:
            with self.changed:
                if not self.changed.wait_for(
                    lambda: delivery.must_restart or not waiting(events), self.patience
                ):
                    raise UnsettledError(self._what_waits(events))
                if not delivery.must_restart:
                    return
                delivery.must_restart = False
            self._house.renew(self.catalog)  # with nothing held: the app still calls LINE

    # --- what became of it -----------------------------------------------------------------------

    def conversation_of(self, person: Person) -> Conversation | None:
        """What the app remembers of *person*; None for nobody."""
        return self._delivery.remembered(person.id)

    def state_of(self, person: Person) -> str:
        """The state *person* is in; "" when nothing is remembered."""
        conversation = self.conversation_of(person)
        if conversation is None:
            return ""
        return here(conversation, self.catalog, self.clock.now()).state

    # --- inside ----------------------------------------------------------------------------------

    def _what_waits(self, events: Sequence[bytes] | None) -> str:
        calls = [f"{call.path} → {call.fault or call.status}" for call in self.journal.calls[-5:]]
        return (
            f"{self.patience:g}秒待っても、{self.watch.waiting(events)}件の返信が"
            f"届いていません。最後の呼び出し: {'、'.join(calls) or 'なし'}"
        )
