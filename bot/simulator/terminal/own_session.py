"""The session of a chat that is a program of its own: Ctrl-C ends it, and ends it once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bot.simulator.session import Session


@contextmanager
def own_session() -> Iterator[Session]:
    """A session for as long as the context lasts. In the main thread only.

    The first Ctrl-C raises KeyboardInterrupt. No other does, and none does once the context
    ends: people press it again while the session closes, and a closing torn apart shows them a
    traceback and leaves servers running on a database that is gone. That stays so for the rest
    of the program, which has nothing more to do. Raises ContentError and SimulatorRefusedError
    as `Session` does.
    """
    signal.signal(signal.SIGINT, _interrupt_once)
    with Session() as session:
        try:
            yield session
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            session.line.held_calls.let_go()


def _interrupt_once(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
