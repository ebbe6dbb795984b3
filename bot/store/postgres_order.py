"""Lets calls for one person take effect in the order in which they were made."""

from __future__ import annotations

import asyncio


class Order:
    """A queue for each person who has a call under way, and nothing for anybody else.

    Whoever waits holds no connection meanwhile. For one event loop.
    """

    def __init__(self) -> None:
        self._last: dict[bytes, asyncio.Future[None]] = {}

    def __len__(self) -> int:
        """How many people have a call under way."""
        return len(self._last)

    def turn(self, who: bytes, *, overtaking: bool = False) -> Turn:
        """A turn for *who*, to be begun, and ended if it was begun.

        ``overtaking`` begins at once; later turns wait for it all the same.
        """
        return Turn(self._last, who, overtaking)


class Turn:
    """See `Order.turn`."""

    __slots__ = ("_before", "_last", "_mine", "_overtaking", "_who")

    def __init__(
        self, last: dict[bytes, asyncio.Future[None]], who: bytes, overtaking: bool
    ) -> None:
        self._last = last
        self._who = who
        self._overtaking = overtaking

    async def begin(self) -> None:
        """Wait until all turns for the same person that were begun before have ended."""
        self._before = self._last.get(self._who)
        self._mine = self._last[self._who] = asyncio.get_running_loop().create_future()
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
        if self._last.get(self._who) is self._mine:
            del self._last[self._who]
