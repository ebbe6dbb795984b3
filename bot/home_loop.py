"""The event loop an object lives in, asked for once."""

from __future__ import annotations

import asyncio


class HomeLoop:
    """Gives the event loop that was running when it was first asked for, ever after.

    For an object that lives in one loop and is made before it runs. `asyncio.get_running_loop`
    makes a call to the system each time in Python 3.11, and an event goes past twenty of them.
    """

    __slots__ = ("_loop",)

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def __call__(self) -> asyncio.AbstractEventLoop:
        """The loop. Raises RuntimeError when it is first asked for and none is running."""
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        return loop

    def time(self) -> float:
        """Seconds by the loop's clock, which never goes back."""
        return self().time()
