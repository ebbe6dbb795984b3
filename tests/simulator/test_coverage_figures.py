"""Talks and crawl compared: what was seen by which, what was not, and what never can be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.simulator.coverage.figures import By, Coverage
from bot.simulator.coverage.held import ROOT, TalksHeld, held
from bot.simulator.coverage.reach import reach
from bot.simulator.coverage.report import Report
from bot.simulator.coverage.seen import Kind, Seen, Thing
from content.catalog import HERE, Catalog, survey
from flows.coverage import every_fact
from flows.withdrawal import TABLE
from tests.simulator.coverage import FILES, SLUG, small


@pytest.fixture(scope="module")
def content(catalog: Catalog) -> Catalog:
    """Two services."""
    return small(catalog)


@pytest.fixture(scope="module")
def talks(content: Catalog) -> TalksHeld:
    """The talks of one of them, held with the real bot."""
    return held(FILES, ROOT, content)


@pytest.fixture(scope="module")
def everything(content: Catalog) -> Seen:
    """What is seen by who presses every button and sends everything."""
    return reach(content)


@pytest.fixture(scope="module")
def of_every_service(catalog: Catalog) -> Seen:
    """The same with every service there is: seconds of walking, so it is walked once."""
    return reach(catalog)


def row(trigger: str, source: str, dest: str) -> Thing:
    """The row that leads from *source* to *dest*."""
    number = next(
        number
        for number, row in enumerate(TABLE.rows)
        if (row.trigger, row.source, row.dest) == (trigger, source, dest)
    )
    return Thing(Kind.ROW, "", str(number))


def test_a_talk_taken_away_leaves_what_it_alone_showed_to_the_crawl(
    content: Catalog, talks: TalksHeld, everything: Seen
) -> None:
    """Facts and rows alike change from the talks' column to the crawl's."""
    whole = Coverage(content, talks.seen, everything, everything)
    name = f"tests/talks/{SLUG}/erase_unasked.talk.yaml"
    alone = [
        thing
        for kind in (Kind.FACT, Kind.ROW)
        for thing in whole.measures[kind].scripted
        if list(whole.shown_by(thing)) == [name]
    ]
    fewer = {file: seen for file, seen in talks.seen.items() if file != name}
    less = Coverage(content, fewer, everything, everything)

    assert talks.failed == []
    assert row("confirm", "checking_claim", "reviewing_losses") in alone
    assert {whole.by(thing) for thing in alone} == {By.TALK}
    assert {less.by(thing) for thing in alone} == {By.CRAWL}
    assert less.measures[Kind.ROW].percent == whole.measures[Kind.ROW].percent == 100


def test_what_neither_showed_fails_with_its_place_and_the_talk_to_save(
    content: Catalog, talks: TalksHeld, everything: Seen
) -> None:
    """Without a crawl the other service is told by nobody: each of its facts is an error."""
    coverage = Coverage(content, talks.seen, Seen(), everything)
    errors = list(Report(coverage, [], []).errors())

    named = [error for error in errors if "「other." in error]
    assert len(named) == sum(fact.startswith("other.") for fact in every_fact(content))
    assert all(error.startswith("content/services/other.yaml:") for error in named)
    assert any(error.startswith("flows/withdrawal.py:") for error in errors)
    assert not any(f"「{SLUG}." in error for error in errors)


def test_a_fact_that_no_path_shows_is_an_error_where_it_stands(tmp_path: Path) -> None:
    """One more fact at the end of a file, used nowhere."""
    folder = tmp_path / "content"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = folder / "services" / f"{SLUG}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = lines.index("facts:") + 1
    lines[at:at] = ["  idle:", "    text: どこにも出てこない事実です。", '    lines: "7"']
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    content = small(survey(folder)[0])
    seen = reach(content)

    errors = list(Report(Coverage(content, {}, seen, seen), [], []).errors())

    assert [error.split("。")[0] for error in errors] == [
        f"content/services/{SLUG}.yaml:{at + 1}: 事実「{SLUG}.idle」は、誰にも伝わりません"
        " → 見せる所（losses・topics など）に名前を書き足すか、消してください"
    ]


def test_a_guard_that_was_asked_but_only_ever_agreed_is_a_gap(
    content: Catalog, talks: TalksHeld, everything: Seen
) -> None:
    """Every talk here is of a service that rewards a found job: the guard never says no."""
    rewards = row("deny", "checking_selection", "checking_job_found").what
    coverage = Coverage(content, talks.seen, everything, everything)

    assert coverage.by(Thing(Kind.GUARD, "", rewards, "yes")) is By.TALK
    assert coverage.by(Thing(Kind.GUARD, "", rewards, "no")) is By.CRAWL
    assert Thing(Kind.GUARD, "", rewards, "no") in [gap.thing for gap in coverage.gaps]


def test_a_row_no_service_can_take_counts_for_nothing_and_says_why(
    content: Catalog, talks: TalksHeld, everything: Seen
) -> None:
    """The only method of one service, the balance of the other, and what follows from them."""
    coverage = Coverage(content, talks.seen, everything, everything)
    why = {
        (TABLE.rows[number].trigger, TABLE.rows[number].source, TABLE.rows[number].dest): reason
        for number, reason in coverage.unreachable.items()
    }

    assert not {thing.what for thing in coverage.measures[Kind.ROW].every} & {
        str(number) for number in coverage.unreachable
    }
    never = why["deny", "checking_reward", "considering_alternative"]
    assert "どのサービスでも成り立ちません" in never
    assert "ここではいつも成り立ちます" in why["deny", "checking_reward", "reviewing_losses"]


def test_with_every_service_nothing_but_known_rows_is_out_of_reach(
    catalog: Catalog, of_every_service: Seen
) -> None:
    """All states and facts can be reached, and each row that cannot has a reason."""
    coverage = Coverage(catalog, {}, of_every_service, of_every_service)

    assert not coverage.measures[Kind.STATE].missing
    assert not coverage.measures[Kind.FACT].missing
    assert len(coverage.unreachable) + len(coverage.measures[Kind.ROW].every) == len(TABLE.rows)
    assert all(coverage.unreachable.values())


def test_every_message_that_takes_more_than_a_press_is_one_of_the_phrases(
    catalog: Catalog, of_every_service: Seen
) -> None:
    """What is named here by hand is still there to be said."""
    by_hand = {thing.what for thing, way in of_every_service.ways.items() if way is None}

    assert by_hand <= catalog.phrases.keys()
