"""Playing moves: what is kept of it is what the machine says, and depends on no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from content.catalog import Catalog
from flows.conversation import Answer
from flows.offers import offers
from flows.trail import play, take
from flows.turn import timeless
from flows.walk import Arrival
from flows.withdrawal import TABLE
from tests.flows.catalogs import without_method
from tests.flows.chat import NOON


def led_by_the_machine(catalog: Catalog, slug: str, moves: Iterable[Answer]) -> str:
    """Where *moves* lead when each is fired once, and nothing is kept."""
    turn = timeless(catalog, slug, TABLE.initial, (), "")
    for move in moves:
        turn.trail = (*turn.trail, move)
        assert TABLE.fire(turn, move.trigger)
    return turn.state


def test_moves_lead_where_the_machine_leads_them(catalog: Catalog, arrivals: list[Arrival]) -> None:
    """In every place of every service: kept or not, the answer is the table's."""
    for arrival in arrivals:
        slug, trail = arrival.conversation.service, arrival.conversation.trail
        state = led_by_the_machine(catalog, slug, trail)

        assert play(catalog, slug, trail, NOON).state == state


def test_what_the_content_no_longer_offers_is_not_remembered_as_offered(real: Catalog) -> None:
    """Each catalog is asked for itself, however alike two of them are."""
    slug = "yakukyari"
    method = next(iter(real.services[slug].methods))
    changed = without_method(real, slug, method)
    moves = [
        Answer("choosing_service", "choose", slug),
        Answer("checking_selection", "deny"),
        Answer("checking_reward", "deny"),
        Answer("giving_reason", "choose", "decided_elsewhere"),
    ]
    at, gone = play(real, slug, moves, NOON), play(changed, slug, moves, NOON)
    assert at.state == gone.state == "choosing_method"
    chosen = Answer("choosing_method", "choose", method)

    assert take(at, chosen)
    assert not take(gone, chosen)
    assert gone.trail == tuple(moves)


def test_neither_time_nor_turn_is_kept_with_a_place(real: Catalog) -> None:
    """The same place an hour and some answers later: the same buttons, with the new number."""
    moves = [Answer("choosing_service", "choose", "yakukyari")]
    first = play(real, "yakukyari", moves, NOON, number=3)
    later = play(real, "yakukyari", moves, NOON + timedelta(hours=1), number=9)

    assert later.now == NOON + timedelta(hours=1)
    assert {choice.press.turn for choice in offers(first)} == {3}
    assert {choice.press.turn for choice in offers(later)} == {9}


@pytest.mark.parametrize("name", ["now", "number"])
def test_whoever_asks_what_is_not_kept_gets_an_error(real: Catalog, name: str) -> None:
    """A guard that looked at the clock would otherwise be right once and then never again."""
    turn = timeless(real, "yakukyari", TABLE.initial, (), "")

    with pytest.raises(AttributeError):
        getattr(turn, name)
