"""What the engine should make of one person's events, said as simply as possible."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.store.port import Outcome
from bot.store.rules import CROWD_LIMIT, CROWD_WINDOW, STALE_AFTER
from tests.engine import standin

SILENT, ERASE, LEAVE = "だまって", "消して", "（ブロック）"


@dataclass(frozen=True)
class Thing:
    """Something a person did: wrote *text* at *at*, or left."""

    number: int
    at: int
    text: str

    @property
    def token(self) -> str:
        """The reply token that came with it."""
        return f"t{self.number}"


@dataclass
class Answer:
    """An answer the person should get, unless LINE or time prevent it."""

    thing: Thing
    delivered: bool = False


@dataclass
class Person:
    """All that should be known of one person. ``turns`` is None for nobody."""

    turns: int | None = None
    begun: int = 0
    last: int | None = None
    erased: int | None = None
    window: tuple[int, int] = (0, 0)
    heard: set[int] = field(default_factory=set)
    taken_back: set[int] = field(default_factory=set)
    waiting: dict[int, tuple[Thing, int]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)

    def in_order(self) -> list[tuple[Thing, int]]:
        """What was put away, in the order in which it is to be decided on, with its receipt."""
        return sorted(self.waiting.values(), key=lambda pair: (pair[0].at, key(pair[0])))

    def hears(self, thing: Thing, now: int, redelivered: bool = False) -> Outcome | None:
        """Decide on *thing*; None where it has to wait, or waits already."""
        received = now
        if thing.number in self.waiting and (thing.text == LEAVE or not redelivered):
            received = self.waiting[thing.number][1]
        if thing.number in self.heard:
            return Outcome.DUPLICATE
        first = self.in_order()[:1]
        if first and first[0][0] != thing and thing.text != LEAVE:
            if thing.number not in self.taken_back:  # else it is not even put away
                self.waiting.setdefault(thing.number, (thing, now))
            return None
        return self.decides(thing, received)

    def decides(self, thing: Thing, received: int) -> Outcome:
        """What becomes of *thing*, and of the person."""
        self.waiting.pop(thing.number, None)
        if thing.number in self.heard:
            return Outcome.DUPLICATE
        self.heard.add(thing.number)
        if thing.number in self.taken_back:
            return Outcome.UNSENT
        if self.erased is not None and thing.at <= self.erased:
            return Outcome.DROPPED
        if thing.text == LEAVE:
            self._count(received)
            self._erase(thing)
            return Outcome.ERASED
        if received - thing.at > STALE_AFTER:
            return Outcome.STALE
        late = self.last is not None and thing.at < self.last
        crowd = self._count(received)
        if crowd > CROWD_LIMIT + 1:
            self._heard_at(thing)
            return Outcome.COALESCED
        if late or crowd > CROWD_LIMIT:
            self._goes_on(thing)
            self.answers.append(Answer(thing))
            return Outcome.COALESCED if crowd > CROWD_LIMIT else Outcome.LATE
        if thing.text == ERASE:
            self._erase(thing)
            self.answers.append(Answer(thing))
            return Outcome.ERASED
        if thing.text == standin.POISON:
            self._heard_at(thing)
            self.answers.append(Answer(thing))
            return Outcome.QUARANTINED
        self._goes_on(thing)
        if thing.text != SILENT:
            self.answers.append(Answer(thing))
        return Outcome.APPLIED

    def takes_back(self, number: int) -> None:
        """Unsend the message of thing *number*."""
        self.taken_back.add(number)
        if self.waiting.pop(number, None):
            self.heard.add(number)

    def _count(self, received: int) -> int:
        since, count = self.window
        inside = 0 <= received - since < CROWD_WINDOW
        self.window = (since, count + 1) if inside else (received, 1)
        return self.window[1]

    def _goes_on(self, thing: Thing) -> None:
        if self.turns is None:
            self.turns, self.begun = 0, thing.at
        self.turns += 1
        self._heard_at(thing)

    def _heard_at(self, thing: Thing) -> None:
        self.last = thing.at if self.last is None else max(self.last, thing.at)

    def _erase(self, thing: Thing) -> None:
        self.erased = thing.at if self.erased is None else max(self.erased, thing.at)
        if self.turns is None or self.begun <= thing.at:
            self.turns, self.last = None, None
        self.window = (0, 0)
        self.answers = [a for a in self.answers if a.delivered or a.thing.at > thing.at]
        self.heard |= {n for n, (older, _) in self.waiting.items() if older.at <= thing.at}
        self.waiting = {n: pair for n, pair in self.waiting.items() if n not in self.heard}


def key(thing: Thing) -> bytes:
    """The store's key of its event."""
    from bot.engine.pseudonym import event_key

    return event_key(f"e{thing.number}")
