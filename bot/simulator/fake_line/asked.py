"""A call of the API while it is carried out, and what a room of our LINE is made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import Request

from bot.simulator.fake_line import checks, refusals
from bot.simulator.fake_line.calls import Delivered
from bot.simulator.fake_line.refusals import Detail

RETRY_KEY = "x-line-retry-key"


@dataclass(slots=True)
class Asked:
    """What is asked, and what became known about it: the ``body``, its reply ``token``, and to
    whom which messages were ``delivered``."""

    request: Request
    content: bytes
    body: checks.Body = field(default_factory=dict)
    token: str = ""
    delivered: dict[str, tuple[Delivered, ...]] = field(default_factory=dict)

    def read(self) -> checks.Body:
        """The body as JSON; its reply token is known from now on, whatever comes of it."""
        self.body = checks.read(self.content, self.header("content-type"))
        if isinstance(token := self.body.get("replyToken"), str):
            self.token = token
        return self.body

    def header(self, name: str) -> str:
        """The header *name*, "" where there is none."""
        return self.request.headers.get(name, "")

    def named(self, name: str) -> str:
        """What stands in the path where the endpoint's has *name* in braces."""
        return str(self.request.path_params[name])

    @property
    def user_id(self) -> str:
        """The person named in the path. Raises RefusalError for what is no person's id."""
        user_id = self.named("user_id")
        if not checks.is_user_id(user_id):
            raise refusals.invalid_parameter("userId")
        return user_id


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answers when all is well: JSON, or a ``file`` of type ``file_type`` instead."""

    said: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    file: bytes | None = None
    file_type: str = ""


CarryOut = Callable[[Asked], Answer | Awaitable[Answer]]
"""Carries a call out. Raises RefusalError for what LINE does not do."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint of the API. Faults strike it where it ``sends`` something to somebody."""

    method: str
    path: str
    carry_out: CarryOut
    sends: bool = False


class Room(Protocol):
    """A part of our LINE: some endpoints, and what they share."""

    def endpoints(self) -> Sequence[Endpoint]:
        """Its endpoints; of two that fit a path, the one that comes first is meant."""
        ...


def user_ids(asked: Asked, key: str, what: str) -> list[str]:
    """The people listed under *key* of the body, no more than the limit *what* allows.

    Raises RefusalError for too many, for none, and for what is no person's id.
    """
    ids = asked.body[key]
    if excess := checks.excess(what, ids):
        raise refusals.invalid([Detail(excess, key)])
    for number, user_id in enumerate(ids):
        if not (isinstance(user_id, str) and checks.is_user_id(user_id)):
            raise refusals.invalid([Detail("Must be the id of a user", f"{key}[{number}]")])
    return list(ids)
