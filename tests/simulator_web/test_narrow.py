"""The phone at 200 % zoom, without motion, and in colours the reader chose."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from .conftest import Running
from .handling import befriend, bots, field, mine, phone, reply, talk, typing, write

pytestmark = pytest.mark.browser

ZOOMED: ViewportSize = {"width": 195, "height": 422}
"""390 x 844 at 200 %."""


async def test_at_200_percent_nothing_is_lost_or_cut_off(staff: Page, real: Running) -> None:
    """WCAG 1.4.10: one direction to scroll in, every part in sight, what is typed readable."""
    await staff.set_viewport_size(ZOOMED)
    await befriend(staff, real)
    await write(staff, "薬キャリ")
    await expect(mine(staff)).to_have_count(1)
    await expect(typing(staff)).to_be_hidden()

    assert await staff.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in (".top-name", ".words", ".tool-send", ".send-image", ".keyboard-toggle"):
        await expect(phone(staff).locator(part)).to_be_in_viewport(ratio=0.99)
    name = await phone(staff).locator(".top-name").bounding_box()
    typed = await field(staff).bounding_box()
    assert name is not None
    assert typed is not None
    assert name["height"] < 30  # one line
    assert typed["width"] > 80
    assert typed["height"] < 60
    for entry in await bots(staff).locator(".message").all():
        box = await entry.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= ZOOMED["width"]
    results = await Axe().run(staff)
    assert [rule["id"] for rule in results.response["violations"]] == []


async def test_the_screen_stays_in_place_when_something_in_it_is_scrolled_to(
    page: Page, running: Running
) -> None:
    """Only the talk moves: a phone whose top slid away looks broken and cannot be put right."""
    await befriend(page, running)
    for _ in range(3):
        await reply(page, "戻る")
        await expect(typing(page)).to_be_hidden()
    await bots(page).first.evaluate("(entry) => entry.scrollIntoView()")
    await bots(page).last.evaluate("(entry) => entry.scrollIntoView()")
    assert await phone(page).evaluate("(phone) => phone.scrollTop") == 0
    await expect(phone(page).locator(".top")).to_be_in_viewport(ratio=0.99)


async def test_nothing_moves_for_who_asked_for_less_motion(page: Page, running: Running) -> None:
    """The dots stand still and a new message is simply there."""
    await page.emulate_media(reduced_motion="reduce")
    await befriend(page, running)
    await reply(page, "カードを見る")
    await expect(talk(page).get_by_text("電話で退会する")).to_be_visible()
    moving = (
        "() => document.getAnimations().map((each) => each.animationName ?? each.constructor.name)"
    )
    assert await page.evaluate(moving) == []


async def test_buttons_keep_an_edge_in_forced_colours(page: Page, running: Running) -> None:
    """Windows' contrast themes drop every ground: a button must not become bare words."""
    await page.emulate_media(forced_colors="active")
    await befriend(page, running)
    await reply(page, "カードを見る")
    button = talk(page).get_by_role("button", name="電話をかける")
    await expect(button).to_be_visible()
    border = "(part) => parseFloat(getComputedStyle(part).borderTopWidth)"
    assert await button.evaluate(border) >= 1
    bubble = bots(page).first.locator(".bubble")
    assert await bubble.evaluate(border) >= 1
    assert await mine(page).first.locator(".mine").evaluate(border) >= 1
    send = phone(page).get_by_role("button", name="送信")
    assert await send.evaluate(border) >= 1
