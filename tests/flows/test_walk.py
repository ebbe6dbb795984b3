"""Every press in every place, of the invented services and of the real ones."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from content.catalog import Catalog
from flows.check import BEYOND_THE_TABLE
from flows.conversation import LOBBY, Conversation, Pressed, Say
from flows.moves import here
from flows.step import step
from flows.trail import play
from flows.turn import LOOKS
from flows.walk import Arrival, presses, walk
from flows.withdrawal import TABLE
from tests.flows.chat import NOON
from tests.flows.replies import faults

BY_WORD = {"reviewing_answers", "confirming_erasure"}
"""States that words lead to, so that no press does."""


@pytest.fixture(scope="module")
def places(arrivals: list[Arrival]) -> list[Arrival]:
    """The first arrival at each place."""
    return list({arrival.key: arrival for arrival in reversed(arrivals)}.values())


def pressable(says: Sequence[Say]) -> list[tuple[str, str]]:
    """What a reply offers to press."""
    pressed = [choice.press for choice in presses(tuple(says))]
    return sorted({(press.trigger, press.argument) for press in pressed})


def test_every_reply_is_in_order(arrivals: list[Arrival]) -> None:
    """At most five messages, a way on, choices under the last only, every hole filled."""
    wrong = [
        f"{arrival.conversation.service} {arrival.state}: {fault}"
        for arrival in arrivals
        for fault in faults(arrival.says)
    ]

    assert wrong == []


def test_every_way_leads_somewhere(arrivals: list[Arrival]) -> None:
    """Whatever is offered can be made: no button is answered with an excuse."""
    for arrival in arrivals:
        ids = [say.id for say in arrival.says]
        assert "old_button_gone" not in ids, (arrival.before, arrival.press)
        assert "old_button_kept" not in ids, (arrival.before, arrival.press)


def test_no_state_is_out_of_reach(catalog: Catalog, arrivals: list[Arrival]) -> None:
    """Pressing leads to every state; the other two are words that always work."""
    reached = {arrival.state for arrival in arrivals}
    for slug, service in catalog.services.items():
        for key in service.lookalikes:
            start = Pressed(LOBBY, "choosing_service", "ask_back", f"{slug}/{key}")
            reached |= {arrival.state for arrival in walk(catalog, start, NOON)}

    assert reached == set(TABLE.states) - BY_WORD


def test_every_state_can_be_left(arrivals: list[Arrival]) -> None:
    """Everywhere but in the list itself 戻る is a button; at the stop for a reward a word."""
    for arrival in arrivals:
        ways = {trigger for trigger, _ in pressable(arrival.says)}
        assert ways & {"back", "receive"} or arrival.state == TABLE.initial, arrival.state


def test_back_undoes_every_press(catalog: Catalog, places: list[Arrival]) -> None:
    """From everywhere 戻る leads to the state before with the same answers as before."""
    undone = 0
    for arrival in places:
        trail = arrival.conversation.trail
        if len(trail) < 2 or trail[-1].state != arrival.before:
            continue  # a detour that ended, such as 手順に戻る, was cut off already
        back = Pressed(arrival.conversation.service, arrival.state, "back")
        before, _ = step(arrival.conversation, back, catalog, NOON)
        assert before is not None
        assert before.trail == trail[:-1]
        assert here(before, catalog, NOON).state == arrival.before
        undone += 1

    assert undone > len(places) / 2


def test_the_words_that_always_work_do_so_everywhere(
    catalog: Catalog, places: list[Arrival]
) -> None:
    """状況 lists what can be changed, データを消す asks; from both 戻る leads to where one was."""
    for arrival in places:
        if not arrival.conversation.service:
            continue
        for trigger in sorted(LOOKS - {"lose_login"}):
            slug = arrival.conversation.service
            asked = Pressed(slug, arrival.state, trigger)
            there, says = step(arrival.conversation, asked, catalog, NOON)
            assert there is not None
            assert faults(says) == []
            state = here(there, catalog, NOON).state
            assert state in BY_WORD
            changes = [trigger for trigger, _ in pressable(says) if trigger == "change"]
            listed = [item for say in says for card in say.cards for item in card.items]
            assert len(changes) == len(listed)
            back, _ = step(there, Pressed(slug, state, "back"), catalog, NOON)
            assert back is not None
            assert back.trail == arrival.conversation.trail


def test_the_store_gives_back_what_it_was_given(arrivals: list[Arrival]) -> None:
    """Through JSON and back, in every place, and small."""
    for arrival in arrivals:
        stored = json.dumps(arrival.conversation.to_json())
        assert Conversation.from_json(json.loads(stored)) == arrival.conversation
        assert len(stored) < 2_000


def test_no_trail_holds_a_state_twice(catalog: Catalog, arrivals: list[Arrival]) -> None:
    """Coming back to a state forgets the detour; playing the trail leads to where one is."""
    for arrival in arrivals:
        trail = arrival.conversation.trail
        states = [made.state for made in trail]
        assert len(states) == len(set(states))
        assert arrival.state not in states
        played = play(catalog, arrival.conversation.service, trail, NOON)
        assert (played.state, played.trail) == (arrival.state, trail)


def test_the_same_presses_lead_to_the_same_place(invented: Catalog) -> None:
    """Walked twice, everything is equal: nothing of a walk stays behind."""
    start = Pressed(LOBBY, "choosing_service", "choose", "aozora-scout")

    assert list(walk(invented, start, NOON)) == list(walk(invented, start, NOON))


def test_places_that_look_alike_offer_the_same(arrivals: list[Arrival]) -> None:
    """The walk enters a place once; that is fair only if it is the same place every time."""
    seen: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for arrival in arrivals:
        if arrival.press is not None and arrival.press.trigger not in ("take_letter", "read_topic"):
            assert seen.setdefault(arrival.key, pressable(arrival.says)) == pressable(arrival.says)


def test_a_walk_that_never_ends_is_noticed(invented: Catalog) -> None:
    """Somebody who makes the flow grow without end is told so, not kept waiting."""
    start = Pressed(LOBBY, "choosing_service", "choose", "aozora-scout")
    endless = walk(invented, start, NOON, most=10)

    with pytest.raises(RuntimeError, match="more than 10 places"):
        list(endless)


def test_moves_beyond_the_table_are_known_to_the_content_check() -> None:
    """What is not a row, and may stand on a button all the same."""
    assert set(BEYOND_THE_TABLE).isdisjoint(row.trigger for row in TABLE.rows)
