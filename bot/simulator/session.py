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
from bot.simulator.chat import Chat
from bot.simulator.clock import SimClock
from bot.simulator.delivery import Delivery
from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.api import FakeLine
from bot.simulator.fake_line.calls import Account
from bot.simulator.fake_line.mint import Mint
from bot.simulator.fake_line.mishaps import Mishap
from bot.simulator.group import Group
from bot.simulator.happenings import Fields
from bot.simulator.house import House, must_stay_inside
from bot.simulator.journal import Journal, Turn, chat_of
from bot.simulator.people import Person
from bot.simulator.rhythm import Rhythm
from bot.simulator.settling import PATIENCE, Settling
from bot.simulator.troubles import Troubles
from bot.simulator.watch import Watch
from content.catalog import Catalog, load
from flows.conversation import Conversation
from flows.moves import here
from flows.step import step as withdrawal_step


class Session:
    """One bot, one LINE, any number of people; use it inside ``with``.

    ``catalog`` is talked about by ``step``. ``clock`` is everybody's. ``troubles`` are to happen
    next, ``journal`` tells what did, ``changed`` is notified whenever something does. ``patience``
    is how long `settle` waits, in seconds. ``waited`` is all the simulated time that was made to
    pass with `wait`. ``early`` are the calls that answered an event before it was stored; there
    should be none. Every method may be called from several threads.
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
        self._delivery = shows = Delivery(self.journal, self.watch)
        self.early = shows.early
        self._settling = Settling(self.changed, self.journal, self.watch, shows)
        self.line = FakeLine(self.clock, self.mint, shows.called, second_opinion=second_opinion)
        self.line.webhook.knock = lambda body: self.post(body, self.sign(body))
        self.troubles = Troubles(self.line.faults)
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

        Raises ValueError below 0, and what `deliver` raises.
        """
        self.let_pass(time)
        for person in self.people:
            person.arrive_due()
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
        self,
        events: Sequence[WebhookEvent],
        begun: Callable[[Turn], None] | None = None,
        mishap: Mishap | None = None,
    ) -> Turn:
        """Send *events* in one webhook, signed, and wait for what comes of them.

        *begun* is told the turn before anything has come of it. *mishap* happens to it on its
        way: where it does not arrive now, whoever sent it has it arrive later. Raises
        UnsettledError, and OSError when the app does not answer at all.
        """
        self._rhythm.breathe([chat_of(event) for event in events])
        for event in events:
            self.line.contents.take(event)
            if token := event.get("replyToken"):
                self.line.tokens.issue(token, chat_of(event))
        turn = self.journal.begin(self.clock.now(), events, mishap)
        if begun is not None:
            begun(turn)
        if not turn.arrives:
            self.journal.tell()
            return turn
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
        while self._settling.needs_restart(events, self.patience):
            self._house.renew(self.catalog)

    # --- what became of it -----------------------------------------------------------------------

    def conversation_of(self, person: Chat) -> Conversation | None:
        """What the app remembers of *person*; None for nobody."""
        return self._delivery.remembered(person.id)

    def state_of(self, person: Chat) -> str:
        """The state *person* is in; "" when nothing is remembered."""
        conversation = self.conversation_of(person)
        if conversation is None:
            return ""
        return here(conversation, self.catalog, self.clock.now()).state
