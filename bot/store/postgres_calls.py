"""What all calls of the store have in common: an order, a time limit, and an end before `close`."""

from __future__ import annotations

import asyncio
from types import TracebackType

from bot.deadlines import Deadlines
from bot.store.port import StoreDownError
from bot.store.postgres_order import Order, Turn
from bot.store.postgres_pool import BUDGET_SECONDS


class Calls:
    """Counts the calls under way. For one event loop.

    A call that comes while an earlier one for the same person is under way waits for it here,
    holding no connection, and its time begins when its turn comes.
    """

    def __init__(self) -> None:
        self.order = Order()
        self._under_way = 0
        self._at_rest = asyncio.Event()
        self._closing = False
        self._limits: dict[float, Deadlines] = {}

    def about(
        self, *people: bytes, seconds: float = BUDGET_SECONDS, overtaking: bool = False
    ) -> Call:
        """Within is one call about *people*, which may take so many *seconds*.

        With ``overtaking`` it does not wait for earlier calls about them. Raises StoreDownError
        when the store is closing, or the time is over.
        """
        turns = [self.order.turn(who, overtaking=overtaking) for who in people]
        return Call(self, turns, seconds)

    async def close(self) -> None:
        """Refuse what comes from now on, and wait for what is under way."""
        self._closing = True
        while self._under_way:
            self._at_rest.clear()
            await self._at_rest.wait()

    def begin(self) -> None:
        """Count one more. Raises StoreDownError."""
        if self._closing:
            raise StoreDownError("closed")
        self._under_way += 1

    def limit(self, seconds: float) -> Deadlines:
        """A time limit of so many *seconds*; there are only a few such numbers."""
        deadlines = self._limits.get(seconds)
        if deadlines is None:
            deadlines = self._limits[seconds] = Deadlines(seconds)
        return deadlines

    def end(self) -> None:
        """Count one less."""
        self._under_way -= 1
        if not self._under_way:
            self._at_rest.set()


class Call:
    """See `Calls.about`."""

    __slots__ = ("_begun", "_calls", "_limit", "_seconds", "_turns")

    def __init__(self, calls: Calls, turns: list[Turn], seconds: float) -> None:
        self._calls = calls
        self._turns = turns
        self._seconds = seconds
        self._begun = 0

    async def __aenter__(self) -> None:
        self._calls.begin()
        try:
            for turn in self._turns:
                await turn.begin()
                self._begun += 1
        except BaseException:
            self._end()
            raise
        self._limit = self._calls.limit(self._seconds)
        self._limit.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._limit.__exit__(kind, error, trace)
        except TimeoutError:
            raise StoreDownError("out of time") from None
        finally:
            self._end()

    def _end(self) -> None:
        for turn in self._turns[: self._begun]:
            turn.end()
        self._calls.end()
