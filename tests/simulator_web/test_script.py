"""From a talk that was held to a talk that is kept: shown, proven, copied, downloaded."""

from __future__ import annotations

import pytest
import yaml
from playwright.async_api import Locator, Page, expect

from .conftest import Running
from .handling import answered, befriend, reply, write

pytestmark = pytest.mark.browser


async def asked(page: Page, title: str) -> Locator:
    """The dialog after its button was pressed with *title*."""
    await page.get_by_role("button", name="台本にする", exact=True).click()
    dialog = page.get_by_role("dialog", name="ここまでの会話を台本にする")
    await expect(dialog.get_by_label("題名")).to_be_focused()
    await dialog.get_by_label("題名").fill(title)
    await page.keyboard.press("Enter")
    return dialog


async def test_what_was_done_becomes_a_talk_that_was_held_once(staff: Page, real: Running) -> None:
    """The script names each step, and it is said that it holds with somebody new."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await reply(staff, "ない")
    await answered(staff, 3)
    dialog = await asked(staff, "薬キャリで選考がない")
    await expect(dialog.get_by_role("status")).to_contain_text("同じになりました", timeout=20_000)
    written = yaml.safe_load(await dialog.get_by_role("region", name="台本").inner_text())
    assert written["talk"] == "薬キャリで選考がない"
    assert {"say": "やくきゃり"} in written["steps"]
    assert {"tap": "ない"} in written["steps"]


async def test_the_script_can_be_copied_and_downloaded(staff: Page, real: Running) -> None:
    """Both carry what is shown, character for character."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await answered(staff, 2)
    dialog = await asked(staff, "控え")
    shown = dialog.get_by_role("region", name="台本")
    await expect(shown).to_be_visible(timeout=20_000)
    text = await shown.evaluate("shown => shown.textContent")
    await dialog.get_by_role("button", name="コピー").click()
    await expect(dialog.get_by_role("status")).to_have_text("コピーしました。")
    assert await staff.evaluate("navigator.clipboard.readText()") == text
    async with staff.expect_download() as downloading:
        await dialog.get_by_role("link", name="ダウンロード").click()
    download = await downloading.value
    assert download.suggested_filename.endswith(".talk.yaml")
    assert (await download.path()).read_text("utf-8") == text


async def test_without_a_talk_there_is_no_script(staff: Page, real: Running) -> None:
    """Somebody who did nothing yet: a sentence, no empty dialog."""
    await staff.goto(real.url)
    await expect(staff.get_by_role("button", name="友だち追加")).to_be_visible()
    await staff.get_by_role("button", name="台本にする", exact=True).click()
    await expect(staff.locator("#toast")).to_have_text("まだ会話がありません。")
    await expect(staff.get_by_role("dialog")).to_be_hidden()
