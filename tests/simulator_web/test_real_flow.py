"""The real bot on the real page: from the first screen to the letter on the clipboard."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, expect

from .conftest import Running, watch
from .handling import befriend, bots, chips, mine, talk, write

pytestmark = pytest.mark.browser

LONGEST_WAY = 11
"""Taps from a service's name to its ready-made message, as the product promises."""


async def test_tapping_on_leads_from_a_misspelt_name_to_the_letter(
    context: BrowserContext, real: Running
) -> None:
    """Whoever always taps the first answer holds the letter soon, and it is the one shown."""
    page = await context.new_page()
    complaints = watch(page, real.url)
    somebody = await befriend(page, real)
    await write(page, "やくきゃり")
    copy = talk(page).get_by_role("button", name="文面をコピー")
    for said in range(1, LONGEST_WAY + 2):
        await expect(mine(page)).to_have_count(said)
        await expect(mine(page).last).to_contain_text("既読")
        if await copy.count():
            break
        on_the_card = bots(page).last.locator("[data-action*='postback']")
        await (on_the_card if await on_the_card.count() else chips(page)).first.click()
    await copy.last.click()
    await expect(page.locator("#toast")).to_contain_text("コピーしました")
    copied = await page.evaluate("navigator.clipboard.readText()")
    shown = [message.text for message in somebody.seen if message.kind == "text"]
    assert copied in shown
    assert "退会" in copied
    await expect(bots(page).filter(has_text="表示できない")).to_have_count(0)
    assert complaints() == []
