"""What a typed text can turn out to mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flows.conversation import Choice

CommandName = Literal["back", "restart", "review", "help", "erase"]


@dataclass(frozen=True, slots=True)
class Command:
    """A word that works everywhere. ``erase`` means what *we* keep, not the service's data."""

    name: CommandName


@dataclass(frozen=True, slots=True)
class Picked:
    """One of the choices shown, by its number, its label, or a word that can only mean it."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class NamedService:
    """A service, by its slug in the catalog; never the path for any other service."""

    slug: str


@dataclass(frozen=True, slots=True)
class NamedLookalike:
    """A name that is easily taken for the service ``slug``: ask back, by that look-alike's key."""

    slug: str
    key: str


@dataclass(frozen=True, slots=True)
class SeveralServices:
    """More than one service, in the order named: ask which. May hold the path for any other."""

    slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A service without a file of its own, by its name or by words like その他."""


@dataclass(frozen=True, slots=True)
class ErasureAtService:
    """The data a *service* keeps shall be deleted; ``slug`` is "" where none was named."""

    slug: str = ""


@dataclass(frozen=True, slots=True)
class Distress:
    """Somebody who seems to be in despair. Comes before everything else."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A name, number, address or secret of a person: not to be kept, logged or repeated."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """A greeting, or the wish to leave with no service named: let us begin."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Not understood."""


Reading = (
    Command
    | Picked
    | NamedService
    | NamedLookalike
    | SeveralServices
    | Unsupported
    | ErasureAtService
    | Distress
    | PersonalData
    | Greeting
    | Nothing
)
