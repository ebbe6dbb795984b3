"""What a person does on the page, and what they see on it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Locator, Page, expect

from bot.simulator.people import Person

from .conftest import Running


async def befriend(page: Page, running: Running) -> Person:
    """Open the page as somebody new and add the account as a friend."""
    await page.goto(running.url)
    await page.get_by_role("button", name="友だち追加").click()
    await expect(bots(page).first).to_be_visible()
    await expect(typing(page)).to_be_hidden()
    return person(page, running)


def person(page: Page, running: Running) -> Person:
    """Whoever is on the other side of *page*."""
    return running.people.feed(key(page)).person


def key(page: Page) -> str:
    """The key, in addresses, of whom the record of *page* is about."""
    return parse_qs(urlsplit(page.url).query)["user"][0]


def phone(page: Page) -> Locator:
    """The phone the record is about; another may stand beside it."""
    return page.locator(".phone.is-active")


def field(page: Page) -> Locator:
    """Where one writes."""
    return phone(page).get_by_role("textbox", name="メッセージ")


def chips(page: Page) -> Locator:
    """The quick replies on the screen."""
    return phone(page).locator(".quick-list button")


async def reply(page: Page, label: str) -> None:
    """Tap a quick reply."""
    replies = phone(page).get_by_role("group", name="返信の候補")
    await replies.get_by_role("button", name=label, exact=True).click()


def talk(page: Page) -> Locator:
    """Everything in the talk."""
    return phone(page).get_by_role("log")


def bots(page: Page) -> Locator:
    """The bot's messages."""
    return phone(page).locator(".log .is-bot")


def mine(page: Page) -> Locator:
    """The person's own messages."""
    return phone(page).locator(".log .is-me")


def typing(page: Page) -> Locator:
    """The dots that say that an answer is awaited."""
    return phone(page).locator(".typing")


async def write(page: Page, text: str) -> None:
    """Type a message and send it with Enter."""
    await field(page).fill(text)
    await field(page).press("Enter")


def desk(page: Page) -> Locator:
    """What stands beside the phone."""
    return page.get_by_role("region", name="シミュレーターの操作と記録")


async def open_tab(page: Page, name: str) -> Locator:
    """Turn to a tab of the desk; the result is its pane."""
    await page.get_by_role("tab", name=name, exact=True).click()
    return page.get_by_role("tabpanel", name=name, exact=True)


def turn(page: Page, n: int) -> Locator:
    """The record of the *n*-th turn."""
    return page.locator(f"#turns > [data-turn='{n}']")


async def answered(page: Page, n: int) -> None:
    """Wait until the *n*-th turn has come to its end."""
    await expect(turn(page, n)).to_be_attached()
    await expect(typing(page)).to_be_hidden()
