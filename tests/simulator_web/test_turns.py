"""The record beside the phone: what each turn was, from what came in to what went out."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Page, expect

from bot.simulator.fake_line.faults import Fault

from .conftest import Running
from .handling import answered, befriend, bots, desk, mine, reply, turn, write

pytestmark = pytest.mark.browser

CLIPBOARD = "navigator.clipboard.readText()"
STEPS = ["届いたもの", "読みとり", "条件", "遷移", "回答", "返した言葉", "LINEへの呼び出し"]


async def test_a_turn_reads_from_the_event_to_the_calls(staff: Page, real: Running) -> None:
    """Event, reading, guards, row, answers, messages, calls: in the order in which they happen."""
    somebody = await befriend(staff, real)
    await write(staff, "やくきゃり")
    second = turn(staff, 2)
    await expect(second.locator(".step-title")).to_have_text(STEPS)
    await expect(second.locator("summary").first).to_contain_text("「やくきゃり」")
    await expect(second.locator("summary").first).to_contain_text("サービス選び → 選考の確認")
    await expect(second).to_contain_text("サービスの名前：薬キャリ")
    await expect(second).to_contain_text(re.compile(r"flows/withdrawal\.py:\d+"))
    await expect(second.locator(".diff.is-added")).to_contain_text("choose yakukyari")
    await expect(second).to_contain_text(re.compile(r"content/texts/withdrawal\.yaml:\d+"))
    await expect(second.locator(".call")).to_contain_text("POST /v2/bot/message/reply 200")
    await expect(desk(staff).locator("#standing")).to_contain_text(somebody.state)


async def test_every_guard_that_was_asked_shows_what_it_said(staff: Page, real: Running) -> None:
    """Why this row and not the one above: in words, and by the guard's name in the code."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await reply(staff, "ない")
    tries = turn(staff, 3).locator(".try")
    await expect(tries).to_have_count(2)
    await expect(tries.first).to_contain_text("✗ ちがう")
    await expect(tries.first).to_contain_text("rewards_a_found_job")
    await expect(tries.last).to_contain_text("✓ 成り立つ")
    says = await tries.locator(".try-says").all_inner_texts()
    assert all(re.search("[ぁ-ん]", said) for said in says), says


async def test_an_answer_that_is_taken_back_shows_as_gone(staff: Page, real: Running) -> None:
    """Going back removes an answer: the difference says which, by a sign as well as a colour."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    await reply(staff, "ない")
    await reply(staff, "戻る")
    gone = turn(staff, 4).locator(".diff.is-gone")
    await expect(gone).to_have_count(1)
    await expect(gone).to_contain_text("選考の確認")
    await expect(gone.get_by_role("img", name="消えた")).to_have_text("−")


async def test_limits_are_shown_with_the_nearest_first(staff: Page, real: Running) -> None:
    """How much room is left before LINE refuses a message, as meters with numbers."""
    await befriend(staff, real)
    meters = turn(staff, 1).get_by_role("meter")
    await expect(meters.first).to_be_visible()
    shares = [float(await meter.get_attribute("value") or 0) for meter in await meters.all()]
    assert len(shares) >= 4
    assert shares == sorted(shares, reverse=True)
    await expect(meters.first).to_have_accessible_name(re.compile(r"：\d+ / \d+"))


async def test_a_turn_can_be_copied_in_three_forms(staff: Page, real: Running) -> None:
    """As JSON for a report, as curl to send it again, as the step of a talk."""
    await befriend(staff, real)
    await write(staff, "やくきゃり")
    second = turn(staff, 2)
    toast = staff.locator("#toast")
    await second.get_by_role("button", name="JSONをコピー").click()
    await expect(toast).to_have_text("JSONをコピーしました")
    copied = json.loads(await staff.evaluate(CLIPBOARD))
    assert copied["event"]["message"]["text"] == "やくきゃり"
    await second.get_by_role("button", name="curlをコピー").click()
    await expect(toast).to_have_text("curlをコピーしました")
    assert "x-line-signature" in await staff.evaluate(CLIPBOARD)
    await second.get_by_role("button", name="台本の行をコピー").click()
    await expect(toast).to_have_text("台本の行をコピーしました")
    assert "- say: やくきゃり" in await staff.evaluate(CLIPBOARD)


async def test_raw_json_is_there_when_it_is_asked_for(wide: Page, running: Running) -> None:
    """The event as LINE sends it and the messages as the bot sends them."""
    await befriend(wide, running)
    await reply(wide, "文面を見る")
    await answered(wide, 2)  # a turn that is drawn anew closes what was opened in it
    second = turn(wide, 2)
    await second.get_by_text("イベント（JSON）").click()
    await expect(second.locator("pre")).to_contain_text('"isRedelivery": false')
    await second.get_by_text("メッセージ（JSON）").click()
    await expect(second.locator("pre").last).to_contain_text('"clipboardText"')


async def test_a_call_that_fails_is_shown_with_its_status_and_reason(
    wide: Page, running: Running
) -> None:
    """The bot tries again and the answer arrives: only the record tells that it took two calls."""
    await befriend(wide, running)
    running.session.line.faults.inject(Fault.ERROR)
    await write(wide, "とどきますか")
    await expect(bots(wide).last).to_contain_text("とどきますか")
    calls = turn(wide, 2).locator(".call")
    await expect(calls).to_have_count(2)
    await expect(calls.first.locator(".bad")).to_contain_text("500")
    await expect(calls.first).to_contain_text("わざと：500")
    await expect(calls.last.locator(".good")).to_contain_text("200")


async def test_what_never_reached_the_bot_is_marked(wide: Page, running: Running) -> None:
    """A webhook the app turns down: the person's message says so, with the status."""
    await befriend(wide, running)
    house = running.session._house
    secret, house.secret = house.secret, "0" * 32
    try:
        await write(wide, "署名がちがいます")
        await expect(mine(wide).last).to_contain_text("届きませんでした（HTTP 401）")
    finally:
        house.secret = secret
    await expect(turn(wide, 2).locator("summary .bad").first).to_contain_text("401")
    await write(wide, "こんどは")
    await expect(mine(wide).last).to_contain_text("既読")


async def test_only_the_newest_turn_stands_open(wide: Page, running: Running) -> None:
    """The list stays readable as it grows, and what somebody opened stays open."""
    await befriend(wide, running)
    await write(wide, "ひとつ")
    await expect(turn(wide, 2).locator(".turn-body")).to_be_visible()
    await expect(turn(wide, 1).locator(".turn-body")).to_be_hidden()
    await turn(wide, 1).locator("summary").first.click()
    await expect(turn(wide, 1).locator(".turn-body")).to_be_visible()
    await write(wide, "ふたつ")
    await expect(turn(wide, 3).locator(".turn-body")).to_be_visible()
    await expect(turn(wide, 1).locator(".turn-body")).to_be_visible()
    await expect(turn(wide, 2).locator(".turn-body")).to_be_hidden()


async def test_the_list_can_be_narrowed_down_by_words(wide: Page, running: Running) -> None:
    """In a long talk one looks for a state, a message's id, a word."""
    await befriend(wide, running)
    await write(wide, "りんご")
    await write(wide, "みかん")
    listed = wide.locator("#turns > li:visible")
    await expect(listed).to_have_count(3)
    await wide.get_by_label("しぼりこみ").fill("りんご")
    await expect(listed).to_have_count(1)
    await expect(listed).to_contain_text("「りんご」")
