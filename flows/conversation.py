"""The values a conversation is made of: what a person did, where they are, what we say.

Nothing here knows LINE, a clock or a disk. Every value is frozen, so one can be asked,
kept, compared and replayed without anybody else noticing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

LOBBY = ""
"""The key of the moves made before any service was chosen."""


# --- what a person did -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours was tapped.

    ``service`` and ``state`` say which question showed it, ``turn`` when: buttons stay in a
    chat for ever, and an old one has to be told from a new one.
    """

    service: str
    state: str
    trigger: str
    argument: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Typed:
    """Words were typed. The text is read once and never kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not text arrived: ``sticker``, ``image``, … or ``unknown``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Followed:
    """The person added this account as a friend, or unblocked it."""


Event = Pressed | Typed | Sent | Followed


# --- where a person is -----------------------------------------------------------------


class Answer(NamedTuple):
    """One move: in ``state`` the person did ``trigger``, with ``argument`` where it needs one.

    A tuple, for the moves so far are the key of what is remembered of a place (`flows.trail`),
    and nothing is compared as quickly.
    """

    state: str
    trigger: str
    argument: str = ""


VERSION = 1
"""Of the stored form of a conversation. Whoever raises it teaches `Conversation.from_json` to
read every earlier one, of which tests/flows/stored keeps examples."""


class NewerError(Exception):
    """A conversation was written by a newer version of the program, which alone may go on."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person's conversation, whole.

    ``cases`` maps a service's slug to the moves made for it, in order; the state is never
    stored, it is what the moves lead to (`flows.trail`). So undoing, changing an answer and
    surviving a change of content are all one operation: play the moves that still fit.
    ``turn`` counts answers given by us. ``misses`` counts messages in a row that were not
    understood. ``meant`` is a reason the person named before being asked
    ("erase_data"); any other than that one becomes an answer where it would be asked.
    ``last_seen`` is when the person was last heard, for the line that recaps after a break.
    """

    turn: int = 0
    service: str = LOBBY
    cases: Mapping[str, tuple[Answer, ...]] = field(default_factory=lambda: MappingProxyType({}))
    later: tuple[Answer, ...] = ()
    misses: int = 0
    meant: str = ""
    last_seen: datetime | None = None

    @property
    def trail(self) -> tuple[Answer, ...]:
        """The moves of the case that is being talked about."""
        return self.cases.get(self.service, ())

    def to_json(self) -> dict[str, Any]:
        """Plain data for the store; `from_json` reads it back to an equal value."""
        return {
            "v": VERSION,
            "turn": self.turn,
            "service": self.service,
            "cases": {slug: _as_lists(trail) for slug, trail in self.cases.items()},
            "later": _as_lists(self.later),
            "misses": self.misses,
            "meant": self.meant,
            "last_seen": self.last_seen.isoformat() if self.last_seen else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Conversation:
        """Read what `to_json` wrote.

        Raises NewerError for what a later version wrote, and KeyError, TypeError or ValueError
        for anything else.
        """
        if data["v"] != VERSION:
            if isinstance(data["v"], int) and data["v"] > VERSION:
                raise NewerError
            raise ValueError(f"unknown version of a stored conversation: {data['v']!r}")
        seen = data["last_seen"]
        return cls(
            turn=data["turn"],
            service=data["service"],
            cases=MappingProxyType(
                {slug: _as_answers(trail) for slug, trail in dict(data["cases"]).items()}
            ),
            later=_as_answers(data["later"]),
            misses=data["misses"],
            meant=data["meant"],
            last_seen=datetime.fromisoformat(seen) if seen else None,
        )


def _as_lists(moves: tuple[Answer, ...]) -> list[list[str]]:
    return [[move.state, move.trigger, move.argument] for move in moves]


def _as_answers(moves: list[list[str]]) -> tuple[Answer, ...]:
    return tuple(Answer(*move) for move in moves)


# --- what we say -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A way on: the label a person reads, and the press it stands for."""

    label: str
    press: Pressed


@dataclass(frozen=True, slots=True)
class Call:
    """A button that dials ``number`` (digits and hyphens)."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that copies ``text`` to the clipboard."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens ``url`` (https)."""

    label: str
    url: str


Button = Choice | Call | Copy | Link


@dataclass(frozen=True, slots=True)
class Card:
    """A persistent panel: its buttons stay tappable after newer messages.

    ``items`` are listed under ``text``, numbered when ``numbered``; ``note`` is small print.
    """

    title: str
    text: str = ""
    items: tuple[str, ...] = ()
    numbered: bool = False
    note: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Say:
    """One message to the person.

    ``id`` names it for tests and talks ("checking_reward", "letter:yakukyari-mail"), never by
    wording. It is either a bubble of ``text`` or, with ``cards``, a panel (one card) or a row
    of panels (several); one Say is one message. ``choices`` stand under the last message of a
    turn, which is a bubble or a single panel. ``facts`` are the ids it told, such as
    "yakukyari.mail_address".
    """

    id: str
    text: str = ""
    cards: tuple[Card, ...] = ()
    choices: tuple[Choice, ...] = ()
    facts: tuple[str, ...] = ()
