"""Reply tokens and retry keys: what LINE lets through once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock

LIFE = timedelta(minutes=1)
"""From the receipt of a webhook (LINE's reference, #send-reply-message-reply-token)."""

LIFE_OF_EVENT = timedelta(minutes=20)
"""After this, counted from the event, no redelivery revives its token (same place)."""

LIFE_OF_KEY = timedelta(hours=24)
"""How long LINE knows a retry key (messaging-api/retrying-api-request)."""


@dataclass(slots=True)
class _Token:
    to: str
    born: datetime
    received: datetime
    spent: bool = False


class ReplyTokens:
    """Every reply token issued, whom it answers, and whether it still does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._issued: dict[str, _Token] = {}

    def issue(self, token: str, to: str) -> None:
        """A webhook with *token* is on its way; it answers *to*, a person's or a place's id.

        Sent again, the token lives another minute, while its event is not too old.
        """
        now = self._clock.now()
        with self._lock:
            known = self._issued.setdefault(token, _Token(to, now, now))
            if now - known.born <= LIFE_OF_EVENT:
                known.received = now

    def whose(self, token: str) -> str | None:
        """Whom *token* answers, if it still answers at all."""
        now = self._clock.now()
        with self._lock:
            known = self._issued.get(token)
            if known is None or known.spent or now - known.received > LIFE:
                return None
            return known.to

    def spend(self, token: str) -> None:
        """*token* was used. Raises KeyError for one never issued."""
        with self._lock:
            self._issued[token].spent = True


class RetryKeys:
    """The keys of pushes that were accepted, and by which request."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accepted: dict[str, tuple[datetime, str]] = {}

    def accept(self, key: str, request_id: str) -> None:
        """The request *request_id* was accepted under *key*."""
        self._accepted[key] = (self._clock.now(), request_id)

    def accepted_as(self, key: str) -> str | None:
        """The request that was accepted under *key* in the last day."""
        at, request_id = self._accepted.get(key, (None, None))
        if at is None or self._clock.now() - at > LIFE_OF_KEY:
            return None
        return request_id
