"""A person and the bot talk on the page, as on a phone."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import BrowserContext, Page, expect

from . import standin
from .conftest import Running
from .handling import (
    befriend,
    bots,
    chips,
    field,
    mine,
    person,
    phone,
    reply,
    send,
    talk,
    turn_away,
    turn_back,
    typing,
    write,
)

pytestmark = pytest.mark.browser


async def test_somebody_new_adds_the_account_and_is_greeted(page: Page, running: Running) -> None:
    """The first thing on the screen is the account; its greeting follows when it is added."""
    await page.goto(running.url)
    await expect(page.get_by_role("heading", name="退会ナビ", exact=True)).to_be_visible()
    await expect(field(page)).to_be_hidden()
    await page.get_by_role("button", name="友だち追加").click()
    await expect(bots(page).first.locator(".bubble")).to_have_text(
        "はじめまして。\nページの動きを確かめるためのボットです。", use_inner_text=True
    )
    await expect(chips(page)).to_have_text([choice.label for choice in standin.CHOICES])
    await expect(field(page)).to_be_visible()


async def test_a_quick_reply_becomes_a_read_message_of_ones_own(
    page: Page, running: Running
) -> None:
    """A tap shows what it said on the right in green, marked as read once the bot has it."""
    await befriend(page, running)
    await reply(page, "カードを見る")
    await expect(mine(page).locator(".mine")).to_have_text("カードを見る")
    await expect(mine(page)).to_contain_text("既読")
    await expect(talk(page).get_by_text("電話で退会する")).to_be_visible()
    own, other = (
        await mine(page).locator(".mine").bounding_box(),
        await bots(page).last.bounding_box(),
    )
    assert own is not None
    assert other is not None
    assert own["x"] + own["width"] > 370 > 100 > other["x"]


async def test_quick_replies_go_away_with_a_tap_and_with_any_newer_message(
    page: Page, running: Running
) -> None:
    """LINE shows the newest message's only: an answer without any leaves none on the screen."""
    await befriend(page, running)
    await reply(page, "カードを見る")
    await expect(talk(page).get_by_text("電話で退会する")).to_be_visible()
    await expect(chips(page)).to_have_count(0)
    await write(page, "こんにちは")
    await expect(chips(page)).to_have_count(len(standin.CHOICES))
    standin.GATE.clear()
    try:
        await send(page, "もしもし")
        await expect(mine(page).last).to_contain_text("もしもし")
        await expect(chips(page)).to_have_count(0)
    finally:
        standin.GATE.set()
    await expect(chips(page)).to_have_count(len(standin.CHOICES))


async def test_dots_show_that_an_answer_is_awaited(page: Page, running: Running) -> None:
    """While the bot thinks the page says so, in letters too, and stops when it has answered."""
    await befriend(page, running)
    standin.GATE.clear()
    try:
        await send(page, "ゆっくりどうぞ")
        await expect(mine(page).last).to_contain_text("ゆっくりどうぞ")
        await expect(page.get_by_text("返信を待っています")).to_be_attached()
        await expect(typing(page)).to_be_visible()
        await expect(mine(page).last).not_to_contain_text("既読")
    finally:
        standin.GATE.set()
    await expect(typing(page)).to_be_hidden()
    await expect(bots(page).last).to_contain_text("ゆっくりどうぞ")


async def test_the_dots_end_where_the_bot_does_not_answer(page: Page, running: Running) -> None:
    """Silence is an outcome too: nobody waits for ever."""
    await befriend(page, running)
    await reply(page, "何も答えない")
    await expect(mine(page).last).to_contain_text("既読")
    await expect(typing(page)).to_be_hidden()


async def test_an_old_button_still_works_and_says_that_it_is_old(
    page: Page, running: Running
) -> None:
    """Buttons stay in a chat for ever, so they have to stay tappable here as well."""
    await befriend(page, running)
    await reply(page, "カードを見る")
    older = page.get_by_text("前のご案内です。ボタンは今も押せます。")
    await expect(talk(page).get_by_role("button", name="できた")).to_be_visible()
    await expect(older.locator("visible=true")).to_have_count(0)
    await write(page, "べつの話")
    await expect(bots(page).last).to_contain_text("べつの話")
    await expect(older.locator("visible=true")).to_have_count(1)
    await talk(page).get_by_role("button", name="できた").click()
    await expect(mine(page).last).to_contain_text("できた")
    await expect(bots(page).last).to_contain_text("わかりました。")


