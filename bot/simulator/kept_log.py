"""The app's log, kept to be looked at instead of printed."""

from __future__ import annotations

import logging
from collections import deque

import structlog

from bot import logs


class KeptLog:
    """Every line of the log as it would have been printed. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque()

    def start(self) -> None:
        """Keep what is logged from now on, in this process; nothing is printed any more."""
        logs.configure("console")
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            logger_factory=lambda *_: self,
        )

    def taken(self) -> list[str]:
        """The lines since it was asked last, oldest first."""
        lines = []
        while self._lines:
            lines.append(self._lines.popleft())
        return lines

    def msg(self, line: str) -> None:
        """A line is logged: what `structlog` calls, whatever the level."""
        self._lines.append(line)

    debug = info = warning = error = critical = msg
