"""`flows.lint`: mistakes in a table that nobody would notice by talking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from content.catalog import Catalog, load
from flows.coverage import arrivals
from flows.lint import Finding, findings
from flows.machine import Row, Table
from flows.walk import presses
from flows.withdrawal import TABLE
from tests.flows.chat import NOON


@dataclass
class Walker:
    """Somebody in a small table."""

    state: str


def is_tall(walker: Walker) -> bool:
    return bool(walker.state)


def is_old(walker: Walker) -> bool:
    return bool(walker.state)


R = Row[Walker]
SOUND = (
    R("begin", "asking", "choosing", is_tall),
    R("begin", "asking", "hearing"),
    R("choose", "choosing", "hearing"),
    R("read", "hearing", "="),
    R("finish", "hearing", "finishing"),
    R("review", "*", "reviewing"),
    R("lose_login", "asking", "regaining", is_old),
)
EVERY_BUTTON = {(row.source, row.trigger) for row in SOUND}


def found(*rows: R, offered: set[tuple[str, str]] | None = None) -> list[str]:
    """What is found in a table of these rows, all of which have a button unless told."""
    buttons = {(row.source, row.trigger) for row in rows} if offered is None else offered
    return [finding.what for finding in findings(Table("asking", rows), buttons)]


def changed(change: Callable[[list[R]], object]) -> list[R]:
    """The sound table with a change."""
    rows = list(SOUND)
    change(rows)
    return rows


def test_nothing_is_found_in_a_sound_table() -> None:
    """A fork with an else, a button for some, words from anywhere, a look that 戻る ends."""
    assert found(*SOUND) == []


def test_a_state_nobody_can_get_to_is_found() -> None:
    """It has a way out, but no way in."""
    rows = changed(lambda rows: rows.append(R("wake", "dreaming", "finishing")))

    assert found(*rows) == ["状態 dreaming には、どこからも来られません"]


def test_a_state_without_exit_is_found() -> None:
    """Words from anywhere are no exit, and neither is something said in place."""
    rows = changed(lambda rows: rows.remove(R("finish", "hearing", "finishing")))

    assert "状態 hearing から出る行がありません" in found(*rows)


def test_a_circle_that_never_ends_is_found() -> None:
    """Every state has an exit, and still nobody gets to the end."""
    circle = [R("go", "hearing", "walking"), R("go", "walking", "hearing")]
    rows = changed(lambda rows: rows.__setitem__(slice(4, 5), circle))
    rows.append(R("finish", "asking", "finishing"))

    assert [what for what in found(*rows) if "まで進めません" in what] == [
        "状態 choosing からは、finishing まで進めません",
        "状態 hearing からは、finishing まで進めません",
        "状態 walking からは、finishing まで進めません",
    ]


@pytest.mark.parametrize(
    ("shadow", "name"),
    [
        (R("begin", "asking", "hearing", is_old), "begin: asking → hearing（is_old）"),
        (R("begin", "asking", "choosing"), "begin: asking → choosing"),
    ],
    ids=["behind the else", "a second else"],
)
def test_a_row_behind_the_else_is_found(shadow: R, name: str) -> None:
    """The first row that fits is taken, so nothing after one without a guard ever is."""
    rows = changed(lambda rows: rows.insert(2, shadow))

    assert found(*rows) == [f"{name} は、上の行が先に当たるので決して通りません"]


def test_a_guard_asked_twice_is_found() -> None:
    """It has said no already."""
    rows = changed(lambda rows: rows.insert(1, R("begin", "asking", "hearing", is_tall)))

    assert found(*rows) == [
        "begin: asking → hearing（is_tall） は、上の行が先に当たるので決して通りません"
    ]


def test_a_row_from_anywhere_shadows_those_below_it() -> None:
    """`*` stands for every state there is."""
    rows = changed(lambda rows: rows.append(R("review", "asking", "choosing")))

    assert "review: asking → choosing は、上の行が先に当たるので決して通りません" in found(*rows)


def test_a_fork_without_an_else_is_found() -> None:
    """Somebody neither tall nor old would press a button, and nothing would happen."""
    rows = changed(lambda rows: rows.__setitem__(1, R("begin", "asking", "hearing", is_old)))

    assert found(*rows) == [
        "begin: asking の行がどれも条件つきで、どれにも当たらない人が進めません"
    ]


def test_a_trigger_nobody_can_cause_is_found() -> None:
    """No button of that state stands for it, in any service."""
    missing = EVERY_BUTTON - {("choosing", "choose")}

    assert found(*SOUND, offered=missing) == [
        "choose: choosing → hearing を起こすボタンも言葉もありません"
    ]


def test_a_finding_names_its_row_and_how_to_mend_it() -> None:
    """The number is the row's own, so that a line of the file can be shown."""
    rows = changed(lambda rows: rows.insert(2, R("begin", "asking", "choosing")))
    [finding] = findings(Table("asking", rows), EVERY_BUTTON)

    assert finding == Finding(
        2,
        "begin: asking → choosing は、上の行が先に当たるので決して通りません",
        "条件のない行より上に移すか、消してください",
    )


@pytest.fixture(scope="module")
def buttons() -> set[tuple[str, str]]:
    """Every button of every state in the shipped content."""
    catalog: Catalog = load()
    return {
        (choice.press.state, choice.press.trigger)
        for slug in catalog.services
        for arrival in arrivals(catalog, slug, NOON)
        for choice in presses(arrival.says)
    }


def test_nothing_is_found_in_the_flow_itself(buttons: set[tuple[str, str]]) -> None:
    """With the buttons the shipped content leads to."""
    assert findings(TABLE, buttons) == []


def test_an_exit_taken_out_of_the_flow_is_found(buttons: set[tuple[str, str]]) -> None:
    """The same rules, on the real table without the way on from the losses."""
    rows = [
        row for row in TABLE.rows if (row.source, row.trigger) != ("reviewing_losses", "proceed")
    ]

    what = [finding.what for finding in findings(Table(TABLE.initial, rows), buttons)]

    assert "状態 reviewing_losses から出る行がありません" in what
    assert "状態 following_steps には、どこからも来られません" in what