async def test_a_row_of_cards_scrolls_sideways_and_keeps_the_page_in_place(
    page: Page, running: Running
) -> None:
    """Only the row moves: a page that scrolls sideways is lost on a phone."""
    await befriend(page, running)
    await reply(page, "並んだカードを見る")
    row = talk(page).get_by_role("list", name="横に並んだカード（3枚）")
    await expect(row.get_by_role("listitem")).to_have_count(3)
    assert await row.evaluate("row => row.scrollWidth > row.clientWidth")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await row.get_by_role("button", name="電話で進む").click()
    await expect(mine(page).last).to_contain_text("電話で進む")


async def test_stickers_and_pictures_can_be_sent(page: Page, running: Running) -> None:
    """The bot has to answer them, so staff must be able to send them."""
    somebody = await befriend(page, running)
    await page.get_by_role("button", name="スタンプを送る").click()
    await expect(mine(page).get_by_role("img", name="スタンプ")).to_be_visible()
    await expect(bots(page).last).to_contain_text("受け取りました。")
    await page.get_by_role("button", name="画像を送る").click()
    await expect(mine(page).get_by_role("img", name="画像")).to_be_visible()
    assert [message.kind for message in somebody.seen if message.mine] == ["sticker", "image"]


async def test_two_tabs_of_one_person_show_the_same_talk(
    page: Page, context: BrowserContext, running: Running
) -> None:
    """What happens in one tab appears in the other at once, in the same order."""
    await befriend(page, running)
    second = await context.new_page()
    await second.goto(page.url)
    await expect(chips(second)).to_have_count(len(standin.CHOICES))
    await reply(second, "カードを見る")
    for tab in (page, second):
        await expect(talk(tab).get_by_text("電話で退会する")).to_be_visible()
        await expect(mine(tab)).to_contain_text("既読")
        await expect(chips(tab)).to_have_count(0)
    assert await talk(page).inner_text() == await talk(second).inner_text()


async def test_a_tab_nobody_looks_at_holds_no_connection(page: Page, running: Running) -> None:
    """Browsers keep six connections to one server: a seventh tab would hang. Seen again, it is up
    to date."""
    somebody = await befriend(page, running)
    await turn_away(page)
    await asyncio.to_thread(somebody.say, "見ていないあいだ")
    await expect(mine(page)).to_have_count(0)
    await turn_back(page)
    await expect(mine(page).locator(".mine")).to_have_text(["見ていないあいだ"])
    await expect(bots(page).last).to_contain_text("見ていないあいだ")
    await expect(page.locator("#lost")).to_be_hidden()


async def test_the_newest_message_is_in_sight_unless_one_went_back(
    page: Page, running: Running
) -> None:
    """Reading on happens by itself; reading back is not interrupted, one button leads on."""
    await befriend(page, running)
    for label in ("カードを見る", "並んだカードを見る"):
        await write(page, "つぎ")
        await reply(page, label)
        await expect(bots(page).last).to_be_in_viewport()
    below = "((talk) => talk.scrollHeight - talk.scrollTop - talk.clientHeight)"
    left = f'{below}(document.querySelector(".is-active .talk"))'
    await page.wait_for_function(f"() => {left} < 2")
    await phone(page).locator(".talk").hover()
    await page.mouse.wheel(0, -700)
    await page.wait_for_function(f"() => {left} > 400")  # the wheel turns on for a while
    newest = page.get_by_role("button", name="新しいメッセージへ")
    await expect(newest).to_be_hidden()
    await asyncio.to_thread(person(page, running).follow)
    await expect(newest).to_be_visible()
    assert await page.evaluate(left) > 400
    await newest.click()
    await page.wait_for_function(f"() => {left} < 2")
    await expect(newest).to_be_hidden()


async def test_hostile_text_stays_text_on_both_sides_of_the_talk(
    page: Page, running: Running
) -> None:
    """What is typed and what the bot repeats is shown as written; nothing of it runs."""
    await befriend(page, running)
    bad = "<img src=x onerror=\"document.title='x'\"><script>document.title='x'</script>&lt;b&gt;"
    await write(page, bad)
    await expect(bots(page).last).to_contain_text(bad)
    assert await mine(page).last.locator(".mine").inner_text() == bad
    assert await page.title() == "退会ナビ シミュレーター"
    assert await talk(page).locator("img[src=x], script").count() == 0
