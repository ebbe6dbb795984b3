"""Playing a person's moves: where they lead, and what stays of them when one changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from content.catalog import Catalog
from flows.conversation import Answer
from flows.offers import is_offered
from flows.turn import Turn
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
    turn = Turn(TABLE.initial, slug, (), catalog, now, meant, number)
    for move in moves:
        if not take(turn, move):
            break
    return turn


def take(turn: Turn, move: Answer) -> bool:
    """Make *move* if it is offered; False, with nothing changed, if it is not.

    Coming back to a state passed before forgets the detour in between, so a trail never
    holds a state twice and never grows beyond the number of states.
    """
    if not is_offered(turn, move):
        return False
    before = turn.trail
    turn.trail = (*before, move)
    if not TABLE.fire(turn, move.trigger):
        turn.trail = before
        return False
    passed = [index for index, made in enumerate(turn.trail) if made.state == turn.state]
    if passed:
        turn.trail = turn.trail[: passed[0]]
    return True
