"""What people would read differently, message by message, with a way to each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.simulator.difference.compare import ServiceDifference, differences, reading, totals
from bot.simulator.difference.page import difference_page
from bot.simulator.difference.text import SAME, report
from bot.simulator.gallery.listing import Listing, listing
from content.catalog import survey
from tests.content.folder import Folder, spoken
from tests.simulator_web.markup import read


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Invented services that can be talked about."""
    return spoken(tmp_path / "content")


def said(folder: Folder) -> Listing:
    """Every message of the content as it is now."""
    catalog, problems = survey(folder.path)
    assert problems == []
    return listing(catalog)


def of(found: list[ServiceDifference], service: str) -> ServiceDifference:
    """What changed in one service."""
    return next(one for one in found if one.service == service)


def test_nothing_changed_is_no_difference(folder: Folder) -> None:
    """The same content twice, read twice."""
    assert differences(said(folder), said(folder)) == []
    assert SAME in report("題", [])


def test_what_nobody_reads_is_no_difference(folder: Folder) -> None:
    """A comment, a source's line: people meet the same messages."""
    before = said(folder)
    folder.add("services/alfa.yaml", "# a remark\n")

    assert differences(before, said(folder)) == []


def test_a_changed_fact_is_shown_with_its_way(folder: Folder) -> None:
    """The old and the new words, the shortest path by its labels, and in how many ways."""
    before = said(folder)
    told = before.of("alfa")[0]
    service = folder.read("services/alfa.yaml")
    folder.write("services/alfa.yaml", service.replace("about: ", "about: とても", 1))

    found = of(differences(before, said(folder)), "alfa")

    change = found.changes[0].first
    assert change.kind == "changed"
    assert change.met.id == told.id == "notice"
    assert [piece.text for piece in change.pieces if piece.kind == "added"] == ["とても"]
    assert change.met.path == (before.names["alfa"],)
    text = report("題", [found])
    assert "{+とても+}" in text
    assert f"道：{before.names['alfa']}（" in text


def test_the_same_change_in_many_messages_is_told_once(folder: Folder) -> None:
    """A button that stands everywhere: one change, and the names of the other messages."""
    before = said(folder)
    folder.swap("phrases.yaml", "back: 戻る\n", "back: 一つ戻る\n")

    found = differences(before, said(folder))

    alfa = of(found, "alfa")
    assert len(alfa.changes) < alfa.count("changed") / 3
    assert {label for _, label in alfa.buttons_added} == {"一つ戻る"}
    assert {label for _, label in alfa.buttons_gone} == {"戻る"}
    assert (alfa.facts_added, alfa.facts_gone, alfa.moved) == ((), (), ())
    assert "件も同じ変化：" in report("題", found)
    assert totals(found)["added"] == totals(found)["gone"] == 0


def test_a_service_that_came_is_all_new(folder: Folder) -> None:
    """Every message of it was added, and every fact is told for the first time."""
    after = said(folder)
    before = Listing(
        {slug: name for slug, name in after.names.items() if slug != "bravo"},
        after.states,
        tuple(shown for shown in after.messages if shown.service != "bravo"),
    )

    came = of(differences(before, after), "bravo")
    went = of(differences(after, before), "bravo")

    assert (
        came.count("added")
        == went.count("gone")
        == len({(shown.id, reading(shown)) for shown in after.of("bravo")})
    )
    assert came.facts_added == went.facts_gone != ()
    assert "伝わらなくなった事実：bravo." in report("題", [went])


def test_a_fact_nobody_is_told_any_more_is_named(folder: Folder) -> None:
    """Whatever else changes, a fact must not get lost unseen."""
    after = said(folder)
    lost = next(fact for shown in after.of("alfa") for fact in shown.facts)
    kept = [shown for shown in after.messages if lost not in shown.facts]
    found = of(differences(after, Listing(after.names, after.states, tuple(kept))), "alfa")

    assert lost in found.facts_gone


def test_a_message_met_on_another_way_is_told(folder: Folder) -> None:
    """The same words after another question: nothing was reworded, and yet people meet it anew."""
    after = said(folder)
    first = after.of("alfa")[-1]
    earlier = replace(first, route=("elsewhere choose",), path=("別の道",))
    before = replace(after, messages=tuple(earlier if it is first else it for it in after.messages))
    found = of(differences(before, after), "alfa")

    assert [change.met for change in found.moved] == [first]
    assert found.changes == ()
    text = report("題", [found])
    assert "道が変わった 1：" in text
    assert f"別の道 → {' › '.join(first.path)}" in text


def test_a_number_behind_a_button_is_read_too(folder: Folder) -> None:
    """A call goes where its number says, whatever the label."""
    calls = [reading(shown) for shown in said(folder).messages if "tel:" in str(shown.json)]

    assert calls
    assert all("電話をかける tel:" in one for one in calls)


def test_the_page_strikes_out_and_underlines(folder: Folder) -> None:
    """Told apart by more than a colour; the same words as in the text; no script."""
    before = said(folder)
    folder.swap("phrases.yaml", "undone: 一つ前に戻りました。", "undone: 前の質問です。")
    found = differences(before, said(folder))

    html = difference_page("題", found, "ことわり")

    seen = read(html)
    assert "<del>" in html
    assert "<ins>" in html
    assert "※ことわり" in seen.text
    assert {tag for tag, _ in seen.tags} & {"script", "button"} == set()
    assert seen.is_balanced
