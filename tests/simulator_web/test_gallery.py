"""The gallery, the script and the report of differences in a real browser, from a disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.simulator.difference.compare import differences
from bot.simulator.difference.page import difference_page
from bot.simulator.gallery.command import write_script
from bot.simulator.gallery.listing import listing
from bot.simulator.gallery.page import gallery
from bot.simulator.inspector.sources import Sources
from content.catalog import Catalog, load, survey
from tests.content.folder import shipped

from .conftest import REPORT_VIOLATIONS

pytestmark = pytest.mark.browser

LONG = "これはとても長くて上限の二十文字を超えるボタンです"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The content shipped with the bot."""
    return load()


@pytest.fixture(scope="module")
def pages(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each kind of page; one button's label is planted too long."""
    folder = tmp_path_factory.mktemp("pages")
    content = folder / "content"
    content.mkdir()
    spoiled = shipped(content)
    spoiled.swap("texts/withdrawal.yaml", "    deny: すぐの予定はない", f"    deny: {LONG}")
    changed, problems = survey(content)
    assert problems == []
    now = listing(changed, "yakukyari")
    made = gallery(now, Sources(changed), changed.version)
    (folder / "gallery.html").write_text(made, "utf-8")
    found = differences(listing(catalog, "yakukyari"), now)
    (folder / "diff.html").write_text(difference_page("違い", found), "utf-8")
    write_script(catalog, folder, "yakukyari")
    return folder


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A phone that must neither complain nor ask anybody for anything but the file itself."""
    context = await browser.new_context(viewport={"width": 375, "height": 812}, locale="ja-JP")
    context.set_default_timeout(10_000)
    await context.add_init_script(REPORT_VIOLATIONS)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: complaints.append(asked.url) if _is_foreign(asked.url) else None,
    )
    yield page
    await context.close()
    assert complaints == []


def _is_foreign(url: str) -> bool:
    return not url.startswith("file:") or not url.partition("#")[0].endswith(".html")


EVERY = ("gallery.html", "script-yakukyari.html", "diff.html")


@pytest.mark.parametrize("width", [320, 375, 1400])
@pytest.mark.parametrize("file", EVERY)
async def test_no_page_is_wider_than_its_screen(
    page: Page, pages: Path, file: str, width: int
) -> None:
    """One reads downwards only, on a phone as on a desk."""
    await page.set_viewport_size({"width": width, "height": 812})
    await page.goto((pages / file).as_uri())

    assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_link_leads_to_its_message(page: Page, pages: Path) -> None:
    """What was sent to somebody opens where it was meant to."""
    await page.goto(f"{(pages / 'gallery.html').as_uri()}#yakukyari.steps")

    await expect(page.locator("[id='yakukyari.steps'] h4")).to_be_in_viewport()


async def test_the_width_is_chosen_without_a_script(page: Page, pages: Path) -> None:
    """By a finger or the arrow keys; each message is then as wide as it says."""
    await page.set_viewport_size({"width": 1400, "height": 900})
    await page.goto(f"{(pages / 'gallery.html').as_uri()}#yakukyari.steps")
    entry = page.locator("[id='yakukyari.steps']")
    for width in (320, 375, 414):
        box = await entry.locator(f".w{width} .screen").bounding_box()
        assert box is not None
        assert box["width"] == width

    await page.get_by_role("radio", name="375 px").check()
    await expect(entry.locator(".w375")).to_be_visible()
    await expect(entry.locator(".w320")).to_be_hidden()
    await page.keyboard.press("ArrowLeft")
    await expect(entry.locator(".w320")).to_be_visible()
    await expect(entry.locator(".w375")).to_be_hidden()


async def test_a_planted_long_label_is_seen_at_once(page: Page, pages: Path) -> None:
    """At the top of the page, with a link to the message in which it stands."""
    await page.goto((pages / "gallery.html").as_uri())
    over = page.locator(".look-at")
    await expect(over).to_contain_text(f"返信の候補の言葉 {len(LONG)}/20文字")

    await over.get_by_role("link", name="yakukyari.checking_interview", exact=True).first.click()

    entry = page.locator("[id='yakukyari.checking_interview']")
    meter = entry.locator(".is-over").first
    await expect(meter).to_be_in_viewport()
    await expect(meter).to_contain_text("✕ 5文字多い")


async def test_no_letter_of_a_card_is_cut_off(page: Page, pages: Path) -> None:
    """Neither by the edge of the narrowest screen nor by a row that one cannot push here."""
    await page.set_viewport_size({"width": 1400, "height": 900})
    await page.goto((pages / "gallery.html").as_uri())
    cut = await page.evaluate(
        """() => [...document.querySelectorAll(".w320 .screen")].flatMap((screen) => {
            const edge = screen.getBoundingClientRect().right;
            return [...screen.querySelectorAll(".fx-text, .bubble, .fx-label")]
              .filter((text) => text.getBoundingClientRect().right > edge
                || text.scrollWidth > text.clientWidth + 1)
              .map((text) => text.textContent.slice(0, 30));
        })"""
    )

    assert cut == []


@pytest.mark.parametrize("file", EVERY)
async def test_axe_finds_nothing_to_mend(page: Page, pages: Path, file: str) -> None:
    """WCAG 2.2 A and AA and the best practices: contrast, headings, landmarks, names."""
    await page.goto((pages / file).as_uri())
    # The same few dozen kinds of entries, hundreds of times: the first of them are looked at.
    await page.evaluate(
        "document.querySelectorAll('main section > :nth-child(n+12)').forEach(x => x.remove())"
    )
    await page.evaluate(
        "document.querySelectorAll('main > section:nth-of-type(n+6)').forEach(x => x.remove())"
    )

    results = await Axe().run(page)

    assert results.response["passes"]
    assert [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ] == []
