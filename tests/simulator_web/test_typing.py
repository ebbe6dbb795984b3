"""Writing Japanese: the Enter that ends a conversion is not the one that sends."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from .conftest import Running
from .handling import befriend, field, mine

pytestmark = pytest.mark.browser

ENTER = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}


async def test_enter_while_converting_does_not_send(page: Page, running: Running) -> None:
    """A real composition in the browser: its Enter chooses a candidate, the next one sends."""
    await befriend(page, running)
    words = field(page)
    await words.focus()
    browser = await page.context.new_cdp_session(page)
    await browser.send(
        "Input.imeSetComposition", {"text": "やくきゃり", "selectionStart": 5, "selectionEnd": 5}
    )
    await expect(words).to_have_value("やくきゃり")
    await browser.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **ENTER})
    await browser.send("Input.dispatchKeyEvent", {"type": "keyUp", **ENTER})
    await browser.send("Input.insertText", {"text": "薬キャリ"})
    await expect(words).to_have_value("薬キャリ")
    await expect(mine(page)).to_have_count(0)
    await words.press("Enter")
    await expect(mine(page).locator(".mine")).to_have_text(["薬キャリ"])
    await expect(words).to_have_value("")


async def test_enter_known_only_by_its_key_code_does_not_send(page: Page, running: Running) -> None:
    """Safari ends the composition first and tells by key code 229 whose Enter it was."""
    await befriend(page, running)
    words = field(page)
    await words.fill("薬キャリ")
    await words.evaluate(
        """field => field.dispatchEvent(
            new KeyboardEvent("keydown", {key: "Enter", keyCode: 229, bubbles: true}))"""
    )
    await words.press("Shift+Enter")
    await expect(words).to_have_value("薬キャリ\n")
    await expect(mine(page)).to_have_count(0)


async def test_shift_and_enter_begin_a_line_that_is_kept(page: Page, running: Running) -> None:
    """Several lines are one message, and they arrive as written."""
    somebody = await befriend(page, running)
    words = field(page)
    await words.fill("一行目")
    await words.press("Shift+Enter")
    await words.press_sequentially("二行目")
    await words.press("Enter")
    await expect(mine(page).locator(".mine")).to_have_text("一行目\n二行目", use_inner_text=True)
    assert [message.text for message in somebody.seen if message.mine] == ["一行目\n二行目"]


async def test_an_empty_message_is_not_sent(page: Page, running: Running) -> None:
    """LINE has no empty messages; Enter in an empty field does nothing."""
    somebody = await befriend(page, running)
    words = field(page)
    await words.fill("  \n ")
    await words.press("Enter")
    await page.get_by_role("button", name="送信").click()
    await words.fill("はい")
    await words.press("Enter")
    await expect(mine(page).locator(".mine")).to_have_text(["はい"])
    assert [message.text for message in somebody.seen if message.mine] == ["はい"]
