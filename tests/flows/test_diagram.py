"""The picture of the flow, drawn from the table."""

from __future__ import annotations

import re

from content.catalog import Catalog
from flows.diagram import mermaid
from flows.machine import ANYWHERE, SAME
from flows.withdrawal import TABLE

_STATE = re.compile(r"    (\w+) : (.+)\\n(\w+)")
_ARROW = re.compile(r"    (\w+|\[\*\]) --> (\w+|\[\*\])(?: : (.+))?")
_NOTE = re.compile(r"    note right of \w+|        .+|    end note")


def test_every_line_is_one_mermaid_can_read(catalog: Catalog) -> None:
    """A state with its name, an arrow, or the note; nothing else, and nothing left open."""
    first, *lines = mermaid(catalog).splitlines()

    assert first == "stateDiagram-v2"
    for line in lines:
        assert _STATE.fullmatch(line) or _ARROW.fullmatch(line) or _NOTE.fullmatch(line), line
    assert sum(line.startswith("    note") for line in lines) == lines.count("    end note")


def test_every_state_is_drawn_with_the_name_people_know(catalog: Catalog) -> None:
    """By its name in the table and by what the content calls it."""
    drawn = {state: (name, again) for state, name, again in _STATE.findall(mermaid(catalog))}

    assert set(drawn) == set(TABLE.states)
    for state, names in drawn.items():
        assert names == (catalog.texts[state].name, state)


def test_every_way_is_an_arrow_between_drawn_states(catalog: Catalog) -> None:
    """One arrow for each pair of states, carrying its triggers and guards."""
    picture = mermaid(catalog)
    arrows = {(source, dest): label for source, dest, label in _ARROW.findall(picture)}
    rows = [row for row in TABLE.rows if row.source != ANYWHERE and row.dest != SAME]

    inner = {pair for pair in arrows if "[*]" not in pair}
    assert inner == {(row.source, row.dest) for row in rows}
    for row in rows:
        ways = arrows[row.source, row.dest].split(" / ")
        assert row.trigger + (f" [{row.guard.__name__}]" if row.guard else "") in ways
    assert arrows["[*]", TABLE.initial] == ""


def test_ways_from_anywhere_are_in_the_note(catalog: Catalog) -> None:
    """Arrows from every state to two others would hide everything else."""
    note = mermaid(catalog).split("note right of")[1]

    for row in TABLE.rows:
        assert (f"いつでも {row.trigger} → {row.dest}" in note) is (row.source == ANYWHERE)


def test_the_picture_is_the_same_every_time(invented: Catalog) -> None:
    """It stands in the README, so it must not shuffle."""
    assert mermaid(invented) == mermaid(invented)
    assert mermaid(invented).endswith("end note\n")
