"""Playing a person's moves: where they lead, and what stays of them when one changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from content.catalog import Catalog
from flows.conversation import Answer
from flows.offers import is_offered
from flows.turn import Turn, timeless
from flows.withdrawal import TABLE


def play(
    catalog: Catalog,
    slug: str,
    moves: Iterable[Answer],
    now: datetime,
    meant: str = "",
    number: int = 0,
) -> Turn:
    """The turn that *moves* lead to, as far as they still fit the table and the content."""
    place = _led(catalog, slug, tuple(moves), meant)
    return Turn(place.state, slug, place.trail, catalog, now, meant, number)


def take(turn: Turn, move: Answer) -> bool:
    """Make *move* if it is offered; False, with nothing changed, if it is not.

    Coming back to a state passed before forgets the detour in between, so a trail never
    holds a state twice and never grows beyond the number of states.
    """
    place = _led(turn.catalog, turn.slug, (*turn.trail, move), turn.meant)
    turn.state, turn.trail = place.state, place.trail
    return place.fits


class _Place(NamedTuple):
    """Where moves lead. Those after the first that does not fit (``fits``) count for nothing."""

    state: str
    trail: tuple[Answer, ...]
    fits: bool


@lru_cache(maxsize=4096)
def _led(catalog: Catalog, slug: str, moves: tuple[Answer, ...], meant: str) -> _Place:
    """Where *moves* lead. Every step a person takes asks again for all those before, and most
    people take the same ways: so each is played once."""
    if not moves:
        return _Place(TABLE.initial, (), True)
    *earlier, move = moves
    before = _led(catalog, slug, tuple(earlier), meant)
    if not before.fits:
        return before
    turn = timeless(catalog, slug, before.state, before.trail, meant)
    if not is_offered(turn, move):
        return before._replace(fits=False)
    turn.trail = (*before.trail, move)
    if not TABLE.fire(turn, move.trigger):
        return before._replace(fits=False)
    passed = [index for index, made in enumerate(turn.trail) if made.state == turn.state]
    return _Place(turn.state, turn.trail[: passed[0]] if passed else turn.trail, True)
