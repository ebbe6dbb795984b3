"""What a person does on the page, and what they see on it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Locator, Page, expect

from bot.simulator.people import Person

from .conftest import Running

BE_SEEN = """(state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


async def befriend(page: Page, running: Running) -> Person:
    """Open the page as somebody new and add the account as a friend; the bot has greeted them."""
    await page.goto(running.url)
    async with page.expect_response("**/follow"):
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
    """Tap a quick reply; returns once the bot has answered, as the page may show a little later."""
    replies = phone(page).get_by_role("group", name="返信の候補")
    async with page.expect_response("**/tap"):
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


async def send(page: Page, text: str) -> None:
    """Type a message and send it with Enter; the bot may not even have heard of it afterwards."""
    await field(page).fill(text)
    await field(page).press("Enter")


async def write(page: Page, text: str) -> None:
    """`send` and wait until the bot has answered, as the page may show a little later.

    What is done next can then not overtake it: a page's requests are free to.
    """
    async with page.expect_response("**/say"):
        await send(page, text)


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
    """Wait until the *n*-th turn has come to its end, and the page has drawn all of it."""
    await expect(turn(page, n)).to_be_attached()
    await expect(typing(page)).to_be_hidden()


async def turn_away(page: Page) -> None:
    """Let the page be one nobody looks at; returns once it has hung up."""
    async with page.expect_event("requestfailed", lambda asked: asked.url.endswith("/stream")):
        await page.evaluate(BE_SEEN, "hidden")


async def turn_back(page: Page) -> None:
    """Let somebody look at the page again."""
    await page.evaluate(BE_SEEN, "visible")
