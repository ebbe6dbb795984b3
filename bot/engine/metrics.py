"""What the engine counts, as a port: it knows of no metrics system.

Every argument is one of a closed list or a number, so that nobody can be named by mistake.
"""

from __future__ import annotations

from typing import Protocol

from bot.line.client import Answer
from bot.line.heard import Why
from bot.store.port import Outcome, Status


class Metrics(Protocol):
    """Counts. Never raises and never waits, so it may be told from anywhere. Seconds throughout."""

    def webhook(self, status: int, seconds: float) -> None:
        """A webhook was answered."""

    def ignored(self, why: Why, count: int) -> None:
        """Events of a webhook got silence."""

    def event(self, outcome: Outcome) -> None:
        """It is written down what became of an event."""

    def deferred(self, count: int) -> None:
        """Events were put away, to be decided on later."""

    def sent(self, push: bool, answer: Answer, seconds: float) -> None:
        """LINE was called, and answered or not."""

    def answer(self, status: Status) -> None:
        """An answer reached its final status."""

    def held(self, reason: str) -> None:
        """LINE refuses everybody's answers: sending waits a while."""

    def resumed(self) -> None:
        """LINE takes answers again."""

    def throttled(self) -> None:
        """A stranger was turned away before they were heard."""


class NoMetrics:
    """Counts nothing."""

    def webhook(self, status: int, seconds: float) -> None:
        """Nothing."""

    def ignored(self, why: Why, count: int) -> None:
        """Nothing."""

    def event(self, outcome: Outcome) -> None:
        """Nothing."""

    def deferred(self, count: int) -> None:
        """Nothing."""

    def sent(self, push: bool, answer: Answer, seconds: float) -> None:
        """Nothing."""

    def answer(self, status: Status) -> None:
        """Nothing."""

    def held(self, reason: str) -> None:
        """Nothing."""

    def resumed(self) -> None:
        """Nothing."""

    def throttled(self) -> None:
        """Nothing."""


NO_METRICS = NoMetrics()
"""Where nobody asked for figures."""
