"""What only a phone does: taking back a message, choosing a date, showing what became of both."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from .conftest import Running
from .handling import answered, befriend, mine, turn, write

pytestmark = pytest.mark.browser

PICK = """action => import("/static/date.js").then((date) => {
  window.picked = null;
  date.pick(action, (params) => { window.picked = params; });
})"""


async def test_the_last_message_of_ones_own_can_be_taken_back(page: Page, running: Running) -> None:
    """Only the last one offers it; the bubble says so afterwards, and the bot heard of it."""
    somebody = await befriend(page, running)
    await write(page, "ひとつめ")
    await write(page, "まちがい")
    await expect(mine(page)).to_have_count(2)
    await mine(page).last.hover()
    unsend = mine(page).last.get_by_role("button", name="送信取消")
    await mine(page).first.hover()
    await expect(mine(page).first.get_by_role("button", name="送信取消")).to_be_hidden()
    await mine(page).last.hover()
    await unsend.click()
    await expect(mine(page).last.locator(".mine")).to_have_text("送信を取り消しました")
    await expect(mine(page).first.locator(".mine")).to_have_text("ひとつめ")
    await answered(page, 4)
    events = [event for turn in running.session.journal.of(somebody.id) for event in turn.events]
    assert events[-1]["type"] == "unsend"


@pytest.mark.parametrize(
    ("action", "kind", "value"),
    [
        ({"mode": "date", "initial": "2026-04-01"}, "date", "2026-04-01"),
        ({"mode": "time", "initial": "09:30"}, "time", "09:30"),
        ({"mode": "datetime", "initial": "2026-04-01t09:30"}, "datetime-local", "2026-04-01T09:30"),
    ],
    ids=["date", "time", "datetime"],
)
async def test_a_date_picker_action_asks_for_what_its_mode_says(
    page: Page, running: Running, action: dict[str, str], kind: str, value: str
) -> None:
    """The browser's own input, at the initial value; what is chosen comes as LINE's params."""
    await befriend(page, running)
    await page.evaluate(PICK, {"type": "datetimepicker", "label": "日を選ぶ", **action})
    dialog = page.get_by_role("dialog", name="日を選ぶ")
    chooser = dialog.get_by_label("日時")
    await expect(chooser).to_have_attribute("type", kind)
    await expect(chooser).to_have_value(value)
    await dialog.get_by_role("button", name="決定").click()
    await expect(dialog).to_be_hidden()
    await page.wait_for_function("() => window.picked")  # a dialog tells after it closed
    assert await page.evaluate("window.picked") == {action["mode"]: value}


async def test_a_date_outside_the_limits_is_not_taken(page: Page, running: Running) -> None:
    """LINE's own picker does not offer one; leaving sends nothing."""
    await befriend(page, running)
    limits = {"mode": "date", "min": "2026-04-01", "max": "2026-04-30", "initial": "2026-04-02"}
    await page.evaluate(PICK, {"type": "datetimepicker", **limits})
    dialog = page.get_by_role("dialog", name="日にちを選ぶ")
    await dialog.get_by_label("日時").fill("2026-05-01")
    await dialog.get_by_role("button", name="決定").click()
    await expect(dialog).to_be_visible()
    await dialog.get_by_role("button", name="やめる").click()
    await expect(dialog).to_be_hidden()
    assert await page.evaluate("window.picked") is None
    await expect(turn(page, 2)).to_have_count(0)
