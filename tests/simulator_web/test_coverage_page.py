"""The coverage report in a real browser: opened from a disk, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, ViewportSize, expect

from bot.simulator.coverage.figures import Coverage
from bot.simulator.coverage.page import whole
from bot.simulator.coverage.reach import reach
from bot.simulator.coverage.report import Report
from bot.simulator.coverage.seen import Kind, Seen, Thing
from bot.simulator.coverage.suggested import Suggested
from content.catalog import load

from .conftest import PHONE, WIDE

pytestmark = pytest.mark.browser

ONLY_CRAWLED = Thing(Kind.FACT, "careertrek", "closed_reported")
NEVER = Thing(Kind.FACT, "careertrek", "unknown_contacts")
TALK = Suggested(
    "tests/talks/careertrek/new.talk.yaml", "talk: <新しい> & 会話\n", frozenset({NEVER})
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of the real content: one fact was only crawled, one told to nobody."""
    catalog = load()
    every = reach(catalog)
    told = {thing: way for thing, way in every.ways.items() if thing not in (ONLY_CRAWLED, NEVER)}
    crawled = {thing: way for thing, way in every.ways.items() if thing != NEVER}
    coverage = Coverage(catalog, {"tests/talks/all.talk.yaml": Seen(told)}, Seen(crawled), every)
    path = tmp_path_factory.mktemp("report") / "coverage.html"
    path.write_text(whole(Report(coverage, [TALK], [])), encoding="utf-8")
    return path


@pytest.fixture
async def page(context: BrowserContext, file: Path) -> AsyncIterator[Page]:
    """The report, which must neither complain nor ask for anything."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("request", lambda asked: complaints.append(asked.url))
    await page.goto(file.as_uri())
    yield page
    assert complaints == [file.as_uri()]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
async def test_the_page_is_no_wider_than_the_screen(page: Page, size: ViewportSize) -> None:
    """With everything opened; the table of inputs alone scrolls, within itself."""
    await page.set_viewport_size(size)
    await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")

    assert await page.evaluate("document.documentElement.scrollWidth") == size["width"]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
async def test_no_rule_of_accessibility_is_broken(page: Page, size: ViewportSize) -> None:
    """axe-core finds nothing, with a service's facts and a talk opened."""
    await page.set_viewport_size(size)
    # The services' tables are of one make, thousands of cells each: those of one are looked at.
    await page.evaluate(
        "document.querySelectorAll('#states ~ section:not(#careertrek)').forEach(x => x.remove())"
    )
    for part in ("#gaps", "#careertrek"):
        await page.locator(f"{part} summary").first.click()

    results = await Axe().run(page)

    assert results.response["passes"]
    assert [rule["id"] for rule in results.response["violations"]] == []


async def test_the_verdict_and_the_place_to_mend_come_first(page: Page) -> None:
    """Whoever opens it sees at once what fails and where."""
    await expect(page.get_by_text("✕ 誤り 1 件")).to_be_in_viewport()
    error = page.locator(".errors li")
    await expect(error).to_have_count(1)
    await expect(error).to_contain_text("content/services/careertrek.yaml:")
    await expect(error).to_contain_text(TALK.file)


async def test_a_talk_to_paste_is_shown_as_it_will_be_saved(page: Page) -> None:
    """Letter by letter, whatever is in it, once it is opened."""
    summary = page.locator("#gaps summary", has_text=TALK.file)
    await summary.focus()
    await page.keyboard.press("Enter")

    assert await page.locator("#gaps pre").first.text_content() == TALK.yaml


@pytest.mark.parametrize(
    ("fact", "by"),
    [
        ("account_gone", "● 会話テスト"),
        ("closed_reported", "◐ クロールだけ"),
        ("unknown_contacts", "○ なし"),
    ],
)
async def test_who_told_a_fact_is_said_in_words(page: Page, fact: str, by: str) -> None:
    """Not by colour alone, beside its place, its state and the way to it."""
    await page.locator("#careertrek summary", has_text="事実").click()
    row = page.locator("#careertrek tr").filter(has=page.get_by_text(fact, exact=True))

    await expect(row).to_contain_text(by)
    await expect(row).to_contain_text("content/services/careertrek.yaml:")


async def test_on_a_phone_every_figure_stands_beside_its_name(page: Page) -> None:
    """The head of the table is not seen there."""
    await page.set_viewport_size(PHONE)
    head = (
        await page.locator(".figures tbody tr")
        .first.locator("td")
        .nth(1)
        .evaluate("(cell) => getComputedStyle(cell, '::before').content")
    )

    assert "会話テスト" in head


async def test_the_contents_lead_to_every_service(page: Page) -> None:
    """By a link that works from a file."""
    await page.get_by_role("navigation").get_by_role("link", name="薬キャリ").click()

    await expect(page.locator("#yakukyari h2")).to_be_in_viewport()
