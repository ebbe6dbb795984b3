"""One person's screen as the page draws it: entries in their order, and what changed since."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal

from bot.simulator.journal import Turn
from bot.simulator.people import Person
from bot.simulator.render.message import render, render_quick_replies
from bot.simulator.screen import Message
from bot.simulator.session import Session
from bot.simulator.web.turns import Records
from bot.simulator.web.versions import Count, Versions

Json = dict[str, Any]

NOT_YET_THERE, NEVER_ARRIVED = "まだ届いていません", "届きませんでした"
"""What stands beside a message whose webhook was held up, or lost, on its way to the bot."""

SENT, OF = "sent", "of"
"""Keys of an entry that the page does not get: the message it draws, the deed a note is of."""


class Feed:
    """What *person* sees, numbered from 1, and which of it changed at which version.

    A version is a count of changes: whoever knows version 7 gets everything changed later.
    ``life`` counts the times somebody else came into the person's place (`become`): then
    everything is drawn anew. Safe to use from several threads; *changed* is called, without any
    lock held, whenever there may be something new.
    """

    def __init__(self, session: Session, person: Person, changed: Callable[[], None]) -> None:
        self.person = person
        self.life = 0
        self.hand = threading.RLock()
        self._session = session
        self._changed = changed
        self._lock = threading.Lock()
        self._count = Count()
        self._entries = Versions(self._count)
        self._records = Records(session, self._count)
        self._born = 0
        self._taken = 0
        self._places: dict[str, int] = {}
        self._is_waiting = False

    def do(self, deed: Callable[[], Turn | None], note: str = "") -> None:
        """Let the person do something; returns once the bot's answer is there.

        One thing at a time, as with one hand. *note* is a line for the talk: what was done where
        no message tells it. Whatever *deed* raises goes on to the caller.
        """
        with self.hand:
            begun = len(self.person.seen)
            if note:
                self.note(note, of=len(self.person.done) + 1)
            self._wait(True)
            turn: Turn | None = None
            try:
                turn = deed()
            finally:
                self._take_in()
                self._settle([m for m in self.person.seen[begun:] if m.mine], turn)
                self._wait(False)

    def note(self, text: str, of: int | None = None) -> None:
        """Write a line of ours into the talk; it goes when deed number *of* is undone."""
        self._take_in()
        at = self._session.clock.now().isoformat(timespec="milliseconds")
        with self._lock:
            belongs = len(self.person.done) if of is None else of
            self._entries.add({"who": "note", "text": text, "at": at, OF: belongs})
        self._changed()

    def become(self, person: Person, kept: int = -1) -> None:
        """*person* is here now, who did the first *kept* deeds of the one before.

        Of what is drawn, only what belongs to those stays. -1 is for somebody altogether new.
        """
        with self._lock:
            self.person = person
            shown = {message.id for message in person.seen} if kept >= 0 else set()
            self._entries.keep(lambda entry: entry.get(SENT) in shown or entry.get(OF, 1e9) <= kept)
            self._places = {
                entry[SENT]: place for place, entry in enumerate(self._entries) if SENT in entry
            }
            self._taken = len(self._places)
            self._records.forget()
            self.life += 1
            self._born = self._count.next()
        self._take_in()
        self._settle([m for m in person.seen if m.mine and m.id not in shown], None, "read")
        self._changed()

    def beside(self, person: Person) -> Feed:
        """A feed for *person*, who just did all that this one's did: with the same lines."""
        other = Feed(self._session, person, self._changed)
        shown = {message.id for message in person.seen}
        with self._lock:
            for entry in self._entries:
                if entry.get(SENT) in shown or entry.get(OF, 1e9) <= len(person.done):
                    place = other._entries.add({k: v for k, v in entry.items() if k != "n"})
                    if SENT in entry:
                        other._places[entry[SENT]] = place
        other._taken = len(other._places)
        return other

    def message(self, n: object) -> Message:
        """Look up the message drawn as entry *n*. Raises LookupError where there is none."""
        with self._lock:
            for message in self.person.seen[: self._taken]:
                if self._places[message.id] + 1 == n:
                    return message
        raise LookupError("そのメッセージはありません。")

    def done(self, n: object) -> int:
        """How many deeds were done before the turn of record *n*. Raises LookupError for none."""
        turns = [place for place, done in enumerate(self.person.done) if done.turn is not None]
        if type(n) is not int or not 1 <= n <= len(turns):
            raise LookupError("その番はありません。")
        return turns[n - 1]

    def since(self, version: int) -> tuple[int, Json]:
        """Tell the newest version, and what a page that knows *version* has to draw."""
        self._take_in()
        with self._lock:
            self._records.take_in(self.person.done)
            is_reset = -1 < version < self._born
            known = -1 if is_reset else version
            entries = [_shown(entry) for entry in self._entries.since(known)]
            turns = self._records.since(known)
            newest, is_waiting = self._count.now, self._is_waiting
        return newest, {
            "entries": entries,
            "turns": turns,
            "life": self.life,
            **({"reset": True} if is_reset else {}),
            "waiting": is_waiting,
            "person": {"name": self.person.name, "face": self.face},
        }

    @property
    def face(self) -> Literal["stranger", "friend", "blocked"]:
        """How the phone looks: not yet a friend, talking, or blocking the account."""
        if self.person.account.friend:
            return "friend"
        has_been = any(done.deed.name in ("follow", "unfollow") for done in self.person.done)
        return "blocked" if has_been else "stranger"

    def _wait(self, is_waiting: bool) -> None:
        with self._lock:
            self._is_waiting = is_waiting
            self._count.next()
        self._changed()

    def _take_in(self) -> None:
        """Draw the messages that came to the screen since, and strike those taken back."""
        with self._lock:
            seen = self.person.seen
            for message in seen[self._taken :]:
                self._places[message.id] = self._entries.add(_drawn(message))
            self._taken = len(seen)
            for message in seen:
                place = self._places[message.id]
                if message.mine and message.unsent != self._entries[place].get("unsent", False):
                    self._entries.change(place, unsent=message.unsent)
            self._mark_unread()

    def _mark_unread(self) -> None:
        """Say of what the bot knows nothing of whether it is still to come; of the rest no more."""
        mail = self.person.mail
        for id, place in self._places.items():
            entry = self._entries[place]
            if id in mail.unread:
                told = {"status": "failed", "detail": NEVER_ARRIVED}
                if id not in mail.lost:
                    told = {"status": "sending", "detail": NOT_YET_THERE}
                if entry.get("detail") != told["detail"]:
                    self._entries.change(place, **told)
            elif entry.get("detail") in (NOT_YET_THERE, NEVER_ARRIVED):
                self._entries.change(place, status="read", detail="")

    def _settle(self, mine: list[Message], turn: Turn | None, status: str = "") -> None:
        """Mark what the person sent as read, or as never arrived."""
        status = status or ("read" if turn and 200 <= turn.status < 300 else "failed")
        detail = f"届きませんでした（HTTP {turn.status}）" if turn and turn.status else ""
        with self._lock:
            for message in mine:
                if message.id in self.person.mail.unread:
                    continue
                told = detail if status == "failed" else ""
                self._entries.change(self._places[message.id], status=status, detail=told)


def _shown(entry: Json) -> Json:
    return {key: value for key, value in entry.items() if key not in (SENT, OF)}


def _drawn(message: Message) -> Json:
    """Draw one message: the bot's as markup, the person's own as plain text."""
    at = message.at.isoformat(timespec="milliseconds")
    if message.mine:
        own = {"who": "me", "kind": message.kind, "text": message.text, "status": "sending"}
        return {**own, "at": at, SENT: message.id}
    html, quick = render(message.json), render_quick_replies(message.json)
    return {"who": "bot", "html": html, "quick": quick, "at": at, SENT: message.id}
