"""What a person did, deed by deed, and where each found them: enough to go back to any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.simulator.mail import Mail

if TYPE_CHECKING:
    from bot.simulator.journal import Turn
    from content.catalog import Catalog
    from flows.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Standing:
    """A person at one moment: what the bot remembers of them and what their phone shows.

    ``conversation`` is None for nobody. ``seen`` counts the messages on the screen, which only
    ever grow; ``answer_from``, ``latest_from`` and ``dismissed`` are those of `Chat`; ``unsent``
    are the ids of messages that were taken back. ``mail`` is what LINE sent of theirs, and
    ``waited`` the simulated time that had been made to pass by the deed before.
    """

    conversation: Conversation | None
    seen: int
    answer_from: int
    latest_from: int
    dismissed: str
    unsent: frozenset[str]
    friend: bool
    blocked: bool
    clipboard: str
    opened: tuple[str, ...]
    mail: Mail
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a person did, as a talk writes it: ``tap: はい`` is Deed("tap", "はい")."""

    name: str
    value: str | Mapping[str, Any] | None = None


@dataclass(slots=True, eq=False)
class Done:
    """A deed that was done.

    ``before`` is where it found the person, ``waited`` the simulated time that was made to pass
    since the deed before it, ``catalog`` the content of that moment. ``turn`` is None where LINE
    told the bot nothing: a link was opened. ``after`` and ``state`` are where it left them, ""
    for nobody; both are known once the bot has answered. ``by_itself`` is what nobody did: LINE
    delivered what it had held up, since its time had come.
    """

    deed: Deed
    before: Standing
    waited: timedelta
    catalog: Catalog = field(repr=False)
    turn: Turn | None = field(default=None, repr=False)
    after: Conversation | None = None
    state: str = ""
    by_itself: bool = False
