"""The script has every screen, every letter whole, and every choice leads where it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.simulator.gallery.asides import BY_DAY
from bot.simulator.gallery.command import UNUSABLE, script_text, write_script
from bot.simulator.gallery.script import Screen, script
from content.catalog import Catalog
from flows.coverage import arrivals
from tests.simulator_web.markup import read


@pytest.fixture(scope="module")
def screens(catalog: Catalog) -> list[Screen]:
    """The script of one shipped service."""
    return script(catalog, "yakukyari")


def test_every_state_and_message_of_the_walk_is_on_a_screen(
    catalog: Catalog, screens: list[Screen]
) -> None:
    """What is not in the script, nobody reviews."""
    walked = list(arrivals(catalog, "yakukyari", BY_DAY))
    said = {say.text for arrival in walked for say in arrival.says if ":" in say.id and say.text}
    shown = {part.words for screen in screens for part in screen.parts}

    assert {arrival.state for arrival in walked} == {screen.state for screen in screens}
    assert said - shown == set()


def test_screens_are_numbered_in_the_order_of_their_distance(screens: list[Screen]) -> None:
    """Breadth first; what leads to a look-alike begins again after them."""
    first = next(number for number, screen in enumerate(screens) if screen.path[0] != "薬キャリ")
    lengths = [len(screen.path) for screen in screens[:first]]

    assert [screen.number for screen in screens] == list(range(1, len(screens) + 1))
    assert lengths == sorted(lengths)


def test_each_choice_leads_to_the_screen_it_names(screens: list[Screen]) -> None:
    """Along the path of every screen, each label leads to the next one."""
    for screen in screens:
        if len(screen.path) > 1:
            *before, label = screen.path
            assert any(
                screen.number in way.to
                for other in screens
                if other.path == tuple(before)
                for way in other.ways
                if way.label == label
            ) or not any(other.path == tuple(before) for other in screens), screen.path
    assert {way.label: way.to for way in screens[0].ways}["ない"] == (2,)


def test_a_way_that_leads_nowhere_says_what_it_does(screens: list[Screen]) -> None:
    """Going back, copying, calling, another service."""
    does = {way.label: way.does for screen in screens for way in screen.ways if not way.to}

    assert does["戻る"] == "一つ前へ"
    assert does["文面をコピー"].startswith("コピー（")
    assert "" not in does.values()


def test_facts_stand_beside_their_lines(catalog: Catalog) -> None:
    """On paper, each fact names the file, the line and the line of the article."""
    text = script_text(catalog, "yakukyari")
    line = catalog.documents["services/yakukyari.yaml"].line(("facts", "points_vanish"))

    assert f"└ content/services/yakukyari.yaml:{line} 記事の " in text


def test_the_text_is_the_same_each_time(catalog: Catalog) -> None:
    """Two of them can be compared: no time, no order that changes."""
    assert script_text(catalog, "careertrek") == script_text(catalog, "careertrek")


def test_the_page_to_print_holds_what_the_text_holds(catalog: Catalog, tmp_path: Path) -> None:
    """Every screen and every letter; links lead from choice to screen."""
    seen = read(write_script(catalog, tmp_path, "yakukyari").read_text("utf-8"))
    screens = script(catalog, "yakukyari")

    assert seen.is_balanced
    assert {f"screen-{screen.number}" for screen in screens} <= set(seen.all("id"))
    assert {link[1:] for link in seen.all("href")} - set(seen.all("id")) == set()
    for screen in screens:
        for part in screen.parts:
            assert part.words in seen.text


def test_the_command_writes_pages_and_prints_text(tmp_path: Path) -> None:
    """`--text` needs `--script`, and writes no file."""
    out = ["gallery", str(tmp_path)]
    text = CliRunner().invoke(main, [*out, "--script", "careertrek", "--text"])
    assert text.exit_code == 0
    assert text.stdout.startswith("退会ナビの台本：キャリトレ\n")
    assert list(tmp_path.iterdir()) == []

    alone = CliRunner().invoke(main, [*out, "--text"])
    assert alone.exit_code == UNUSABLE
    assert "--script" in alone.stderr

    page = CliRunner().invoke(main, [*out, "--script", "careertrek"])
    assert page.stdout.strip() == str(tmp_path / "script-careertrek.html")
