"""Everybody who is chatted with in the browser, and the bell that wakes the open pages."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import orjson

from bot.simulator.session import Session
from bot.simulator.web_feed import Feed

BREATH = 15.0
"""Seconds of silence on a stream after which a blank line shows that the line still stands."""


class People:
    """The feeds of one session, each under a short key that stands in a page's address."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._feeds: dict[str, Feed] = {}
        self._lock = threading.Lock()
        self._bell = Bell()
        self._stop_listening = session.journal.listen(self._bell.ring)

    def somebody_new(self) -> str:
        """Let a person appear who never heard of the bot; the result is their key."""
        with self._lock:
            key = str(len(self._feeds) + 1)
            person = self.session.person(f"ひと{key}")
            self._feeds[key] = Feed(self.session, person, self._bell.ring)
        return key

    def feed(self, key: str) -> Feed:
        """Find somebody. Raises KeyError for nobody."""
        with self._lock:
            return self._feeds[key]

    def advance(self, days: int) -> None:
        """Let days pass for everybody. Raises ValueError below 0."""
        self.session.clock.advance(timedelta(days=days))
        with self._lock:
            feeds = list(self._feeds.values())
        for feed in feeds:
            feed.note(f"{days}日たちました")

    async def stream(self, feed: Feed) -> AsyncIterator[bytes]:
        """Tell one page what is new, as server-sent events, until the server closes."""
        version, last = -1, b""
        while not self._bell.is_closed:
            heard = self._bell.next_ring()
            newest, update = await asyncio.to_thread(feed.since, version)
            beside = orjson.dumps({**update, "entries": []})
            if newest != version or beside != last:
                yield _event({**update, "now": self.session.clock.now().isoformat()})
            version, last = newest, beside
            try:
                await asyncio.wait_for(heard.wait(), BREATH)
            except TimeoutError:
                yield b": still here\n\n"

    def open(self) -> None:
        """Take the running event loop as the one the pages' streams live in."""
        self._bell.open()

    def close(self) -> None:
        """End every stream, so that the server can stop. From any thread."""
        self._stop_listening()
        self._bell.close()


class Bell:
    """Rung from any thread, heard by whoever waits in one event loop."""

    def __init__(self) -> None:
        self.is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next = asyncio.Event()

    def open(self) -> None:
        """Be heard in the running event loop from now on."""
        self._loop = asyncio.get_running_loop()

    def next_ring(self) -> asyncio.Event:
        """The event the next ring sets. In the loop only."""
        return self._next

    def ring(self) -> None:
        """Wake everybody who waits. Before `open` and after the loop's end nobody does."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._strike)

    def close(self) -> None:
        """Ring for the last time."""
        self.is_closed = True
        self.ring()

    def _strike(self) -> None:
        rung, self._next = self._next, asyncio.Event()
        rung.set()


def _event(update: dict[str, Any]) -> bytes:
    return b"event: update\ndata: " + orjson.dumps(update) + b"\n\n"
