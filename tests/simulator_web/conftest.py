"""A running simulator with a stand-in flow, a real browser, and a page that must stay clean."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from bot.app import CatalogStep
from bot.simulator.loopback import LoopbackServer
from bot.simulator.session import Session
from bot.simulator.web.people import People
from bot.simulator.web.serve import chatting

from . import standin

TOKEN = "0123456789abcdef0123456789abcdef"
WIDE: ViewportSize = {"width": 1400, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ARGUMENTS = (
    "--no-sandbox",  # tests may run as root
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 20_000
"""Milliseconds a page has to come to what is expected of it: what is slow is not yet broken."""
expect.set_options(timeout=PATIENCE)

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Running:
    """A simulator that is being served: its address, and what is behind the page."""

    url: str
    session: Session
    people: People


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """The simulator of most tests. Each test is somebody new in it."""
    with serving(standin.step) as served:
        yield served


@pytest.fixture(scope="session")
def real() -> Iterator[Running]:
    """The simulator with the real flow and content."""
    with serving() as served:
        yield served


@contextmanager
def serving(step: CatalogStep | None = None) -> Iterator[Running]:
    """Serve the web chat around a session with *step*, as `taikai simulate` does."""
    server = LoopbackServer("web chat")
    try:
        with (
            Session(step=step) if step else Session() as session,
            chatting(server, session, token=TOKEN) as people,
        ):
            yield Running(server.url, session, people)
    finally:
        server.stop()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium: where BOT_CHROMIUM says, else Debian's."""
    path = os.environ.get("BOT_CHROMIUM", "/usr/bin/chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A phone of usual size, in Japan, that may use its clipboard."""
    context = await browser.new_context(
        viewport=PHONE,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(PATIENCE)
    await context.add_init_script(REPORT_VIOLATIONS)
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext, running: Running) -> AsyncIterator[Page]:
    """A page that must neither complain nor ask anybody but our own server for anything."""
    page = await context.new_page()
    complaints = watch(page, running.url)
    yield page
    await leave(running)
    assert complaints() == []


@pytest.fixture
async def wide(page: Page) -> Page:
    """A screen wide enough for the desk, and for two phones, to stand beside the phone."""
    await page.set_viewport_size(WIDE)
    return page


@pytest.fixture
async def staff(context: BrowserContext, real: Running) -> AsyncIterator[Page]:
    """A wide page for the real flow, which must not complain either."""
    page = await context.new_page()
    await page.set_viewport_size(WIDE)
    complaints = watch(page, real.url)
    yield page
    await leave(real)
    assert complaints() == []


async def leave(running: Running) -> None:
    """Let nothing of this test strike the next one: no fault, no answer that is still tried."""
    running.people.mend_line()
    await asyncio.to_thread(running.session.settle)


def watch(page: Page, url: str) -> Callable[[], list[str]]:
    """Collect what *page* complains of: console, scripts, content policy, other servers.

    That the server refused something (409) is an answer, which the page tells in words; Chromium
    writes it to the console all the same.
    """
    complaints: list[str] = []
    ours = urlsplit(url).netloc
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type in ("error", "warning") and "status of 409" not in said.text
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            complaints.append(request.url) if urlsplit(request.url).netloc != ours else None
        ),
    )
    return lambda: complaints
