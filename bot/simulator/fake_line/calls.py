"""What the bot asked of LINE, call by call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.simulator.fake_line.faults import Fault


@dataclass(slots=True)
class Account:
    """A person, as LINE knows them. Strangers may write too; who ``blocked`` sees nothing."""

    user_id: str
    name: str
    language: str = "ja"
    friend: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message LINE took: its ``id``, and its JSON as it was sent."""

    id: str
    quote_token: str
    json: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API, and what came of it; one for each person, if it brought several
    something (they have one ``request_id``).

    ``at`` is simulated time. ``status`` is what the bot was told, 0 when it was told nothing.
    ``said`` is the answer's JSON. ``to`` is whom it was meant for and ``messages`` what LINE
    took; ``shown`` is False where the person had blocked the account. ``token`` is the reply
    token, "" on a push. ``path`` holds no query.
    """

    at: datetime
    method: str
    path: str
    status: int
    request_id: str
    asked: Mapping[str, Any]
    said: Mapping[str, Any]
    fault: Fault | None = None
    token: str = ""
    to: str = ""
    messages: tuple[Delivered, ...] = ()
    shown: bool = True

    @property
    def accepted(self) -> bool:
        """Whether LINE did what it was asked, whatever the bot was told."""
        return bool(self.messages)
