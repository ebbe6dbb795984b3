"""The meters of a record say in words what is limited, and how much of it is left."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.simulator.inspector.limit_words import says

from .conftest import Running
from .handling import befriend

pytestmark = pytest.mark.browser

DRAW = """limits => import("/static/limits.js").then((module) => {
  const drawn = module.drawLimits(limits);
  drawn.id = "drawn";
  document.querySelector("#turns-none").before(drawn);
})"""


def meter(what: str, used: int, most: int, level: str) -> dict[str, Any]:
    """A meter as the server tells it."""
    told = {"what": what, "says": says(what), "used": used, "most": most}
    return {**told, "unit": "文字", "share": used / most, "level": level}


async def test_a_meter_reads_as_staff_speak_and_keeps_lines_name(
    wide: Page, running: Running
) -> None:
    """The words stand there; LINE's name is one hover away; too much is said, not only coloured."""
    await befriend(wide, running)
    given = [
        meter("quickReply.label", 21, 20, "over"),
        meter("flex.label", 38, 40, "near"),
        meter("postback.displayText", 3, 300, "within"),
    ]
    await wide.evaluate(DRAW, given)
    items = wide.locator("#drawn > li")
    await expect(items).to_have_text(
        [
            "返信の候補の言葉21 / 20文字（超えています）",
            "ボタンの言葉38 / 40文字（残りわずか）",
            "ボタンを押すと出る言葉3 / 300文字",
        ]
    )
    await expect(items.first).to_have_attribute("title", "quickReply.label")
    await expect(items.first.get_by_role("meter")).to_have_accessible_name(
        "返信の候補の言葉：21 / 20文字（超えています）"
    )
