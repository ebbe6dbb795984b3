"""What can go wrong when the bot calls LINE, one call at a time."""

from __future__ import annotations

from enum import StrEnum

from bot.simulator.fake_line.arranged import Arranged


class Fault(StrEnum):
    """What happens to a call. ``…-after``: LINE did what it was asked, the bot never learns it.

    ``400`` is LINE's refusal of a message, ``expired`` its refusal of a reply token, as if the
    reply had come more than a minute after the webhook. In ``restart`` the bot itself ends
    between saving an answer and learning that it was sent; another begins on the same database.
    """

    BAD_REQUEST = "400"
    EXPIRED = "expired"
    UNAUTHORIZED = "401"
    RATE_LIMIT = "429"
    MONTHLY_LIMIT = "429-monthly"
    ERROR = "500"
    ERROR_AFTER = "500-after"
    TIMEOUT = "timeout"
    TIMEOUT_AFTER = "timeout-after"
    RESET = "reset"
    RESET_AFTER = "reset-after"
    RESTART = "restart"
    RESTART_AFTER = "restart-after"

    @property
    def accepts(self) -> bool:
        """Whether LINE carries the call out all the same."""
        return self.value.endswith("-after")

    @property
    def cuts(self) -> bool:
        """Whether the connection is cut, instead of left open without a word."""
        return self.value.startswith(("reset", "restart"))

    @property
    def restarts(self) -> bool:
        """Whether the bot ends and another begins."""
        return self.value.startswith("restart")

    @property
    def may_silence(self) -> bool:
        """Whether the bot may be left without a way to answer: it must not push on its own."""
        return self in (Fault.BAD_REQUEST, Fault.EXPIRED)


class Faults(Arranged[Fault]):
    """The faults of the next calls that send something."""

    def __init__(self) -> None:
        super().__init__(Fault)
