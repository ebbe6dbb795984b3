"""Everybody who is chatted with in the browser, and the bell that wakes the open pages."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import orjson

from bot.simulator import travel
from bot.simulator.inspector.record import heard
from bot.simulator.jump import jump
from bot.simulator.live import LiveContent
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.web.bell import Bell
from bot.simulator.web.feed import Feed

BREATH = 15.0
"""Seconds of silence on a stream after which a blank line shows that the line still stands."""

STILL_HERE = b": still here\n\n"

FIRST_QUESTION = "checking_selection"
"""The state somebody is brought to for whom only a service was named."""

Json = dict[str, Any]


class People:
    """The feeds of one session, each under a short key that stands in a page's address.

    *live* tells what became of the content's files, where they are watched.
    """

    def __init__(self, session: Session, live: LiveContent | None = None) -> None:
        self.session = session
        self._live = live
        self._feeds: dict[str, Feed] = {}
        self._keys = itertools.count(1)
        self._lock = threading.Lock()
        self._bell = Bell()
        self._stop_listening = session.journal.listen(self._bell.ring)

    # --- who is there --------------------------------------------------------------------------

    def somebody_new(self, service: str = "", state: str = "") -> str:
        """Let a person appear who never heard of the bot; the result is their key.

        With *service* or *state* they are brought there. Raises what `jump` raises.
        """

        def appear(name: str) -> Feed:
            if not service and not state:
                return self._feed(self.session.person(name))
            feed = self._feed(jump(self.session, name, state or FIRST_QUESTION, service))
            self._say_where(feed)
            return feed

        return self._seat(appear)

    def feed(self, key: str) -> Feed:
        """Find somebody. Raises KeyError for nobody."""
        with self._lock:
            return self._feeds[key]

    def _feed(self, person: Person) -> Feed:
        return Feed(self.session, person, self._bell.ring)

    def _seat(self, appear: Callable[[str], Feed]) -> str:
        """Give whoever appears under a name the next key; nobody waits while they do."""
        key = str(next(self._keys))
        feed = appear(f"ひと{key}")
        with self._lock:
            self._feeds[key] = feed
        self._bell.ring()
        return key

    # --- travelling ----------------------------------------------------------------------------

    def back(self, feed: Feed, deeds: int) -> None:
        """Somebody in the same place, who did only the first so many *deeds*. As `travel.back`."""
        with feed.hand:
            feed.become(travel.back(self.session, feed.person, deeds), deeds)

    def fork(self, feed: Feed, deeds: int | None = None) -> str:
        """Somebody beside, who did the same *deeds* (default: all); their key."""

        def appear(name: str) -> Feed:
            return feed.beside(travel.fork(self.session, feed.person, name, deeds))

        with feed.hand:
            return self._seat(appear)

    def jump(self, feed: Feed, state: str, service: str = "") -> None:
        """Somebody new in the same place, brought to *state*. Raises what `jump` raises."""
        with feed.hand:
            feed.become(jump(self.session, feed.person.name, state, service))
        self._say_where(feed)

    def _say_where(self, feed: Feed) -> None:
        catalog, state = self.session.catalog, feed.person.state
        feed.note(f"「{catalog.texts[state].name}」まで、いちばん短い道で進みました")

    # --- around everybody ----------------------------------------------------------------------

    def wait(self, time: timedelta, told: str) -> None:
        """Let *time* pass for everybody; *told* is the line their talks get."""
        self.session.let_pass(time)
        for feed in self._everybody():
            feed.note(told)
        # Last: an answer that is stuck must not hide that time went on.
        for feed in self._everybody():
            if feed.person.mail.due(self.session.waited):
                feed.do(feed.person.arrive_due, "遅れていたものが届きました")
        self.session.settle()

    def break_line(self, word: str, times: int) -> None:
        """Let the trouble *word* happen to the next *times*. Raises ValueError for another."""
        self.session.troubles.inject(word, times)
        self._bell.ring()

    def mend_line(self) -> None:
        """Let everything work again."""
        self.session.troubles.clear()
        self._bell.ring()

    def _everybody(self) -> list[Feed]:
        with self._lock:
            return list(self._feeds.values())

    # --- telling the pages -----------------------------------------------------------------------

    async def stream(self, feed: Feed) -> AsyncIterator[bytes]:
        """Tell one page what is new, as server-sent events, until the server closes."""
        version, last = -1, b""
        while not self._bell.is_closed:
            heard = self._bell.next_ring()
            newest, update = await asyncio.to_thread(self._since, feed, version)
            beside = orjson.dumps({**update, "entries": [], "turns": []})
            if newest != version or beside != last:
                yield _event({**update, "now": self.session.clock.now().isoformat()})
            version, last = newest, beside
            if not await _rung(heard):
                yield STILL_HERE

    async def content(self) -> AsyncIterator[bytes]:
        """Tell a page which content is in use, whenever that or its files' problems change."""
        told: Json = {}
        while not self._bell.is_closed:
            heard = self._bell.next_ring()
            if told != (now := self._content()):
                yield _event(told := now)
            if not await _rung(heard):
                yield STILL_HERE

    def _content(self) -> Json:
        return {
            "content": self._live.told() if self._live else None,
            "version": self.session.catalog.version,
        }

    def _since(self, feed: Feed, version: int) -> tuple[int, Json]:
        """What a page that shows *feed* has to know besides, and what is new in it."""
        newest, update = feed.since(version)
        with self._lock:
            seats = list(self._feeds.items())
        people = [
            {"key": key, "name": seated.person.name, "face": seated.face} for key, seated in seats
        ]
        waiting = self.session.troubles.waiting
        return newest, {
            **update,
            "people": people,
            "faults": [{"kind": kind.value, "left": left} for kind, left in waiting],
            "held": [{"person": key, "on_the_way": _held(seated)} for key, seated in seats],
            **self._content(),
        }

    def open(self) -> None:
        """Take the running event loop as the one the pages' streams live in."""
        self._bell.open()

    def close(self) -> None:
        """End every stream, so that the server can stop. From any thread.

        No further call goes wrong either: an answer that is on its way, and that a server which
        stops waits for, must not fail again and again before it comes.
        """
        self._stop_listening()
        self.mend_line()
        self._bell.close()


def _held(feed: Feed) -> list[Json]:
    """What of somebody's is on its way to the bot, the next to arrive first."""
    texts = {message.id: message.text for message in feed.person.seen}
    return [
        {
            "kind": held.mishap.value,
            "heard": heard(held.events[0]),
            "text": texts.get(held.message, ""),
        }
        for held in feed.person.mail.held
    ]


async def _rung(heard: asyncio.Event) -> bool:
    """Whether the bell was rung within a breath."""
    try:
        await asyncio.wait_for(heard.wait(), BREATH)
    except TimeoutError:
        return False
    return True


def _event(update: Json) -> bytes:
    return b"event: update\ndata: " + orjson.dumps(update) + b"\n\n"
