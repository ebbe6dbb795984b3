"""The panel: who one is, what time it is, and what happened at the last turn."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.simulator.faults import Fault

from .conftest import PHONE, Running
from .handling import befriend, bots, chips, mine, person, reply, write

pytestmark = pytest.mark.browser


@pytest.fixture
async def desk(page: Page) -> Page:
    """A screen wide enough for the panel to stand beside the phone."""
    await page.set_viewport_size({"width": 1400, "height": 900})
    return page


async def test_the_record_tells_the_whole_turn(desk: Page, running: Running) -> None:
    """State, answers, what was said, the webhook's status, the calls: without opening a log."""
    somebody = await befriend(desk, running)
    await reply(desk, "文面を見る")
    turn = desk.get_by_role("region", name="最後のやりとり")
    await expect(turn).to_contain_text(re.compile(r"届いたもの\s*ボタン"))
    await expect(turn).to_contain_text(re.compile(r"Webhook\s*200（\d+ ms）"))
    await expect(turn).to_contain_text(re.compile(rf"状態\s*{somebody.state}"))
    await expect(turn.locator("#turn-facts .key")).to_have_text(
        [somebody.state, "to", "letter", "copy"]
    )
    await expect(turn.locator("#answers li")).to_have_text(["choosing_service letter"])
    await expect(turn.locator("#calls li")).to_have_text(["POST /v2/bot/message/reply 200"])
    await turn.get_by_text("届いたイベント（JSON）").click()
    await expect(turn.locator("#raw-event")).to_contain_text('"isRedelivery": false')
    await turn.get_by_text("送ったメッセージ（JSON）").click()
    await expect(turn.locator("#raw-messages")).to_contain_text('"clipboardText"')


async def test_a_call_that_fails_is_shown_with_its_status_and_reason(
    desk: Page, running: Running
) -> None:
    """The bot tries again and the answer arrives: only the panel tells that it took two calls."""
    await befriend(desk, running)
    running.session.line.faults.inject(Fault.ERROR)
    await write(desk, "とどきますか")
    await expect(bots(desk).last).to_contain_text("とどきますか")
    calls = desk.locator("#calls li")
    await expect(calls).to_have_count(2)
    await expect(calls.first.locator(".bad")).to_contain_text("500")
    await expect(calls.first).to_contain_text("わざと：500")
    await expect(calls.last.locator(".good")).to_have_text("200")


async def test_what_never_reached_the_bot_is_marked(desk: Page, running: Running) -> None:
    """A webhook the app turns down: the person's message says so, with the status."""
    await befriend(desk, running)
    house = running.session._house
    secret, house.secret = house.secret, "0" * 32
    try:
        await write(desk, "署名がちがいます")
        await expect(mine(desk).last).to_contain_text("届きませんでした（HTTP 401）")
    finally:
        house.secret = secret
    await expect(desk.get_by_role("region", name="最後のやりとり")).to_contain_text("401")
    await write(desk, "こんどは")
    await expect(mine(desk).last).to_contain_text("既読")


async def test_somebody_new_starts_from_nothing(desk: Page, running: Running) -> None:
    """A new person knows nothing of the one before, who is still there under their address."""
    before = await befriend(desk, running)
    address = desk.url
    await desk.get_by_role("button", name="新しい人で始める").click()
    await expect(desk.get_by_role("button", name="友だち追加")).to_be_visible()
    await expect(bots(desk)).to_have_count(0)
    assert person(desk, running) is not before
    assert person(desk, running).id != before.id
    await desk.goto(address)
    await expect(chips(desk).first).to_be_visible()
    assert person(desk, running) is before


async def test_blocking_ends_the_talk_until_it_is_taken_back(desk: Page, running: Running) -> None:
    """The bot hears of both; while blocked nothing can be written."""
    somebody = await befriend(desk, running)
    await desk.get_by_role("button", name="ブロックする").click()
    await expect(desk.get_by_text("このアカウントをブロックしています。")).to_be_visible()
    await expect(desk.get_by_label("メッセージ")).to_be_hidden()
    await expect(chips(desk)).to_have_count(0)
    await desk.locator("#refused-unblock").click()
    await expect(desk.get_by_label("メッセージ")).to_be_visible()
    await expect(chips(desk).first).to_be_visible()
    events = [event for turn in running.session.journal.of(somebody.id) for event in turn.events]
    assert [event["type"] for event in events] == ["follow", "unfollow", "follow"]
    assert events[-1]["follow"] == {"isUnblocked": True}


async def test_a_day_can_be_let_pass(desk: Page, running: Running) -> None:
    """The clock of bot and page goes on by a day; the talk shows where."""
    await befriend(desk, running)
    before = running.session.clock.now()
    await desk.get_by_role("button", name="1日進める").click()
    await expect(desk.locator("#log")).to_contain_text("1日たちました")
    passed = running.session.clock.now() - before
    assert timedelta(days=1) <= passed < timedelta(days=1, minutes=1)
    tomorrow = running.session.clock.now()
    await expect(desk.locator("#clock")).to_contain_text(f"{tomorrow.month}月{tomorrow.day}日")
    await expect(desk.locator("#log")).to_contain_text(f"{tomorrow.month}月{tomorrow.day}日")


async def test_on_a_phone_the_panel_opens_over_the_talk_and_closes_again(
    context: BrowserContext, page: Page, running: Running
) -> None:
    """Everything in the panel is reachable on a small screen, and focus comes back."""
    assert page.viewport_size == PHONE
    await befriend(page, running)
    fresh = page.get_by_role("button", name="新しい人で始める")
    opener = page.get_by_role("button", name="シミュレーターの操作と記録")
    await expect(fresh).to_be_hidden()
    await opener.click()
    await expect(fresh).to_be_visible()
    await expect(page.get_by_role("button", name="閉じる")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(fresh).to_be_hidden()
    await expect(opener).to_be_focused()
