"""Content that changes while the page is open: taken up, or its problem shown in place."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from bot.simulator.live import LiveContent
from bot.simulator.loopback import LoopbackServer
from bot.simulator.session import Session
from bot.simulator.web.serve import chatting
from content.catalog import load
from dev import ROOT

from .conftest import TOKEN, WIDE, Running, watch
from .handling import befriend, bots, mine, write

pytestmark = pytest.mark.browser


@dataclass
class Watched:
    """A simulator of content in a folder of its own."""

    running: Running
    live: LiveContent
    phrases: Path


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """The real content, copied, so that a test may change it."""
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    server = LoopbackServer("web chat")
    with Session(catalog=load(folder)) as session:
        live = LiveContent(session)
        with chatting(server, session, live, TOKEN) as people:
            running = Running(server.url, session, people)
            yield Watched(running, live, folder / "texts" / "withdrawal.yaml")


@pytest.fixture
async def reader(context: BrowserContext, watched: Watched) -> AsyncIterator[Page]:
    """A wide page, which must not complain of what changes under it."""
    page = await context.new_page()
    await page.set_viewport_size(WIDE)
    complaints = watch(page, watched.running.url)
    yield page
    assert complaints() == []


async def test_a_broken_file_is_shown_with_its_line_and_how_to_mend_it(
    reader: Page, watched: Watched
) -> None:
    """The talk goes on with the content from before, and the banner goes when it is mended."""
    await befriend(reader, watched.running)
    good = watched.phrases.read_text("utf-8")
    watched.phrases.write_text(good + "\nnobody_knows_this: もじ\n", "utf-8")
    assert watched.live.look()
    banner = reader.get_by_role("alert").filter(has_text="内容に誤りがあります")
    await expect(banner).to_be_visible()
    line = good.count("\n") + 2
    await expect(banner).to_contain_text(f"content/texts/withdrawal.yaml:{line}")
    await expect(banner).to_contain_text("→")
    await write(reader, "やくきゃり")
    await expect(bots(reader).last).to_contain_text("薬キャリ")
    watched.phrases.write_text(good, "utf-8")
    assert watched.live.look()
    await expect(banner).to_be_hidden()


async def test_a_changed_sentence_is_said_from_then_on(reader: Page, watched: Watched) -> None:
    """The page says that it was taken up, and keeps the talk."""
    await befriend(reader, watched.running)
    await write(reader, "やくきゃり")
    await expect(bots(reader).last).to_contain_text("いま、選考中")
    words = watched.phrases.read_text("utf-8")
    assert "いま、選考中" in words
    watched.phrases.write_text(words.replace("いま、選考中", "ただいま、選考中"), "utf-8")
    assert watched.live.look()
    await expect(reader.locator("#toast")).to_contain_text("内容を読み直しました")
    await expect(mine(reader)).to_have_count(1)
    await write(reader, "戻る")
    await write(reader, "やくきゃり")
    await expect(bots(reader).last).to_contain_text("ただいま、選考中")


async def test_a_renamed_state_is_renamed_everywhere(reader: Page, watched: Watched) -> None:
    """The record and the picker name states as the content does now."""
    await befriend(reader, watched.running)
    standing = reader.locator("#standing")
    await expect(standing).to_contain_text("サービス選び")
    words = watched.phrases.read_text("utf-8")
    assert "サービス選び" in words
    watched.phrases.write_text(words.replace("サービス選び", "お店選び"), "utf-8")
    assert watched.live.look()
    await expect(standing).to_contain_text("お店選び")
    await expect(reader.locator("#place-state option").first).to_contain_text("お店選び")
