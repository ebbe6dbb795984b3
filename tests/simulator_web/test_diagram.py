"""The live diagram: where one is, which ways were taken, and a click that leads there."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from .conftest import Running
from .handling import answered, befriend, open_tab, person, reply, talk, write

pytestmark = pytest.mark.browser

FITS = """(view) =>
    view.scrollHeight - view.clientHeight <= 1 && view.scrollWidth - view.clientWidth <= 1"""


def box(pane: Locator, state: str) -> Locator:
    """The box of a state."""
    return pane.locator(f"[data-state='{state}']")


async def chosen(page: Page, running: Running) -> Locator:
    """Somebody who named a service and sees the diagram of it."""
    await befriend(page, running)
    await write(page, "やくきゃり")
    await answered(page, 2)
    pane = await open_tab(page, "状態の図")
    await expect(box(pane, "checking_selection")).to_be_visible()
    return pane


async def test_the_present_and_the_previous_state_are_marked(staff: Page, real: Running) -> None:
    """In words on the box and in its name, not by colour alone; both move on with the talk."""
    pane = await chosen(staff, real)
    await expect(box(pane, "checking_selection")).to_have_accessible_name(
        "選考の確認（checking_selection）：いま。押すと、ここへ行きます"
    )
    await expect(box(pane, "choosing_service").locator(".box-flag")).to_have_text("前")
    await reply(staff, "ない")
    await expect(box(pane, "checking_selection").locator(".box-flag")).to_have_text("前")
    await expect(box(pane, person(staff, real).state).locator(".box-flag")).to_have_text("いま")


async def test_arrows_that_were_taken_carry_their_count(staff: Page, real: Running) -> None:
    """Taken arrows are solid and numbered; the others are dashed."""
    pane = await chosen(staff, real)
    taken = pane.locator(".edge-line.is-visited")
    await expect(taken.locator(".edge-count:visible")).to_have_text(["×1"])
    drawn = await taken.locator("path").evaluate("path => getComputedStyle(path).strokeDasharray")
    assert drawn == "none"
    rest = pane.locator(".edge-line:not(.is-visited) path").first
    assert await rest.evaluate("path => getComputedStyle(path).strokeDasharray") != "none"
    await reply(staff, "戻る")
    await write(staff, "やくきゃり")
    await expect(taken.locator(".edge-count:visible")).to_have_text(["×2"])


async def test_what_was_never_taken_is_listed_in_words(staff: Page, real: Running) -> None:
    """For those who do not see the drawing, and to know what is left to try."""
    pane = await chosen(staff, real)
    before = await pane.locator("#uncovered-title").inner_text()
    number = int(re.sub(r"\D", "", before))
    assert number > 20
    await pane.locator("#uncovered-title").click()
    await expect(pane.locator("#uncovered li")).to_have_count(number)
    await reply(staff, "ない")
    await expect(pane.locator("#uncovered li")).to_have_count(number - 1)


async def test_the_diagram_is_that_of_the_service_unless_all_is_asked_for(
    staff: Page, real: Running
) -> None:
    """States this service has no use for are left out until one ticks the box."""
    pane = await chosen(staff, real)
    boxes = pane.locator("[data-state]")
    own = await boxes.count()
    await pane.get_by_label("すべての状態").check()
    await expect(box(pane, "checking_claim")).to_be_attached()
    assert await boxes.count() > own


async def test_a_state_that_is_chosen_is_gone_to(staff: Page, real: Running) -> None:
    """By the keyboard too: the talk then shows how one got there."""
    pane = await chosen(staff, real)
    await box(pane, "following_steps").focus()
    await staff.keyboard.press("Enter")
    await expect(box(pane, "following_steps").locator(".box-flag")).to_have_text("いま")
    await expect(talk(staff)).to_contain_text("いちばん短い道で進みました")
    assert person(staff, real).state == "following_steps"


async def test_the_diagram_can_be_made_larger_and_seen_as_a_whole(
    staff: Page, real: Running
) -> None:
    """Large enough to read, small enough to see all of it."""
    pane = await chosen(staff, real)
    width = "svg => svg.getBoundingClientRect().width"
    svg = pane.locator("svg.diagram")
    begun = await svg.evaluate(width)
    await pane.get_by_role("button", name="大きくする").click()
    assert await svg.evaluate(width) > begun * 1.2
    await pane.get_by_role("button", name="全体").click()
    view = pane.locator("#diagram-view")
    await staff.wait_for_function(FITS, arg=await view.element_handle())
