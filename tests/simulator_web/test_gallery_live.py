"""The gallery beside the chat: it follows the content's files as the chat does."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from .test_reload import Watched, reader, watched

__all__ = ["reader", "watched"]

pytestmark = pytest.mark.browser


async def test_the_gallery_follows_the_content(reader: Page, watched: Watched) -> None:
    """A new sentence is there, a mistake is shown in place and goes; nothing is complained of."""
    await reader.goto(f"{watched.running.url}/gallery?service=yakukyari")
    message = reader.get_by_text("いま、選考中")
    await expect(message.first).to_be_attached()

    good = watched.phrases.read_text("utf-8")
    watched.phrases.write_text(good + "\nnobody_knows_this: もじ\n", "utf-8")
    assert watched.live.look()
    banner = reader.get_by_role("alert").filter(has_text="内容に誤りがあります")
    await expect(banner).to_contain_text(f"content/texts/withdrawal.yaml:{good.count(chr(10)) + 2}")
    report = await Axe().run(reader)
    assert report.violations_count == 0, report.generate_report()

    watched.phrases.write_text(good.replace("いま、選考中", "ただいま、選考中"), "utf-8")
    assert watched.live.look()
    await expect(reader.get_by_text("ただいま、選考中").first).to_be_attached()
    await expect(banner).to_be_hidden()


async def test_a_service_nobody_has_is_named(reader: Page, watched: Watched) -> None:
    """A wrong address ends in a sentence with the right ones."""
    answer = await reader.request.get(f"{watched.running.url}/gallery?service=nobody")
    assert answer.status == 404
    assert "nobody: そのサービスはありません" in await answer.text()
