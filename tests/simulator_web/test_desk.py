"""The desk's head and tabs: the clock, blocking, deliveries again, faults, and small screens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from .conftest import PHONE, Running
from .handling import (
    answered,
    befriend,
    bots,
    chips,
    desk,
    field,
    open_tab,
    phone,
    talk,
    turn,
    write,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("button", "passing", "told"),
    [
        ("＋1分", timedelta(minutes=1), "1分たちました"),
        ("＋1時間", timedelta(hours=1), "1時間たちました"),
        ("＋1日", timedelta(days=1), "1日たちました"),
    ],
)
async def test_time_can_be_let_pass(
    wide: Page, running: Running, button: str, passing: timedelta, told: str
) -> None:
    """The clock of bot and page goes on; the talk shows where."""
    await befriend(wide, running)
    before = running.session.clock.now()
    await wide.get_by_role("button", name=button, exact=True).click()
    await expect(talk(wide)).to_contain_text(told)
    await expect(chips(wide).first).to_be_visible()
    passed = running.session.clock.now() - before
    assert passing <= passed < passing + timedelta(minutes=1)
    now = running.session.clock.now()
    await expect(wide.locator("#clock")).to_contain_text(f"{now.month}月{now.day}日")


async def test_blocking_ends_the_talk_until_it_is_taken_back(wide: Page, running: Running) -> None:
    """The bot hears of both; while blocked nothing can be written."""
    somebody = await befriend(wide, running)
    await open_tab(wide, "移動・故障")
    await wide.get_by_role("button", name="ブロックする").click()
    await expect(wide.get_by_text("このアカウントをブロックしています。")).to_be_visible()
    await expect(field(wide)).to_be_hidden()
    await expect(chips(wide).first).to_be_hidden()
    await phone(wide).get_by_role("button", name="ブロックを解除").click()
    await expect(field(wide)).to_be_visible()
    await expect(chips(wide).first).to_be_visible()
    events = [event for turn in running.session.journal.of(somebody.id) for event in turn.events]
    assert [event["type"] for event in events] == ["follow", "unfollow", "follow"]
    assert events[-1]["follow"] == {"isUnblocked": True}


async def test_a_redelivery_is_answered_only_once(wide: Page, running: Running) -> None:
    """LINE may deliver an event again: the record shows it, the talk gets no second answer."""
    await befriend(wide, running)
    await write(wide, "いちど")
    await expect(bots(wide).last).to_contain_text("いちど")
    said = await bots(wide).count()
    await open_tab(wide, "移動・故障")
    await wide.get_by_role("button", name="再送として届ける").click()
    await answered(wide, 3)
    await open_tab(wide, "やりとり")
    await turn(wide, 3).get_by_text("イベント（JSON）").click()
    await expect(turn(wide, 3).locator("pre")).to_contain_text('"isRedelivery": true')
    await expect(bots(wide)).to_have_count(said)


async def test_faults_are_listed_until_they_have_struck(wide: Page, running: Running) -> None:
    """One sees what is still to come; the calls show what came."""
    await befriend(wide, running)
    tools = await open_tab(wide, "移動・故障")
    await tools.get_by_label("何が起きるか").select_option("429")
    await tools.get_by_label("何回").fill("2")
    await tools.get_by_role("button", name="起こす").click()
    await expect(tools.locator("#faults-left")).to_contain_text("429 呼びすぎ：あと2回")
    await tools.get_by_role("button", name="すべて直す").click()
    await expect(tools).to_contain_text("いまは何も起きません。")
    await tools.get_by_label("何が起きるか").select_option("500-after")
    await tools.get_by_label("何回").fill("1")
    await tools.get_by_role("button", name="起こす").click()
    await expect(tools.locator("#faults-left")).to_contain_text("500 エラー（じつは送れている）")
    await write(wide, "どうなるかな")
    await expect(tools).to_contain_text("いまは何も起きません。")
    await expect(turn(wide, 2)).to_contain_text("わざと：500-after")


async def test_the_tabs_turn_with_the_arrow_keys(wide: Page, running: Running) -> None:
    """As the pattern for tabs asks: arrows move, Home and End jump, only one stop for Tab."""
    await befriend(wide, running)
    await wide.get_by_role("tab", name="やりとり").focus()
    await wide.keyboard.press("ArrowRight")
    await expect(wide.get_by_role("tab", name="状態の図")).to_be_focused()
    await expect(wide.get_by_role("tabpanel", name="状態の図")).to_be_visible()
    await wide.keyboard.press("End")
    await expect(wide.get_by_role("tab", name="移動・故障")).to_have_attribute(
        "aria-selected", "true"
    )
    await wide.keyboard.press("ArrowRight")
    await expect(wide.get_by_role("tabpanel", name="やりとり")).to_be_visible()


async def test_on_a_phone_the_desk_opens_over_the_talk_and_closes_again(
    page: Page, running: Running
) -> None:
    """Everything on the desk is reachable on a small screen, and focus comes back."""
    assert page.viewport_size == PHONE
    await befriend(page, running)
    opener = phone(page).get_by_role("button", name="シミュレーターの操作と記録")
    await expect(desk(page)).to_be_hidden()
    await opener.click()
    await expect(desk(page)).to_be_visible()
    await expect(page.get_by_role("button", name="閉じる", exact=True)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(desk(page)).to_be_hidden()
    await expect(opener).to_be_focused()


async def test_the_transcript_is_one_page_without_scripts(wide: Page, running: Running) -> None:
    """What is sent on with a report: downloaded, complete, and nothing of it runs."""
    await befriend(wide, running)
    await write(wide, "記録に残る言葉")
    await answered(wide, 2)
    async with wide.expect_download() as downloading:
        await wide.get_by_role("link", name="記録を保存").click()
    html = (await (await downloading.value).path()).read_text("utf-8")
    assert "はじめまして。" in html
    assert "<script" not in html
