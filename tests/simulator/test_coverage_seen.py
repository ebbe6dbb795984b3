"""What the recorder of coverage takes down of a turn: no less, and nothing LINE did not take."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.simulator.coverage.reach import NOON
from bot.simulator.coverage.seen import Kind, Seen, Thing, Way
from bot.simulator.journal import Turn
from bot.simulator.screen import Message
from bot.simulator.watch import Step, Told
from bot.store.port import Outcome
from content.catalog import Catalog
from flows.conversation import Answer, Conversation, Event, Followed, Pressed, Say, Sent, Typed
from flows.step import step
from flows.withdrawal import TABLE
from tests.simulator.coverage import SLUG

CHOOSE = Pressed("", "choosing_service", "choose", SLUG)


def after(catalog: Catalog, *events: Event) -> tuple[Seen, Conversation]:
    """What was seen of somebody new who did *events*, and where they stand."""
    seen, at = Seen(), Conversation()
    for event in events:
        came, says = step(at, event, catalog, NOON)
        seen.step(Step(at, event, NOON, came, tuple(says)), says, catalog)
        at = came or Conversation()
    return seen, at


def rows(seen: Seen) -> set[tuple[str, str, str]]:
    """Trigger, source and dest of the rows that were taken."""
    taken = (TABLE.rows[int(thing.what)] for thing in seen.of(Kind.ROW))
    return {(row.trigger, row.source, row.dest) for row in taken}


def test_a_press_shows_its_row_its_states_and_its_button(catalog: Catalog) -> None:
    """The service is the one that was chosen, though the press was made before it was."""
    seen, _ = after(catalog, Followed(), CHOOSE)

    assert rows(seen) == {("choose", "choosing_service", "checking_selection")}
    assert Thing(Kind.STATE, SLUG, "checking_selection") in seen.ways
    assert Thing(Kind.BUTTON, "", "choosing_service", f"choose {SLUG}") in seen.ways


def test_a_guard_that_said_no_is_told_from_one_that_said_yes(catalog: Catalog) -> None:
    """The rows of one trigger are tried from the top: those above the one taken refused."""
    denied = Pressed(SLUG, "checking_selection", "deny")
    seen, _ = after(catalog, Followed(), CHOOSE, denied)

    sides = {
        (TABLE.rows[int(thing.what)].dest, thing.detail)
        for thing in seen.of(Kind.GUARD)
        if TABLE.rows[int(thing.what)].source == "checking_selection"
    }
    assert sides == {("checking_job_found", "yes")}

    other = Pressed("other", "checking_selection", "deny")
    seen, _ = after(catalog, Followed(), Pressed("", "choosing_service", "choose", "other"), other)
    sides = {(TABLE.rows[int(t.what)].dest, t.detail) for t in seen.of(Kind.GUARD)}
    assert sides == {("checking_job_found", "no"), ("checking_reward", "yes")}


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (CHOOSE, "button"),
        (Typed("キャリトレ"), "Picked"),
        (Typed("戻る"), "Command"),
        (Typed("死にたい"), "Distress"),
        (Typed("090-1234-5678"), "PersonalData"),
        (Typed("ぴよぴよ"), "Nothing"),
        (Sent("sticker"), "sticker"),
    ],
)
def test_every_input_goes_by_its_kind(catalog: Catalog, event: Event, kind: str) -> None:
    """In the state it was sent in."""
    seen, _ = after(catalog, Followed(), event)

    assert Thing(Kind.INPUT, "", "choosing_service", kind) in seen.ways


def test_a_letter_and_the_facts_of_a_message_are_shown_with_it(catalog: Catalog) -> None:
    """A fact belongs to its own service."""
    seen, _ = after(catalog, Followed(), CHOOSE)

    assert f"{SLUG}.closed_reported" in seen.facts
    assert Thing(Kind.MESSAGE, SLUG, "notice") in seen.ways
    assert Thing(Kind.MESSAGE, "", "greeting") in seen.ways  # the same words everywhere


def test_what_line_did_not_take_was_shown_to_nobody(catalog: Catalog) -> None:
    """The row was taken all the same; its words never reached the person."""
    at = Conversation(turn=1)
    came, says = step(at, CHOOSE, catalog, NOON)
    told = Told(Outcome.APPLIED, b"", Step(at, CHOOSE, NOON, came, tuple(says)))
    lost = Turn(1, NOON, (), told={"one": told})
    arrived = Turn(2, NOON, (), told={"one": told}, messages=[message(say) for say in says])

    seen = Seen()
    seen.turn(lost, catalog)
    assert rows(seen)
    assert not seen.of(Kind.FACT, Kind.MESSAGE)

    seen.turn(arrived, catalog)
    assert {thing.what for thing in seen.of(Kind.MESSAGE)} == {say.id for say in says}
    assert seen.of(Kind.FACT)


def message(say: Say) -> Message:
    """A message that shows *say* on a screen."""
    return Message("1", False, "text", say.text, datetime.now(UTC), say=say)


def test_of_two_ways_the_shorter_is_kept(catalog: Catalog) -> None:
    """Whichever was found first."""
    thing = Thing(Kind.STATE, SLUG, "staying")
    ways = [
        Way(SLUG, (Answer(CHOOSE.state, "choose", SLUG),) * n, "", CHOOSE, "staying")
        for n in (3, 1, 2)
    ]

    seen = Seen()
    for way in ways:
        seen.add(Seen({thing: way}))

    assert seen.ways[thing] == ways[1]
