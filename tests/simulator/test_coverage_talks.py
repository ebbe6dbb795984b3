"""The talks that coverage suggests: held, short, and good to be saved as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.simulator.coverage.held import held
from bot.simulator.coverage.reach import reach
from bot.simulator.coverage.seen import Kind, Thing, Way
from bot.simulator.coverage.suggested import Suggested, suggested
from content.catalog import Catalog
from flows.conversation import Pressed
from tests.simulator.coverage import SLUG, small

OFTEN = 9
"""Of so many suggested talks one is held again."""


@pytest.fixture(scope="module")
def content(catalog: Catalog) -> Catalog:
    """Two services."""
    return small(catalog)


@pytest.fixture(scope="module")
def ways(content: Catalog) -> Mapping[Thing, Way]:
    """The shortest way to every row and fact of one of them."""
    return {
        thing: way
        for thing, way in reach(content).ways.items()
        if thing.kind in (Kind.ROW, Kind.FACT) and thing.service == SLUG and way is not None
    }


@pytest.fixture(scope="module")
def talks(content: Catalog, ways: Mapping[Thing, Way]) -> list[Suggested]:
    """A talk for each gap, as if there were none yet."""
    return suggested(content, ways, ())


def test_every_gap_that_can_be_pressed_to_gets_a_talk_of_its_own_name(
    ways: Mapping[Thing, Way], talks: list[Suggested]
) -> None:
    """Each is closed once, and no two talks would be saved over one another."""
    closed = [thing for talk in talks for thing in talk.closes]

    assert sorted(closed) == sorted(ways)
    assert len({talk.file for talk in talks}) == len(talks)
    assert all(talk.file.startswith(f"tests/talks/{SLUG}/") for talk in talks)


def test_a_talk_is_no_longer_than_the_shortest_way_to_what_it_closes(
    ways: Mapping[Thing, Way], talks: list[Suggested]
) -> None:
    """Deeds are counted: the friend is added first, the rest is the way."""
    for talk in talks:
        deeds = sum(talk.yaml.count(f"\n  - {deed}:") for deed in ("tap", "say", "send"))
        assert deeds <= min(ways[thing].length for thing in talk.closes), talk.yaml


def test_a_suggested_talk_passes_and_shows_what_it_promised(
    content: Catalog, talks: list[Suggested], tmp_path: Path
) -> None:
    """Saved under its name and held like any other."""
    for talk in talks[::OFTEN]:
        file = tmp_path / talk.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(talk.yaml, encoding="utf-8")

    again = held(sorted(tmp_path.rglob("*.yaml")), tmp_path, content)

    assert again.failed == []
    for talk in talks[::OFTEN]:
        assert talk.closes <= again.seen[talk.file].ways.keys()


def test_a_name_that_is_taken_is_not_suggested(content: Catalog, ways: Mapping[Thing, Way]) -> None:
    """A talk of that name would be overwritten."""
    thing = Thing(Kind.FACT, SLUG, "closed_reported")
    free = suggested(content, {thing: ways[thing]}, ())[0].file

    assert suggested(content, {thing: ways[thing]}, {free})[0].file == free.replace(".", "_2.", 1)


def test_a_way_that_began_with_an_old_button_gets_no_talk(content: Catalog) -> None:
    """Nobody can tap it on the latest answer; a person has to write that talk."""
    thing = Thing(Kind.MESSAGE, "", "old_button_gone")
    old = Pressed(SLUG, "finishing", "choose_other")

    assert suggested(content, {thing: Way("", (), "", old, "choosing_service")}, ()) == []
