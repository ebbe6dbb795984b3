"""Going back, beginning again from a turn, and a second person beside the first."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect

from .conftest import Running
from .handling import (
    answered,
    befriend,
    bots,
    chips,
    key,
    mine,
    person,
    phone,
    reply,
    turn,
    turn_away,
    turn_back,
    write,
)

pytestmark = pytest.mark.browser


async def test_undo_leads_to_where_one_was_before_the_last_deed(staff: Page, real: Running) -> None:
    """Talk, state, record and quick replies are as before; the way on is open again."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await answered(staff, 2)
    state, shown = person(staff, real).state, await chips(staff).all_inner_texts()
    await reply(staff, "ない")
    await answered(staff, 3)
    await staff.get_by_role("button", name="一つ戻す").click()
    await expect(turn(staff, 3)).to_have_count(0)
    await expect(mine(staff)).to_have_count(1)
    await expect(chips(staff)).to_have_text(shown)
    assert person(staff, real).state == state
    await reply(staff, "ない")
    await expect(turn(staff, 3)).to_contain_text("選考の確認")


async def test_one_can_begin_again_before_any_turn(staff: Page, real: Running) -> None:
    """The turn and everything after it are gone; the address stays the same."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await reply(staff, "ない")
    await answered(staff, 3)
    address = staff.url
    await turn(staff, 2).locator("summary").first.click()
    await turn(staff, 2).get_by_role("button", name="この前からやり直す").click()
    await expect(staff.locator("#turns > li")).to_have_count(1)
    await expect(mine(staff)).to_have_count(0)
    assert staff.url == address
    assert person(staff, real).state == "choosing_service"


async def test_a_fork_stands_beside_and_goes_its_own_way(staff: Page, real: Running) -> None:
    """Two phones from one past: what happens on one does not touch the other."""
    await befriend(staff, real)
    first = key(staff)
    await write(staff, "やくきゃり")
    await answered(staff, 2)
    await staff.get_by_role("button", name="もう一人に分ける").click()
    await expect(staff.locator(".phone:visible")).to_have_count(2)
    await expect(mine(staff).locator(".mine")).to_have_text(["やくきゃり"])
    assert key(staff) != first
    await reply(staff, "ない")
    await expect(mine(staff)).to_have_count(2)
    other = staff.locator(".phone:visible:not(.is-active)")
    await expect(other.locator(".is-me")).to_have_count(1)
    assert real.people.feed(first).person.state == "checking_selection"


async def test_a_tap_on_the_other_phone_turns_the_record_to_it(staff: Page, real: Running) -> None:
    """With two phones side by side the record is about the one that is used."""
    await befriend(staff, real)
    first = key(staff)
    await staff.get_by_role("button", name="もう一人に分ける").click()
    await expect(staff.locator(".phone:visible")).to_have_count(2)
    await staff.locator(".phone:visible:not(.is-active) .words").click()
    await expect(phone(staff).locator(".words")).to_be_focused()
    assert key(staff) == first
    await write(staff, "やくきゃり")
    await expect(turn(staff, 2)).to_contain_text("やくきゃり")
    await expect(staff.locator(".phone:visible:not(.is-active) .is-me")).to_have_count(0)


async def test_a_turn_can_be_forked_in_the_middle(staff: Page, real: Running) -> None:
    """The second person did everything up to and with that turn, and nothing after it."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await reply(staff, "ない")
    await answered(staff, 3)
    first = person(staff, real)
    await turn(staff, 2).locator("summary").first.click()
    await turn(staff, 2).get_by_role("button", name="ここで分ける").click()
    await expect(staff.locator(".phone:visible")).to_have_count(2)
    await expect(staff.locator("#turns > li")).to_have_count(2)
    assert person(staff, real).state == "checking_selection"
    assert first.state != "checking_selection"


async def test_somebody_new_starts_from_nothing(wide: Page, running: Running) -> None:
    """A new person knows nothing of the one before, who is still there under their tab."""
    before = await befriend(wide, running)
    name = before.name
    await wide.get_by_role("button", name="新しい人で始める").click()
    follow = phone(wide).get_by_role("button", name="友だち追加")
    await expect(follow).to_be_focused()
    await expect(bots(wide)).to_have_count(0)
    assert person(wide, running).id != before.id
    people = wide.get_by_role("navigation", name="話している人")
    await people.get_by_role("button", name=name, exact=True).click()
    await expect(chips(wide).first).to_be_visible()
    assert person(wide, running) is before


async def test_people_stand_in_tabs_where_the_screen_is_narrow(
    page: Page, running: Running
) -> None:
    """One phone at a time fills a small screen; the tabs above lead to the others."""
    before = await befriend(page, running)
    await phone(page).get_by_role("button", name="シミュレーターの操作と記録").click()
    await page.get_by_role("button", name="もう一人に分ける").click()
    people = page.get_by_role("navigation", name="話している人")
    current = page.locator("#people-list [aria-current=true]")
    await expect(current).to_be_attached()
    await expect(current).not_to_have_text(before.name)
    await page.get_by_role("button", name="閉じる", exact=True).click()
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await people.get_by_role("button", name=before.name, exact=True).click()
    await expect(current).to_have_text(before.name)
    await expect(page.locator(".phone:visible")).to_have_count(1)
    assert person(page, running) is before


async def test_going_back_while_nobody_looks_is_seen_afterwards(staff: Page, real: Running) -> None:
    """A page in the background holds no connection; seen again, it shows no future that is gone."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await answered(staff, 2)
    await turn_away(staff)
    await asyncio.to_thread(real.people.back, real.people.feed(key(staff)), 1)
    await turn_back(staff)
    await expect(mine(staff)).to_have_count(0)
    await expect(staff.locator("#turns > li")).to_have_count(1)
