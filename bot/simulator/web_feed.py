"""One person's screen as the page draws it: entries in their order, and what changed since."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from bot.simulator.journal import Turn
from bot.simulator.people import Person
from bot.simulator.render import render, render_quick_replies
from bot.simulator.screen import Message
from bot.simulator.session import Session
from bot.simulator.web_record import record

Json = dict[str, Any]


class Feed:
    """What *person* sees, numbered from 1, and which of it changed at which version.

    Entries are never removed. A version is a count of changes: whoever knows version 7 gets
    everything changed later. Safe to use from several threads; *changed* is called, without any
    lock held, whenever there may be something new.
    """

    def __init__(self, session: Session, person: Person, changed: Callable[[], None]) -> None:
        self.person = person
        self._session = session
        self._changed = changed
        self._lock = threading.Lock()
        self._hand = threading.Lock()
        self._entries: list[Json] = []
        self._versions: list[int] = []
        self._version = 0
        self._taken = 0
        self._numbers: dict[str, int] = {}
        self._is_waiting = False

    def do(self, deed: Callable[[], Turn | None], note: str = "") -> None:
        """Let the person do something; returns once the bot's answer is there.

        One thing at a time, as with one hand. *note* is a line for the talk: what was done where
        no message tells it. Whatever *deed* raises goes on to the caller.
        """
        with self._hand:
            begun = len(self.person.seen)
            if note:
                self.note(note)
            self._wait(True)
            turn: Turn | None = None
            try:
                turn = deed()
            finally:
                self._take_in()
                self._settle([m for m in self.person.seen[begun:] if m.mine], turn)
                self._wait(False)

    def note(self, text: str) -> None:
        """Write a line of ours into the talk."""
        self._take_in()
        with self._lock:
            self._add({"who": "note", "text": text, "at": _at(self._session.clock.now())})
        self._changed()

    def message(self, n: object) -> Message:
        """Look up the message drawn as entry *n*. Raises LookupError where there is none."""
        with self._lock:
            for message in self.person.seen[: self._taken]:
                if self._numbers.get(message.id) == n:
                    return message
        raise LookupError("そのメッセージはありません。")

    def since(self, version: int) -> tuple[int, Json]:
        """Tell the newest version, and what a page that knows *version* has to draw."""
        self._take_in()
        turns = list(self._session.journal.of(self.person.id))
        with self._lock:
            entries = [
                entry
                for entry, changed in zip(self._entries, self._versions, strict=True)
                if changed > version
            ]
            newest, is_waiting = self._version, self._is_waiting
        return newest, {
            "entries": entries,
            "waiting": is_waiting,
            "person": {"name": self.person.name, "face": self.face},
            "turn": record(self.person, turns[-1]) if turns else None,
        }

    @property
    def face(self) -> Literal["stranger", "friend", "blocked"]:
        """How the phone looks: not yet a friend, talking, or blocking the account."""
        if self.person.account.friend:
            return "friend"
        has_been = any(deed.do in ("follow", "unfollow") for deed in self.person.deeds)
        return "blocked" if has_been else "stranger"

    def _wait(self, is_waiting: bool) -> None:
        with self._lock:
            self._is_waiting = is_waiting
            self._version += 1
        self._changed()

    def _take_in(self) -> None:
        """Draw the messages that came to the screen since."""
        with self._lock:
            seen = self.person.seen
            for message in seen[self._taken :]:
                self._numbers[message.id] = len(self._entries) + 1
                self._add(_drawn(message))
            self._taken = len(seen)

    def _settle(self, mine: list[Message], turn: Turn | None) -> None:
        """Mark what the person sent as read, or as never arrived."""
        status = "read" if turn and 200 <= turn.status < 300 else "failed"
        detail = f"届きませんでした（HTTP {turn.status}）" if turn and turn.status else ""
        with self._lock:
            for message in mine:
                at = self._numbers[message.id] - 1
                settled = {"status": status, "detail": detail if status == "failed" else ""}
                self._entries[at] = {**self._entries[at], **settled}
                self._version += 1
                self._versions[at] = self._version

    def _add(self, entry: Json) -> None:
        self._version += 1
        self._entries.append({"n": len(self._entries) + 1, **entry})
        self._versions.append(self._version)


def _drawn(message: Message) -> Json:
    """Draw one message: the bot's as markup, the person's own as plain text."""
    at = _at(message.at)
    if message.mine:
        kind, text = message.kind, message.text
        return {"who": "me", "kind": kind, "text": text, "at": at, "status": "sending"}
    html, quick = render(message.json), render_quick_replies(message.json)
    return {"who": "bot", "html": html, "quick": quick, "at": at}


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
