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
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, Self

from bot.app import CatalogStep
from bot.clock import millis
from bot.engine.pseudonym import event_key
from bot.simulator import binding, envelope, screen, wire
from bot.simulator.calls import Account, Call
from bot.simulator.chat import Chat
from bot.simulator.clock import SimClock
from bot.simulator.envelope import WebhookEvent
from bot.simulator.fakeline import FakeLine
from bot.simulator.happenings import Fields
from bot.simulator.house import House, must_stay_inside
from bot.simulator.journal import Journal, Turn, chat_of
from bot.simulator.mint import Mint
from bot.simulator.people import Group, Person
from bot.simulator.watch import Watch
from bot.store.rules import CROWD_LIMIT, CROWD_WINDOW
from content.catalog import Catalog, load
from flows.conversation import Conversation
from flows.moves import here
from flows.step import step as withdrawal_step

PATIENCE = 20.0
"""Seconds of real time an answer may take to be delivered or given up, faults and all."""

BREATH = timedelta(milliseconds=2 * CROWD_WINDOW / CROWD_LIMIT)
"""Simulated time from one thing a person does to the next; half of it, and the bot would answer
many things at once. What comes in one webhook was done at once, and the wait comes after it."""


class UnsettledError(Exception):
    """An answer neither arrived nor ended within the session's patience."""


class Session:
    """One bot, one LINE, any number of people; use it inside ``with``.

    ``clock`` is everybody's. ``line`` takes faults, ``journal`` tells what happened, ``changed``
    is notified whenever something did. ``patience`` is how long `settle` waits, in seconds.
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
        self.clock = SimClock(start)
        self.mint = Mint(seed)
        self.changed = threading.Condition()
        self.journal = Journal(self.changed)
        self.watch = Watch(self.changed)
        self.line = FakeLine(self.clock, self.mint, self._on_call, second_opinion=second_opinion)
        self.destination = self.line.bot_id
        self.patience = PATIENCE
        self._house = House(self.catalog, self.watch.around_flow(step), self.clock)
        self._chats: dict[str, Chat] = {}
        self._people: dict[str, Person] = {}
        self._latest: dict[str, int] = {}
        self._ready: dict[str, datetime] = {}
        self._whose: dict[str, bytes] = {}
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
            self._chats[account.user_id] = self._people[name] = person
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
            self._chats[group.id] = group
        return group

    def again(self, person: Person, deeds: int) -> Person:
        """Somebody new in the place of *person*, who did the first so many of their deeds."""
        newcomer = self.newcomer(person.name)
        for deed in person.deeds[:deeds]:
            getattr(newcomer, deed.do)(*deed.args)
        return newcomer

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
        with self.changed:
            at = max(millis(self.clock.now()), self._latest.get(chat, 0) + 1)
            self._latest[chat] = at
        return envelope.event(happening, source, at, self.mint, mode=mode)

    def deliver(self, events: Sequence[WebhookEvent]) -> Turn:
        """Send *events* in one webhook, signed, and wait for what comes of them.

        Raises UnsettledError, and OSError when the app does not answer at all.
        """
        self._let_them_read(events)
        for event in events:
            if token := event.get("replyToken"):
                self.line.tokens.issue(token, chat_of(event))
        turn = self.journal.begin(self.clock.now(), events)
        body = envelope.body(self.destination, events)
        begun = time.monotonic()
        status = self.post(body, self.sign(body))
        self.journal.answered(turn, status, time.monotonic() - begun)
        try:
            self.settle(turn)
        finally:
            self._understand(turn)
            self.journal.tell()
        return turn

    def sign(self, body: bytes) -> str:
        """The signature LINE would send with *body*."""
        return envelope.sign(self._house.secret, body)

    def post(self, body: bytes, signature: str | None) -> int:
        """Send any bytes to the webhook, with any signature or none; the status it answers."""
        headers = {envelope.HEADER: signature} if signature is not None else {}
        return wire.post(self._house.app_url + "/callback", body, headers)

    def settle(self, turn: Turn | None = None) -> None:
        """Wait until every answer, or those of *turn*, is delivered or given up.

        Raises UnsettledError when that takes longer than `patience`.
        """
        events = [event_key(event["webhookEventId"]) for event in turn.events] if turn else None
        with self.changed:
            if not self.changed.wait_for(lambda: not self.watch.waiting(events), self.patience):
                raise UnsettledError(self._what_waits(events))

    # --- what became of it -----------------------------------------------------------------------

    def conversation_of(self, person: Person) -> Conversation | None:
        """What the app remembers of *person*; None for nobody."""
        whose = self._whose.get(person.id)
        return self.watch.remembered(whose) if whose is not None else None

    def state_of(self, person: Person) -> str:
        """The state *person* is in; "" when nothing is remembered."""
        conversation = self.conversation_of(person)
        if conversation is None:
            return ""
        return here(conversation, self.catalog, self.clock.now()).state

    # --- inside ----------------------------------------------------------------------------------

    def _let_them_read(self, events: Sequence[WebhookEvent]) -> None:
        """Let the time pass that people need between one thing they do and the next."""
        with self.changed:
            now = self.clock.now()
            chats = Counter(map(chat_of, events))
            wait = max((self._ready.get(chat, now) - now for chat in chats), default=timedelta())
            if wait > timedelta():
                self.clock.advance(wait)
            for chat, done in chats.items():
                self._ready[chat] = self.clock.now() + done * BREATH

    def _on_call(self, call: Call) -> None:
        """The fake LINE was called: show what it took to whom it was for."""
        turn = self.journal.called(call)
        chat = self._chats.get(call.to)
        if chat is not None and call.shown:
            for sent in call.messages:
                message = screen.received(sent.id, sent.json, call.at, call.token)
                chat.show(message)
                if turn:
                    turn.messages.append(message)
        self.journal.tell()

    def _understand(self, turn: Turn) -> None:
        """Find out which words of the flow the messages of *turn* are."""
        for event in turn.events:
            told = self.watch.told(event_key(event["webhookEventId"]))
            if told is not None:
                turn.told[event["webhookEventId"]] = told
                self._whose[chat_of(event)] = told.whose
                token = event.get("replyToken")
                messages = [message for message in turn.messages if message.token == token]
                binding.bind(messages, told.says, self.catalog)

    def _what_waits(self, events: Sequence[bytes] | None) -> str:
        calls = [f"{call.path} → {call.fault or call.status}" for call in self.journal.calls[-5:]]
        return (
            f"{self.patience:g}秒待っても、{self.watch.waiting(events)}件の返信が"
            f"届いていません。最後の呼び出し: {'、'.join(calls) or 'なし'}"
        )
