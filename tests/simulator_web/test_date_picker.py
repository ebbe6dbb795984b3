"""A date picker on the page, from the button to what the bot is told."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from .conftest import Running
from .handling import befriend, bots, mine
from .pushed import buttons, last_event, picker, press, pushed

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("mode", "picked"),
    [("date", "2026-04-10"), ("time", "09:30"), ("datetime", "2026-04-10T09:30")],
)
async def test_what_is_chosen_reaches_the_bot_as_params(
    page: Page, running: Running, mode: str, picked: str
) -> None:
    """With the mouse: the button, the browser's own input, 決定; LINE shows no bubble for it."""
    somebody = await befriend(page, running)
    message = await pushed(page, running, somebody, buttons(picker("日を選ぶ", mode)))
    own = await mine(page).count()

    await message.get_by_role("button", name="日を選ぶ").click()
    dialog = page.get_by_role("dialog", name="日を選ぶ")
    await dialog.get_by_label("日時").fill(picked)
    async with page.expect_response("**/tap") as tapped:
        await dialog.get_by_role("button", name="決定").click()

    assert (await tapped.value).status == 200
    assert last_event(running, somebody)["postback"] == {"data": "when", "params": {mode: picked}}
    await expect(bots(page).last).to_contain_text("受け取りました。")
    await expect(mine(page)).to_have_count(own)


async def test_the_keyboard_alone_is_enough(page: Page, running: Running) -> None:
    """Enter opens it, the arrows change the date, Enter decides, and focus is back on the button.

    Escape leaves and tells nobody anything.
    """
    somebody = await befriend(page, running)
    asked = picker("日を選ぶ", "date", initial="2026-04-10", max="2030-12-31")
    message = await pushed(page, running, somebody, buttons(asked))
    button = message.get_by_role("button", name="日を選ぶ")
    dialog = page.get_by_role("dialog", name="日を選ぶ")

    await button.press("Enter")
    await expect(dialog.get_by_label("日時")).to_be_focused()
    turns = len(running.session.journal.of(somebody.id))
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(button).to_be_focused()
    assert len(running.session.journal.of(somebody.id)) == turns

    await button.press("Enter")
    await page.keyboard.press("ArrowUp")
    await expect(dialog.get_by_label("日時")).not_to_have_value("2026-04-10")
    chosen = await dialog.get_by_label("日時").input_value()
    async with page.expect_response("**/tap"):
        await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    assert last_event(running, somebody)["postback"]["params"] == {"date": chosen}


async def test_the_server_refuses_what_the_picker_would_not_offer(
    page: Page, running: Running
) -> None:
    """A page that was tampered with is told the limits; nothing reaches the bot."""
    somebody = await befriend(page, running)
    asked = picker("日を選ぶ", "date", max="2026-04-30")
    message = await pushed(page, running, somebody, buttons(asked, press("ほか")))
    turns = len(running.session.journal.of(somebody.id))
    await message.get_by_role("button", name="日を選ぶ").click()
    dialog = page.get_by_role("dialog", name="日を選ぶ")
    await dialog.get_by_label("日時").evaluate("(field) => { field.max = '2026-12-31'; }")
    await dialog.get_by_label("日時").fill("2026-05-01")
    async with page.expect_response("**/tap") as tapped:
        await dialog.get_by_role("button", name="決定").click()
    assert (await tapped.value).status == 409
    await expect(page.locator("#toast")).to_contain_text("2026-05-01 は選べません")
    assert len(running.session.journal.of(somebody.id)) == turns


async def test_without_limits_the_years_are_lines_own(page: Page, running: Running) -> None:
    """A browser would offer the year 275760; LINE ends in 2100. axe finds nothing in the dialog."""
    somebody = await befriend(page, running)
    message = await pushed(page, running, somebody, buttons(picker("日を選ぶ", "date")))
    await message.get_by_role("button", name="日を選ぶ").click()
    field = page.get_by_role("dialog", name="日を選ぶ").get_by_label("日時")
    await expect(field).to_have_attribute("min", "1900-01-01")
    await expect(field).to_have_attribute("max", "2100-12-31")
    results = await Axe().run(page)
    assert [rule["id"] for rule in results.response["violations"]] == []
