"""The page for everybody: keyboard, screen reader, weak eyes, large letters, no movement."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from . import standin
from .conftest import Running
from .handling import (
    befriend,
    bots,
    chips,
    desk,
    mine,
    open_tab,
    phone,
    reply,
    send,
    talk,
    typing,
    write,
)

pytestmark = pytest.mark.browser

CONTRASTS = """
() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const over = ([r, g, b, a = 1], [x, y, z]) =>
    [[r, x], [g, y], [b, z]].map(([above, below]) => above * a + below * (1 - a));
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    const own = channels(getComputedStyle(node).backgroundColor);
    return own[3] === 0 ? ground(node.parentElement) : over(own, ground(node.parentElement));
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !node.checkVisibility() || node.closest(".unseen, template, noscript")) continue;
    const below = ground(node);
    const ink = over(channels(getComputedStyle(node).color), below);
    const [dark, bright] = [light(ink), light(below)].sort((a, b) => a - b);
    found.push([text.slice(0, 30), Math.round(((bright + 0.05) / (dark + 0.05)) * 100) / 100]);
  }
  return found;
}
"""


async def test_everything_works_from_the_keyboard(page: Page, running: Running) -> None:
    """Follow, answer, press a card's button, copy: no step needs a finger or a mouse."""
    await page.goto(running.url)
    follow = page.get_by_role("button", name="友だち追加")
    await expect(follow).to_be_visible()
    await follow.focus()
    await page.keyboard.press("Enter")
    await expect(chips(page)).to_have_count(len(standin.CHOICES))
    await phone(page).locator(".quick").focus()
    await page.keyboard.press("Tab")
    await expect(chips(page).first).to_be_focused()
    await page.keyboard.press("Enter")
    boxed = talk(page).get_by_role("button", name="この方法ではうまくいかなかった")
    await expect(boxed).to_be_visible()
    await expect(phone(page).locator(".quick")).to_be_focused()  # nobody is thrown back to the top
    await boxed.focus()
    await page.keyboard.press("Space")
    await expect(talk(page).get_by_role("list", name="横に並んだカード")).to_be_visible()
    await talk(page).get_by_role("button", name="メールで進む").focus()
    await page.keyboard.press("Enter")
    await expect(bots(page).last).to_contain_text("わかりました。")


async def test_the_talk_is_a_log_that_is_read_out_as_it_grows(page: Page, running: Running) -> None:
    """New messages are announced with who said them, and pictures have names."""
    await befriend(page, running)
    await reply(page, "カードを見る")
    log = talk(page)
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(mine(page).last.locator(".entry-said")).to_have_text("あなた：カードを見る")
    await expect(bots(page).last.locator(".entry-name")).to_have_text("退会ナビ")
    unnamed = await page.evaluate(
        """() => [...document.querySelectorAll("button, a, textarea, [role=button], [role=img]")]
            .filter((node) => node.checkVisibility())
            .filter((node) => !(node.textContent.trim() || node.ariaLabel || node.labels?.length))
            .map((node) => node.outerHTML)"""
    )
    assert unnamed == []


async def test_every_text_has_a_contrast_of_four_and_a_half(page: Page, running: Running) -> None:
    """WCAG 2.2, 1.4.3: measured on each text, on the talk, the panel, the sheet and a block."""
    await page.set_viewport_size({"width": 1400, "height": 900})
    await befriend(page, running)
    await write(page, "見てください https://example.jp/")
    await reply(page, "カードを見る")
    for label in ("並んだカードを見る", "文面を見る"):
        await write(page, "つぎ")  # none of these answers offers a way on
        await reply(page, label)
    await expect(bots(page).last).to_be_in_viewport()
    await page.get_by_role("button", name="文面をコピー").click()
    await expect(page.locator("#toast")).not_to_be_empty()
    await page.get_by_role("button", name="電話をかける").click()
    measured: list[tuple[str, float]] = await page.evaluate(CONTRASTS)
    await page.keyboard.press("Escape")
    await open_tab(page, "移動・故障")
    await page.get_by_role("button", name="ブロックする").click()
    await expect(phone(page).locator(".refused")).to_be_visible()
    measured += await page.evaluate(CONTRASTS)
    assert len(measured) > 60
    assert [(text, ratio) for text, ratio in measured if ratio < 4.5] == []


@pytest.mark.parametrize(("width", "size"), [(320, 100), (390, 200), (640, 100)])
async def test_large_letters_and_small_screens_lose_nothing(
    page: Page, running: Running, width: int, size: int
) -> None:
    """WCAG 2.2, 1.4.4 and 1.4.10: 320 pixels, letters twice as large, a 1280 screen at 200 %."""
    await page.set_viewport_size({"width": width, "height": 900})
    await befriend(page, running)
    await page.evaluate("size => { document.documentElement.style.fontSize = `${size}%`; }", size)
    await reply(page, "カードを見る")
    button = talk(page).get_by_role("button", name="できた")
    await button.scroll_into_view_if_needed()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = await button.bounding_box()
    screen = await phone(page).bounding_box()
    assert box is not None
    assert screen is not None
    assert screen["x"] <= box["x"]
    assert box["x"] + box["width"] <= screen["x"] + screen["width"]
    await button.click()
    await expect(bots(page).last).to_contain_text("わかりました。")


@pytest.mark.parametrize(("width", "size"), [(390, 200), (700, 100), (1400, 200)])
@pytest.mark.parametrize("tab", ["やりとり", "状態の図", "移動・故障"])
async def test_the_desk_fits_large_letters_and_small_screens(
    page: Page, running: Running, tab: str, width: int, size: int
) -> None:
    """The same for the desk: nothing of it is cut off sideways, and its tabs stay in reach."""
    await page.set_viewport_size({"width": width, "height": 900})
    await befriend(page, running)
    await page.evaluate("size => { document.documentElement.style.fontSize = `${size}%`; }", size)
    opener = phone(page).get_by_role("button", name="シミュレーターの操作と記録")
    if await opener.is_visible():
        await opener.click()
    pane = await open_tab(page, tab)
    await expect(pane).to_be_visible()
    if tab == "状態の図":
        await expect(pane.locator("[data-state]").first).to_be_attached()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in (pane, desk(page)):
        assert await part.evaluate("part => part.scrollWidth <= part.clientWidth")


async def test_nothing_moves_for_those_who_asked_for_stillness(
    page: Page, running: Running
) -> None:
    """`prefers-reduced-motion`: no animation, no transition, no gliding scroll."""
    await page.emulate_media(reduced_motion="reduce")
    await befriend(page, running)
    standin.GATE.clear()
    try:
        await send(page, "しずかに")
        await expect(typing(page)).to_be_visible()
        assert await page.evaluate("() => document.getAnimations().length") == 0
        await page.emulate_media(reduced_motion="no-preference")
        await page.wait_for_function("() => document.getAnimations().length > 0")
    finally:
        standin.GATE.set()
