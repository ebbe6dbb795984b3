"""Where a fact comes from, how old it is, and how sure we may sound about it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator


class Strict(BaseModel):
    """A frozen record in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("空の文です")
    return text


def _ascending(lines: str) -> str:
    for part in lines.split(","):
        first, _, last = part.partition("-")
        if int(first) < 1 or int(last or first) < int(first):
            raise ValueError(f"行の範囲 {part.strip()} が逆さまか、0 です")
    return lines


MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
LINES = r"^[0-9]+(-[0-9]+)?(, ?[0-9]+(-[0-9]+)?)*$"
KEY = r"^[a-z][a-z0-9_]*$"
SLUG = r"^[a-z][a-z0-9-]*$"

Text = Annotated[str, AfterValidator(_not_empty)]
Month = Annotated[str, StringConstraints(pattern=MONTH)]
Lines = Annotated[str, StringConstraints(pattern=LINES), AfterValidator(_ascending)]
Key = Annotated[str, StringConstraints(pattern=KEY)]
Slug = Annotated[str, StringConstraints(pattern=SLUG)]


def numbered(lines: str | None) -> frozenset[int]:
    """The line numbers that *lines* of an article name; none for None."""
    found: set[int] = set()
    for part in (lines or "").split(","):
        first, _, last = part.strip().partition("-")
        if first:
            found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


Grade = Literal["article", "outside", "ours"]


class Source(Strict):
    """Something that was read: an article, a page. ``as_of`` is null where it gives no date."""

    title: Text
    as_of: Month | None
    address: str | None = None


class Conflict(Strict):
    """What another place, or another line of the same source, says instead.

    It is told right after the fact, unless the fact's own text tells it already (``told``).
    """

    text: Text
    lines: Lines | None = None
    outside: Key | None = None
    told: bool = False


class Evidence(Strict):
    """Exactly one of: ``lines`` of the article, an ``outside`` source, or ``ours`` (why we say it).

    ``as_of`` overrides the source's month; ``verified_on`` is set only by a person who looked
    at the official site that day.
    """

    lines: Lines | None = None
    outside: Key | None = None
    ours: Text | None = None
    as_of: Month | None = None
    verified_on: date | None = None
    conflicts: tuple[Conflict, ...] = ()

    # The mend for both is in content/faults.py.
    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        origins = [name for name in ("lines", "outside", "ours") if getattr(self, name)]
        if not origins:
            raise ValueError("出典がありません")
        if len(origins) > 1:
            raise ValueError(f"出典が二つ以上あります（{'・'.join(origins)}）")
        return self

    @property
    def grade(self) -> Grade:
        """How much weight it bears: told by the article, seen elsewhere, or our own advice."""
        return "article" if self.lines else "outside" if self.outside else "ours"


class Fact(Evidence):
    """One thing we tell people, in our own words, with its evidence."""

    text: Text
