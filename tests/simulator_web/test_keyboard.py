"""What the soft keyboard leaves of the talk can be looked at without a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from .conftest import Running
from .handling import befriend, bots, chips, field, phone, reply, write

pytestmark = pytest.mark.browser


def toggle(page: Page) -> Locator:
    """The button that puts the keyboard there and away."""
    return phone(page).get_by_role("button", name="キーボードを重ねて見る")


def told(page: Page) -> Locator:
    """What is said to be in sight."""
    return phone(page).locator(".keyboard-told")


async def height(of: Locator) -> float:
    """How high something is on the screen."""
    box = await of.bounding_box()
    assert box is not None
    return box["height"]


async def test_the_keyboard_covers_the_foot_and_the_talk_makes_room(
    page: Page, running: Running
) -> None:
    """Off at first; on, the field and the quick replies stand above it; the same button ends it."""
    await befriend(page, running)
    await expect(toggle(page)).to_have_attribute("aria-pressed", "false")
    await expect(told(page)).to_be_hidden()
    view = phone(page).locator(".talk")
    before = await height(view)

    await toggle(page).press("Enter")

    await expect(toggle(page)).to_have_attribute("aria-pressed", "true")
    await expect(toggle(page)).to_be_focused()
    keyboard = await height(phone(page).locator(".keyboard"))
    assert keyboard == 336  # 21 rem: a phone of 390 x 844 with its row of suggestions
    assert await height(view) == pytest.approx(before - keyboard, abs=1)
    await expect(field(page)).to_be_in_viewport(ratio=1)
    await expect(chips(page).first).to_be_in_viewport(ratio=1)
    await write(page, "打てます")
    await expect(bots(page).last).to_contain_text("打てます")

    await toggle(page).press("Enter")
    await expect(told(page)).to_be_hidden()
    assert await height(view) == pytest.approx(before, abs=1)


async def test_it_says_what_of_the_newest_message_is_in_sight(page: Page, running: Running) -> None:
    """A short message is seen whole, a long card only in part: that is what one looks for."""
    await befriend(page, running)
    await toggle(page).click()
    await expect(told(page)).to_contain_text("最後の案内は、全部見えます。")
    await expect(told(page)).to_contain_text("返信の候補は、5個のうち")
    await reply(page, "カードを見る")
    await expect(told(page)).to_contain_text("が見えます。")
    await expect(told(page)).not_to_contain_text("全部")
    await expect(told(page)).not_to_contain_text("返信の候補")
    await expect(phone(page).get_by_role("status").filter(has_text="最後の案内")).to_have_count(1)


async def test_axe_finds_nothing_to_mend_with_the_keyboard_there(
    page: Page, running: Running
) -> None:
    """The keys are a picture: nobody can stand on them."""
    await befriend(page, running)
    await toggle(page).click()
    await expect(told(page)).not_to_be_empty()
    results = await Axe().run(page)
    assert [rule["id"] for rule in results.response["violations"]] == []
