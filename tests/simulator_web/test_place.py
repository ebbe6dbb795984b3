"""Going to a place: from the desk, from a link, and where no way leads there."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from .conftest import Running
from .handling import answered, befriend, bots, open_tab, person, write

pytestmark = pytest.mark.browser


async def test_a_link_leads_somebody_new_to_a_place(staff: Page, real: Running) -> None:
    """A colleague opens the address and stands there, by presses anybody could have made."""
    await staff.goto(f"{real.url}/?service=yakukyari&state=reviewing_losses")
    await expect(bots(staff).last).to_be_visible()
    await expect(staff.locator("#standing")).to_contain_text("失うものの確認")
    somebody = person(staff, real)
    assert somebody.state == "reviewing_losses"
    assert somebody.conversation is not None
    assert somebody.conversation.service == "yakukyari"


async def test_a_link_to_nowhere_says_so(staff: Page, real: Running) -> None:
    """A state that does not exist: a sentence instead of an empty phone."""
    await staff.goto(f"{real.url}/?service=yakukyari&state=nowhere")
    await expect(staff.locator("#lost")).to_contain_text("nowhere")


async def test_the_picker_offers_each_service_its_own_states(staff: Page, real: Running) -> None:
    """One cannot choose what does not exist there; the link beside names the choice."""
    await befriend(staff, real)
    tools = await open_tab(staff, "移動・故障")
    service, state = tools.get_by_label("サービス"), tools.get_by_label("状態")
    await service.select_option(label="薬キャリ")
    await expect(state.locator("option[value=checking_reward]")).to_be_attached()
    await expect(state.locator("option[value=checking_claim]")).not_to_be_attached()
    await state.select_option("choosing_method")
    link = tools.get_by_role("link", name="新しい人で開くリンク")
    await expect(link).to_have_attribute("href", "/?service=yakukyari&state=choosing_method")
    await tools.get_by_role("button", name="この人で行く").click()
    await open_tab(staff, "やりとり")
    await expect(staff.locator("#standing")).to_contain_text("退会の方法")
    assert person(staff, real).state == "choosing_method"


async def test_where_no_way_leads_another_service_is_offered(staff: Page, real: Running) -> None:
    """A state the service never comes to: why, and the choice to go there all the same."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await answered(staff, 2)
    before = person(staff, real).state
    pane = await open_tab(staff, "状態の図")
    await pane.get_by_label("すべての状態").check()
    await pane.locator("[data-state=checking_claim]").focus()
    await staff.keyboard.press("Enter")
    dialog = staff.get_by_role("dialog", name="このサービスでは行けません")
    await expect(dialog).to_be_visible()
    assert person(staff, real).state == before
    await dialog.get_by_role("button", name="ほかのサービスで行く").click()
    await expect(pane.locator("[data-state=checking_claim] .box-flag")).to_have_text("いま")
    assert person(staff, real).state == "checking_claim"
