"""What LINE has sent of one person's, and what of it has not reached the bot."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from bot.simulator import envelope
from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.mint import Mint
from bot.simulator.fake_line.mishaps import Mishap

LATE_BY = timedelta(minutes=1)
"""Time that has to be made to pass until what was held up arrives by itself. LINE tells nobody
when it delivers again; within a minute or two is what one sees."""


@dataclass(frozen=True, slots=True)
class Held:
    """A webhook that is still to come, its events as they will be.

    ``message`` is the id of the message it tells of, as long as the bot knows nothing of it; ""
    for none. It is due when ``due`` has been made to pass since the session began.
    """

    events: tuple[WebhookEvent, ...]
    mishap: Mishap
    message: str
    due: timedelta


@dataclass(frozen=True, slots=True)
class Mail:
    """The webhooks of one person, at one moment.

    ``last`` are the events of the last thing they did, ``held`` what is still on its way, oldest
    first, and ``lost`` the messages whose webhooks never arrive.
    """

    last: tuple[WebhookEvent, ...] = ()
    held: tuple[Held, ...] = ()
    lost: frozenset[str] = frozenset()

    @property
    def unread(self) -> frozenset[str]:
        """The ids of the person's messages that the bot knows nothing of."""
        return (self.lost | {held.message for held in self.held}) - {""}

    @property
    def swapped(self) -> tuple[Held, ...]:
        """What arrives right behind the next webhook."""
        return tuple(held for held in self.held if held.mishap is Mishap.SWAP)

    def due(self, passed: timedelta) -> tuple[Held, ...]:
        """What arrives by itself once *passed* was made to pass since the session began."""
        return tuple(held for held in self.held if held.due <= passed)

    def next(self) -> Held:
        """What arrives next. Raises LookupError where nothing is on its way."""
        if not self.held:
            raise LookupError("届く途中のものはありません")
        return self.held[0]

    def posted(
        self,
        events: Sequence[WebhookEvent],
        message: str,
        mishap: Mishap | None,
        passed: timedelta,
    ) -> Self:
        """LINE sends *events*, which tell of *message*, and *mishap* happens to them."""
        mail = replace(self, last=tuple(events))
        if mishap is None:
            return mail
        if not mishap.comes_later:
            return replace(mail, lost=mail.lost | {message})
        again = envelope.redelivered if mishap.redelivers else copy.deepcopy
        unread = "" if mishap.arrives else message
        held = Held(tuple(map(again, events)), mishap, unread, passed + LATE_BY)
        return replace(mail, held=(*mail.held, held))

    def without(self, arrived: Held) -> Self:
        """*arrived* has reached the bot."""
        return replace(self, held=tuple(held for held in self.held if held is not arrived))

    def delivered_again(self) -> Self:
        """The last events reach the bot once more, or for the first time after all."""
        held = tuple(
            replace(held, message="") if _same(held.events, self.last) else held
            for held in self.held
        )
        return replace(self, held=held, lost=frozenset())

    def of_another(self, user_id: str, mint: Mint) -> Self:
        """The same on its way, but of the account *user_id*: with ids and tokens of its own.

        What the bot had already from the account before is left out: as something new it would
        be done twice. Nothing was sent yet in the new one's name, so there is no ``last``.
        """
        moved = tuple(
            replace(held, events=tuple(_moved(event, user_id, mint) for event in held.events))
            for held in self.held
            if not held.mishap.arrives
        )
        return replace(self, last=(), held=moved)


def _same(some: Sequence[WebhookEvent], others: Sequence[WebhookEvent]) -> bool:
    ids = [[event["webhookEventId"] for event in events] for events in (some, others)]
    return ids[0] == ids[1]


def _moved(event: WebhookEvent, user_id: str, mint: Mint) -> WebhookEvent:
    moved = copy.deepcopy(event)
    moved["source"] = envelope.person(user_id)
    moved["webhookEventId"] = mint.event_id(event["timestamp"])
    if "replyToken" in moved:
        moved["replyToken"] = mint.reply_token()
    return moved
