"""Buttons that do something on the phone itself: copy, call, open a page."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Page, expect

from . import standin
from .conftest import Running
from .handling import befriend, field, reply, talk

pytestmark = pytest.mark.browser

CLIPBOARD = "navigator.clipboard.readText()"
REFUSE_CLIPBOARD = """
navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
"""


async def test_a_copy_button_copies_the_text_exactly_and_says_how_it_begins(
    page: Page, running: Running
) -> None:
    """The letter reaches the clipboard character for character, and one can see that it did."""
    await page.clock.install()
    somebody = await befriend(page, running)
    await reply(page, "文面を見る")
    async with page.expect_response("**/tap"):
        await talk(page).get_by_role("button", name="文面をコピー").click()
    toast = page.locator("#toast")
    await expect(toast).to_have_text(
        "コピーしました\n「株式会社サンプル 御中 登録の削除をお願いします…」"
    )
    assert await page.evaluate(CLIPBOARD) == standin.LETTER
    await page.clock.fast_forward(5_000)
    await expect(toast).to_be_empty()
    assert somebody.clipboard == standin.LETTER


async def test_copying_works_where_the_browser_refuses_the_new_way(
    context: BrowserContext, page: Page, running: Running
) -> None:
    """Some in-app browsers refuse `navigator.clipboard`; the old way is tried before giving up."""
    await page.add_init_script(REFUSE_CLIPBOARD)
    await befriend(page, running)
    await reply(page, "文面を見る")
    button = talk(page).get_by_role("button", name="文面をコピー")
    await button.click()
    await expect(page.locator("#toast")).to_contain_text("コピーしました")
    assert await page.evaluate(CLIPBOARD) == standin.LETTER
    await expect(button).to_be_focused()


async def test_nothing_is_claimed_when_nothing_could_be_copied(
    page: Page, running: Running
) -> None:
    """A confirmation that is not true would send somebody off with an empty clipboard."""
    await page.add_init_script(REFUSE_CLIPBOARD + "document.execCommand = () => false;")
    somebody = await befriend(page, running)
    await reply(page, "文面を見る")
    await talk(page).get_by_role("button", name="文面をコピー").click()
    await expect(page.locator("#toast")).to_contain_text("コピーできませんでした")
    assert somebody.clipboard == ""


async def test_a_page_is_opened_only_after_its_address_was_shown(
    context: BrowserContext, page: Page, running: Running
) -> None:
    """The address stands there in full; 「やめる」 opens nothing, 「開く」 a tab without ties."""
    await context.route("https://example.jp/**", lambda route: route.fulfill(body="外のページ"))
    somebody = await befriend(page, running)
    await reply(page, "カードを見る")
    link = talk(page).get_by_role("button", name="公式の退会ページ（外部）")
    sheet = page.get_by_role("dialog")
    await link.click()
    await expect(sheet.get_by_role("heading")).to_have_text("この先のページを開きますか？")
    await expect(sheet).to_contain_text(standin.PAGE)
    await sheet.get_by_role("button", name="やめる").click()
    await expect(sheet).to_be_hidden()
    await expect(link).to_be_focused()
    assert len(context.pages) == 1
    assert somebody.opened == []

    await link.click()
    async with context.expect_page() as opening, page.expect_response("**/tap"):
        await sheet.get_by_role("link", name="開く").click()
    outside = await opening.value
    await outside.wait_for_url(standin.PAGE)  # it begins as an empty one
    assert await outside.evaluate("[opener, document.referrer]") == [None, ""]
    await expect(sheet).to_be_hidden()
    assert somebody.opened == [standin.PAGE]


async def test_a_phone_number_is_shown_before_it_is_called(page: Page, running: Running) -> None:
    """A call cannot be taken back: the sheet shows the number, and Escape leaves."""
    await befriend(page, running)
    await reply(page, "カードを見る")
    await talk(page).get_by_role("button", name="電話をかける").click()
    sheet = page.get_by_role("dialog")
    await expect(sheet.get_by_role("heading")).to_have_text("この番号に電話をかけますか？")
    number = standin.PHONE.replace("-", "")
    await expect(sheet).to_contain_text(number)
    call = sheet.get_by_role("link", name="電話をかける")
    await expect(call).to_have_attribute("href", f"tel:{number}")
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()


async def test_an_address_of_another_kind_cannot_be_opened(page: Page, running: Running) -> None:
    """LINE opens http, https, line and tel. A script as an address must stay a text."""
    await befriend(page, running)
    for address in ("javascript:document.title='x'", "data:text/html,x", "file:///etc/passwd"):
        await page.evaluate(
            "a => import('/static/sheet.js').then((m) => m.ask(a, () => {}))", address
        )
        sheet = page.get_by_role("dialog")
        await expect(sheet).to_contain_text(address)
        await expect(sheet.get_by_role("heading")).to_have_text("この行き先は開けません")
        await expect(sheet.locator("a:visible")).to_have_count(0)
        assert await sheet.locator("a").get_attribute("href") is None
        await page.keyboard.press("Escape")
        await expect(sheet).to_be_hidden()


async def test_an_address_in_a_text_can_be_tapped(page: Page, running: Running) -> None:
    """LINE makes addresses in texts tappable; here too the way there leads over the sheet."""
    await befriend(page, running)
    await field(page).fill("公式は https://example.jp/faq です")
    await page.get_by_role("button", name="送信").click()
    await talk(page).get_by_role("button", name="https://example.jp/faq").click()
    await expect(page.get_by_role("dialog")).to_contain_text("https://example.jp/faq")
