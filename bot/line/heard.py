"""What arrives from LINE, as values: one for each event of a webhook.

Whoever a value speaks of stays out of its ``repr``: user ids, reply tokens and words must
not reach a log by way of a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from flows.conversation import Event


class Why(StrEnum):
    """Why an event gets no answer. A closed list, so that it can be counted."""

    UNPARSEABLE = "unparseable"
    OTHER_DESTINATION = "other destination"
    STANDBY = "standby"
    NOT_ANSWERED = "not answered"  # a type of event that asks nothing of us
    NOT_ONE_TO_ONE = "not one to one"
    NO_EVENT_ID = "no event id"
    NO_TIME = "no time"
    NO_PERSON = "no person"
    NO_PLACE = "no place"
    NO_REPLY_TOKEN = "no reply token"  # noqa: S105 - a reason, not a secret


@dataclass(slots=True)
class Heard:
    """A person did something and can be answered.

    ``event_id`` is LINE's ``webhookEventId``: equal for every delivery of one event. ``at`` is
    when it happened, in milliseconds since 1970, also when it is delivered late. ``person`` is
    the LINE user id. ``message`` is the id of the message, if it was one.
    """

    event_id: str
    at: int
    redelivered: bool
    person: str = field(repr=False)
    reply_token: str = field(repr=False)
    event: Event = field(repr=False)
    message: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Left:
    """A person blocked the account. There is nobody to answer, only somebody to forget."""

    event_id: str
    at: int
    person: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Joined:
    """The account was invited into ``place``, a group or a room (their LINE id)."""

    event_id: str
    at: int
    place: str = field(repr=False)
    reply_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unsent:
    """A person took back ``message`` (its LINE id): whatever is kept of it must go."""

    event_id: str
    at: int
    person: str = field(repr=False)
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that gets silence, and why.

    Everything else is empty where there was none, or where nobody will ask for it.
    """

    event_id: str
    reason: Why
    at: int = 0
    person: str = field(default="", repr=False)
