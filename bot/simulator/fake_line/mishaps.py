"""What can go wrong with a webhook on its way from LINE to the bot.

LINE's reference, "Receive messages (webhook)": events may come late, twice and out of order; a
webhook that is not answered with 200 in time is delivered again where redelivery is on.
"""

from __future__ import annotations

from enum import StrEnum

from bot.simulator.fake_line.arranged import Arranged


class Mishap(StrEnum):
    """What happens to a webhook.

    ``swap``: it arrives right behind the next one of the same person. ``delay``: it arrives
    later. ``drop``: it does not arrive; LINE delivers it again later. ``lose``: nor does LINE
    deliver it again, as where redelivery is off. ``slow``: it arrives, but the bot's 200 comes
    too late for LINE, which delivers it again.
    """

    SWAP = "swap"
    DELAY = "delay"
    DROP = "drop"
    LOSE = "lose"
    SLOW = "slow"

    @property
    def arrives(self) -> bool:
        """Whether the webhook reaches the bot all the same, at once."""
        return self is Mishap.SLOW

    @property
    def comes_later(self) -> bool:
        """Whether LINE still has it to deliver, for the first time or again."""
        return self is not Mishap.LOSE

    @property
    def redelivers(self) -> bool:
        """Whether what comes later is a second delivery, and marked as one."""
        return self in (Mishap.DROP, Mishap.SLOW)


class Mishaps(Arranged[Mishap]):
    """The mishaps of the next webhooks about what a person does."""

    def __init__(self) -> None:
        super().__init__(Mishap)
