"""Calls that get no answer, until the caller gives up or the simulator is told to stop."""

from __future__ import annotations

import asyncio
import threading

from starlette.requests import Request
from starlette.responses import Response

from bot.simulator.fake_line.cuts import keep_waiting


class HeldCalls:
    """The calls that are kept waiting at present. `let_go` may come from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: set[tuple[asyncio.AbstractEventLoop, asyncio.Transport]] = set()
        self._are_let_go = False

    async def hold(self, request: Request) -> Response:
        """Answer nothing until the caller hangs up, or we do because of `let_go`."""
        line = asyncio.get_running_loop(), request.state.transport
        with self._lock:
            self._lines.add(line)
            if self._are_let_go:
                _hang_up(*line)
        try:
            return await keep_waiting(request)
        finally:
            with self._lock:
                self._lines.discard(line)

    def let_go(self) -> None:
        """Hang up on everybody who waits, now and from now on, without a byte of an answer.

        The bot gives a call five seconds, and does not end before the calls it has begun: whoever
        stops a simulator should not have to sit through a time-out that they arranged themselves.
        """
        with self._lock:
            self._are_let_go = True
            for line in self._lines:
                _hang_up(*line)


def _hang_up(loop: asyncio.AbstractEventLoop, transport: asyncio.Transport) -> None:
    """From any thread, while somebody still waits in *loop*."""
    loop.call_soon_threadsafe(transport.abort)
