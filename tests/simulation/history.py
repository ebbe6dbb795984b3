"""What observers outside the system write down: of every person, one life, in order.

Nobody in here asks the system what it did. People and LINE tell what they sent and received;
the database's log of commits tells what was kept, row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson

from bot.engine.letter import unsealed
from bot.engine.pseudonym import Pseudonyms, event_key
from bot.engine.vault import Vault
from bot.store.port import Status
from tests.simulation.database import Commit
from tests.simulation.life import (
    DECIDED,
    Delivered,
    Ended,
    Life,
    Recorded,
    Removed,
    Told,
    Way,
    Written,
)
from tests.simulation.rows import Rows


class History:
    """Collects lives. ``wrong`` is what could be seen to be wrong at the moment it happened."""

    def __init__(self, pseudonyms: Pseudonyms, vault: Vault) -> None:
        self.lives: dict[str, Life] = {}
        self.wrong: list[str] = []
        self.told: dict[str, Told] = {}
        self.note: Callable[[str], None] = lambda line: None  # for whoever tells the story
        self._pseudonyms = pseudonyms
        self._vault = vault
        self._people: dict[bytes, str] = {}
        self._events: dict[bytes, Told] = {}
        self._keys: dict[str, Told] = {}
        self._rows: dict[str, Rows] = {}

    def meet(self, person: str) -> None:
        """Somebody (or, for a name that begins with C, some group) is there from now on."""
        place = person.startswith("C")
        key = self._pseudonyms.place(person) if place else self._pseudonyms.person(person)
        self._people[key] = person
        self.lives[person] = Life(person)
        self._rows[person] = Rows()

    def tell(self, told: Told) -> None:
        """A person did something."""
        self.note(f"{told.person} does {told.mark}: {told.way}, {told.kind}")
        self.told[told.event_id] = told
        self._events[event_key(told.event_id)] = told

    def key(self, person: str) -> bytes:
        """The store's key of *person*."""
        return next(key for key, name in self._people.items() if name == person)

    def name(self, user_key: bytes) -> str:
        """Who has that key; "" for nobody."""
        return self._people.get(user_key, "")

    def mark(self, event_key: bytes) -> str:
        """The mark of the event that has that key; "" for none."""
        told = self._events.get(event_key)
        return told.mark if told else ""

    def acknowledged(self, events: Sequence[Told]) -> None:
        """The bot answered 200: each of *events* must be safe by now."""
        for told in events:
            rows, key = self._rows[told.person], event_key(told.event_id)
            forgotten = told.at <= (rows.person.erased_at or -1)
            if not (key in rows.inbox or key in rows.deferred or forgotten):
                self.wrong.append(f"I1: {told.mark} was answered with 200 and is nowhere")

    # --- observers -------------------------------------------------------------------------

    def delivered(self, told: Told | None, key: str, to: str, text: str, at: float) -> None:
        """LINE delivered *text*, by the token of *told* or, with a retry *key*, to *to*."""
        if told is None:
            told = self._keys.get(key) or self._next_in_turn(to)
        else:
            to = told.person
        self.note(f"delivered to {to}: {text!r}")
        self.lives[to].happenings.append(Delivered(told, text, bool(key), at))

    def _next_in_turn(self, person: str) -> Told | None:
        """The event whose answer is to be sent now: a push without its key tells no more."""
        happenings = self.lives[person].happenings
        over = {each.seq for each in happenings if isinstance(each, Ended | Removed)}
        written = [each for each in happenings if isinstance(each, Written)]
        return next((each.told for each in written if each.seq not in over), None)

    def committed(self, commit: Commit) -> None:
        """The database made *commit*."""
        if commit.user_key not in self._people:
            return  # the account's own counters
        person = self._people[commit.user_key]
        life = self.lives[person].happenings
        self._rows[person] = commit.after
        before, after = commit.before, commit.after
        written = [seq for seq in after.outbox if seq not in before.outbox]
        for seq in written:
            life.append(self._written(commit, seq))
        for key, entry in after.inbox.items():
            if key not in before.inbox:
                life.append(
                    Recorded(
                        self._events.get(key),
                        entry.outcome,
                        written[0] if written else None,
                        after.person.version - before.person.version,
                        entry.received,
                    )
                )
                self._hold_to_order(commit, key)
            elif before.inbox[key] is not entry:
                self.wrong.append(
                    f"I1: the outcome of an event changed from {before.inbox[key]} to {entry}"
                )
        for seq, answer in before.outbox.items():
            now = after.outbox.get(seq)
            if now is None and answer.status is Status.WAITING:
                life.append(Removed(seq, answer.claimed))
            elif now is not None and now.status is not answer.status:
                life.append(Ended(seq, now.status, now.push))

    def _hold_to_order(self, commit: Commit, key: bytes) -> None:
        """What was put away goes first: nobody overtakes it who came later."""
        told, entry = self._events.get(key), commit.after.inbox[key]
        if told is None or told.way in (Way.LEAVE, Way.UNSEND) or entry.outcome not in DECIDED:
            return
        for row in commit.before.deferred.values():
            if row.received < entry.received and (row.at, row.event_key) < (told.at, key):
                self.wrong.append(f"I2: {told.mark} overtook {self.mark(row.event_key)}")

    def _written(self, commit: Commit, seq: int) -> Written:
        answer = commit.after.outbox[seq]
        assert answer.letter is not None
        letter = unsealed(self._vault, answer.letter, commit.user_key, seq, answer.event_key)
        told = self._events[answer.event_key]
        if letter.retry_key:
            self._keys[letter.retry_key] = told
        return Written(seq, told, said(letter.messages), letter.to, letter.retry_key)


def said(messages: bytes) -> str:
    """What a person reads: the texts of all *messages*, a line each."""
    return "\n".join(message["text"] for message in orjson.loads(messages))
