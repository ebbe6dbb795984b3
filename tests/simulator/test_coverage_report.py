"""The report as it is written: JSON of one shape, text to read, a page, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.simulator.coverage.as_json import as_json
from bot.simulator.coverage.figures import Coverage
from bot.simulator.coverage.files import reported
from bot.simulator.coverage.held import ROOT, TalksHeld, held
from bot.simulator.coverage.page import whole as page
from bot.simulator.coverage.reach import reach
from bot.simulator.coverage.report import Report, report
from bot.simulator.coverage.seen import Kind, Seen
from bot.simulator.coverage.text import summary
from bot.simulator.coverage.text import whole as text
from bot.simulator.explore.explored import Explored
from content.catalog import Catalog
from flows.withdrawal import TABLE
from tests.simulator.coverage import FILES, SLUG, small

REST = f"tests/talks/{SLUG}/rest.talk.yaml"
NEVER, CRAWLED = "unknown_contacts", "look_for_running"


@pytest.fixture(scope="module")
def content(catalog: Catalog) -> Catalog:
    """Two services."""
    return small(catalog)


@pytest.fixture(scope="module")
def everything(content: Catalog) -> Seen:
    """What is seen by who presses every button and sends everything."""
    return reach(content)


@pytest.fixture(scope="module")
def talks(content: Catalog, everything: Seen) -> TalksHeld:
    """Two talks that were held, and one as if it had shown the rest but for two facts."""
    talks = held(FILES[:2], ROOT, content)
    talks.seen[REST] = without(everything, NEVER, CRAWLED)
    return talks


@pytest.fixture(scope="module")
def made(content: Catalog, talks: TalksHeld, everything: Seen) -> Report:
    """The report of these talks and a crawl that saw all there is, but for one fact."""
    return report(Coverage(content, talks.seen, without(everything, NEVER)), ["他の誤り"])


def without(seen: Seen, *facts: str) -> Seen:
    """*seen* but for *facts*, by their keys."""
    return Seen({thing: way for thing, way in seen.ways.items() if thing.what not in facts})


def test_the_json_keeps_its_shape(made: Report) -> None:
    """Machines rely on these names; whoever changes them raises the version."""
    told = json.loads(json.dumps(as_json(made)))

    assert told["version"] == 1
    assert list(told) == ["version", "content", "errors", "measures", "transitions", "states",
                          "services", "gaps", "talks"]  # fmt: skip
    assert list(told["measures"]) == ["states", "transitions", "guards", "facts", "letters",
                                      "messages", "buttons", "inputs"]  # fmt: skip
    assert set(told["transitions"][0]) == {"row", "place", "trigger", "source", "dest", "guard",
                                           "by", "unreachable", "services", "talks"}  # fmt: skip
    assert set(told["states"][0]) == {"state", "name", "by", "inputs"}
    assert set(told["services"][0]) == {"service", "name", "facts", "letters", "messages",
                                        "buttons"}  # fmt: skip
    assert set(told["services"][0]["facts"][0]) == {"id", "place", "by", "state", "path", "talks"}
    assert set(told["gaps"][0]) == {"kind", "service", "id", "place", "by", "path", "talk"}
    assert set(told["talks"][0]) == {"file", "yaml"}


def test_the_figures_add_up(made: Report) -> None:
    """Every thing is seen by talks, by the crawl only, or by nobody; every row is there."""
    told = as_json(made)

    for figures in told["measures"].values():
        parts = figures["by_talks"] + figures["by_crawl_only"] + figures["by_nobody"]
        assert parts == figures["every"]
    assert [row["row"] for row in told["transitions"]] == list(range(len(TABLE.rows)))
    assert told["measures"]["facts"]["by_nobody"] == 1


def test_a_fact_says_on_which_path_it_was_told_and_by_which_talks(made: Report) -> None:
    """Labels of buttons, as a person pressed them."""
    services = {service["service"]: service for service in as_json(made)["services"]}
    facts = {fact["id"]: fact for fact in services[SLUG]["facts"]}

    assert facts["account_gone"]["by"] == "talk"
    names = [file.relative_to(ROOT).as_posix() for file in FILES[:2]]
    assert facts["account_gone"]["talks"] == [*names, REST]
    assert facts["account_gone"]["state"] == "reviewing_losses"
    assert facts["account_gone"]["path"][:2] == ["キャリトレ", "ない"]
    assert facts[CRAWLED]["by"] == "crawl"
    assert facts[CRAWLED]["path"] == ["キャリトレ", "わからない"]
    assert (facts[NEVER]["by"], facts[NEVER]["path"]) == ("nobody", None)


def test_the_error_names_the_place_and_the_talk_that_mends_it(made: Report) -> None:
    """And what went wrong on the way is told with it."""
    missing, other = made.errors()
    file = f"tests/talks/{SLUG}/{NEVER}.talk.yaml"

    assert missing.startswith(f"content/services/{SLUG}.yaml:")
    assert f"事実「{SLUG}.{NEVER}」を、会話テストもクロールも通っていません" in missing
    assert file in missing
    assert other == "他の誤り"
    assert f"# {file}" in text(made)
    assert next(talk.yaml for talk in made.talks if talk.file == file).rstrip() in text(made)


def test_the_talk_that_is_needed_comes_before_a_shorter_one_that_is_not(made: Report) -> None:
    """What only the crawl showed can wait."""
    first, second = made.talks

    assert {thing.what for thing in first.closes} == {NEVER}
    assert {thing.what for thing in second.closes} == {CRAWLED}
    assert len(second.yaml) < len(first.yaml)


def test_the_columns_of_the_text_stand_under_one_another(made: Report) -> None:
    """Though some letters are twice as wide as others."""
    lines = list(summary(made))[: len(Kind) + 1]

    assert len({cell_len(line) for line in lines}) == 1


def test_the_page_carries_everything_and_runs_nothing(made: Report) -> None:
    """One file: the style inside, no script, nothing to load."""
    html = page(made)

    assert "default-src 'none'" in html
    assert "<script" not in html
    assert " style=" not in html
    assert "http" not in html.replace("http-equiv", "")
    for service in made.coverage.catalog.services.values():
        assert f"<h2>{service.name}</h2>" in html
    assert "✕ 誤り 2 件" in html


def test_all_seen_is_success_and_writes_three_files(
    content: Catalog,
    talks: TalksHeld,
    everything: Seen,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The crawl saw everything here."""
    explored = Explored()
    explored.seen = without(everything)

    code = reported(content, explored, [talks], tmp_path / "new")

    assert code == 0
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == [
        "coverage.html", "coverage.json", "coverage.txt"]  # fmt: skip
    assert "誤り 0" in capsys.readouterr().out


def test_less_than_all_is_a_failure(content: Catalog, talks: TalksHeld) -> None:
    """Without the crawl two facts were told to nobody."""
    assert reported(content, Explored(), [talks], None) == 1


def test_a_broken_promise_of_the_crawl_is_a_failure_told_once(
    content: Catalog, talks: TalksHeld, everything: Seen, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though everything was seen; the figures of the walk before it name no fault."""
    explored = Explored()
    explored.seen = without(everything)
    explored.fault("行き止まりです")

    assert reported(content, explored, [talks], None) == 1
    lines = [*explored.report(content), *capsys.readouterr().out.splitlines()]
    assert lines.count("  行き止まりです") == 1
