"""axe-core's rules for accessible pages, put to every view of the simulator in a real Chromium."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from .conftest import PHONE, WIDE, Running
from .handling import answered, befriend, desk, open_tab, phone, reply, turn, write

pytestmark = pytest.mark.browser


async def chat(page: Page) -> None:
    """The talk itself, with own messages, cards and quick replies."""
    await reply(page, "戻る")
    await answered(page, 3)


async def inspector(page: Page) -> None:
    """The newest turn, with everything in it opened."""
    await open_desk(page)
    for title in await turn(page, 2).locator(".raw summary").all():
        await title.click()


async def diagram(page: Page) -> None:
    """The live diagram and the list of what was not taken."""
    await open_desk(page)
    pane = await open_tab(page, "状態の図")
    await expect(pane.locator(".box.is-current")).to_be_visible()
    await pane.locator("#uncovered-title").click()


async def tools(page: Page) -> None:
    """Moves and faults."""
    await open_desk(page)
    await open_tab(page, "移動・故障")


async def script(page: Page) -> None:
    """The dialog that makes a talk, with its result."""
    await open_desk(page)
    await page.get_by_role("button", name="台本にする", exact=True).click()
    await page.get_by_label("題名").fill("見る")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="台本")).to_be_visible(timeout=20_000)


async def pair(page: Page) -> None:
    """Two people: side by side where there is room, in tabs where there is not."""
    await open_desk(page)
    heading = desk(page).get_by_role("heading", level=2)
    alone = await heading.inner_text()
    await page.get_by_role("button", name="もう一人に分ける").click()
    await expect(heading).not_to_have_text(alone)
    await expect(turn(page, 2)).to_be_attached()


async def stranger(page: Page) -> None:
    """The first screen of somebody new."""
    await page.goto(page.url.partition("?")[0])
    await expect(page.get_by_role("button", name="友だち追加")).to_be_visible()


VIEWS = (chat, inspector, diagram, tools, script, pair, stranger)


async def open_desk(page: Page) -> None:
    """Open the desk, where it does not stand beside the phone."""
    opener = phone(page).get_by_role("button", name="シミュレーターの操作と記録")
    if await opener.is_visible():
        await opener.click()


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["390", "1400"])
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
async def test_axe_finds_nothing_to_mend(
    staff: Page, real: Running, view: Callable[[Page], Awaitable[None]], size: ViewportSize
) -> None:
    """No violation of any of its rules (WCAG 2.2 A and AA, and its best practices)."""
    await staff.emulate_media(reduced_motion="reduce")
    await staff.set_viewport_size(size)
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await answered(staff, 2)
    await view(staff)
    results = await Axe().run(staff)
    found = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in results.response["violations"]
        for node in rule["nodes"]
    ]
    assert found == []


async def test_axe_is_awake(staff: Page, real: Running) -> None:
    """Without this, the tests above could be green because nothing was looked at."""
    await befriend(staff, real)
    await staff.evaluate("document.querySelector('#undo').textContent = ''")
    results = await Axe().run(staff)
    assert [rule["id"] for rule in results.response["violations"]] == ["button-name"]
