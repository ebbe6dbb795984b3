"""What a person does on the page, and what they see on it."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from bot.simulator.people import Person

from .conftest import Running


async def befriend(page: Page, running: Running) -> Person:
    """Open the page as somebody new and add the account as a friend."""
    await page.goto(running.url)
    await page.get_by_role("button", name="友だち追加").click()
    await expect(bots(page).first).to_be_visible()
    await expect(page.locator("#typing")).to_be_hidden()
    return person(page, running)


def person(page: Page, running: Running) -> Person:
    """Whoever is on the other side of *page*."""
    return running.people.feed(page.url.rpartition("user=")[2]).person


def chips(page: Page) -> Locator:
    """The quick replies on the screen."""
    return page.locator("#quick-list button")


async def reply(page: Page, label: str) -> None:
    """Tap a quick reply."""
    await page.locator("#quick-list").get_by_role("button", name=label, exact=True).click()


def talk(page: Page) -> Locator:
    """Everything in the talk."""
    return page.get_by_role("log")


def bots(page: Page) -> Locator:
    """The bot's messages."""
    return page.locator("#log .is-bot")


def mine(page: Page) -> Locator:
    """The person's own messages."""
    return page.locator("#log .is-me")


async def write(page: Page, text: str) -> None:
    """Type a message and send it with Enter."""
    await page.get_by_label("メッセージ").fill(text)
    await page.get_by_label("メッセージ").press("Enter")
