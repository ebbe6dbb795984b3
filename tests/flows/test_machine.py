"""The idiom: one machine, no models bound to it, plain values moved along rows."""

from __future__ import annotations

import gc
import logging
import weakref
from dataclasses import dataclass

import pytest

from flows.machine import Row, Table
from flows.withdrawal import TABLE


@dataclass(slots=True, weakref_slot=True)
class Door:
    """Something to move; compared by value, like a dataclass is unless told otherwise."""

    state: str
    locked: bool = False
    asked: int = 0


def is_locked(door: Door) -> bool:
    door.asked += 1
    return door.locked


def is_never(door: Door) -> bool:
    return False


@pytest.fixture
def table() -> Table[Door]:
    return Table(
        "closed",
        [
            Row("push", "closed", "rattling", is_locked),
            Row("push", "closed", "open"),
            Row("push", "open", "closed"),
            Row("knock", "closed", "=", None),
            Row("paint", "closed", "wet", is_never),
            Row("burn", "*", "gone"),
        ],
    )


def test_a_trigger_moves_the_state_along_its_row(table: Table[Door]) -> None:
    """Firing a trigger leads to the row's destination and says so."""
    door = Door("open")

    assert table.fire(door, "push")
    assert door.state == "closed"


@pytest.mark.parametrize(("locked", "dest"), [(True, "rattling"), (False, "open")])
def test_rows_of_one_trigger_are_tried_from_the_top(
    table: Table[Door], locked: bool, dest: str
) -> None:
    """The first row whose guard agrees is taken; the row without a guard is the default."""
    door = Door("closed", locked)

    assert table.fire(door, "push")
    assert (door.state, door.asked) == (dest, 1)


@pytest.mark.parametrize(
    ("state", "trigger"),
    [("closed", "fly"), ("open", "knock"), ("closed", "paint"), ("gone", "push"), ("open", "")],
    ids=["unknown anywhere", "not from here", "no guard agrees", "no row at all", "empty"],
)
def test_what_no_row_fits_changes_nothing(table: Table[Door], state: str, trigger: str) -> None:
    """A press that cannot be made answers False; it neither raises nor moves anything."""
    door = Door(state)

    assert not table.fire(door, trigger)
    assert door == Door(state)


def test_a_row_may_stay_and_may_start_anywhere(table: Table[Door]) -> None:
    """`=` keeps the state and counts as made; `*` is a way from every state."""
    door = Door("closed")

    assert table.fire(door, "knock")
    assert door.state == "closed"
    assert table.fire(door, "burn")
    assert door.state == "gone"
    assert table.triggers_from("rattling") == {"burn"}
    assert table.triggers_from("closed") == {"push", "knock", "paint", "burn"}
    assert table.states == ("closed", "rattling", "open", "wet", "gone")


def test_equal_turns_do_not_mix(table: Table[Door]) -> None:
    """Two people in the same place are equal values; moving one leaves the other."""
    one, other = Door("closed"), Door("closed")
    assert one == other

    assert table.fire(one, "push")

    assert (one.state, other.state) == ("open", "closed")


def test_a_restored_state_is_kept(table: Table[Door]) -> None:
    """Somebody in the middle of the flow goes on from there, not from the machine's start."""
    door = Door("open")

    assert not table.fire(door, "knock")
    assert door.state == "open"


def test_the_machine_keeps_nobody(table: Table[Door]) -> None:
    """Nothing is registered with the machine, so a turn is gone when its event is over."""
    door = Door("closed")
    table.fire(door, "push")
    gone = weakref.ref(door)

    del door
    gc.collect()

    assert gone() is None
    assert table._machine.models == []
    assert TABLE._machine.models == []


def test_there_are_no_ways_but_the_rows() -> None:
    """The library would add a `to_<state>` from everywhere, were it not told not to."""
    assert set(TABLE._machine.events) == {row.trigger for row in TABLE.rows}


def test_an_old_button_is_no_warning(table: Table[Door], caplog: pytest.LogCaptureFixture) -> None:
    """Buttons stay in a chat for ever; a late tap must not fill the log."""
    with caplog.at_level(logging.INFO):
        table.fire(Door("open"), "knock")

    assert caplog.records == []
