"""Lets calls for one person take effect in the order in which they were made."""

from __future__ import annotations

import asyncio


class Order:
    """A queue for each person who has a call under way, and nothing for anybody else.

    Whoever waits holds no connection meanwhile. For one event loop.
    """

    def __init__(self) -> None:
        self.last: dict[bytes, asyncio.Future[None]] = {}
        self.loop = asyncio.get_running_loop()

    def __len__(self) -> int:
        """How many people have a call under way."""
        return len(self.last)

    def turn(self, who: bytes, *, overtaking: bool = False) -> Turn:
        """A turn for *who*, to be begun, and ended if it was begun.

        ``overtaking`` begins at once; later turns wait for it all the same.
        """
        return Turn(self, who, overtaking)


class Turn:
    """See `Order.turn`."""

    __slots__ = ("_before", "_mine", "_order", "_overtaking", "_who")

    def __init__(self, order: Order, who: bytes, overtaking: bool) -> None:
        self._order = order
        self._who = who
        self._overtaking = overtaking

    async def begin(self) -> None:
        """Wait until all turns for the same person that were begun before have ended."""
        self._before = self._order.last.get(self._who)
        self._mine = self._order.last[self._who] = self._order.loop.create_future()
        if self._before is not None and not self._overtaking:
            try:
                await asyncio.shield(self._before)  # for others wait for it too
            except BaseException:
                self.end()
                raise

    def end(self) -> None:
        """Let the next one begin, if all before this one have ended."""
        before = self._before
        if before is not None and not before.done():  # overtook it, or was cancelled waiting
            before.add_done_callback(lambda _: self.end())
            return
        self._mine.set_result(None)
        if self._order.last.get(self._who) is self._mine:
            del self._order.last[self._who]
