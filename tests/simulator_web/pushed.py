"""Messages of kinds our bot does not send, put on somebody's phone as if it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Locator, Page, expect

from bot.simulator.people import Person
from bot.simulator.screen import received

from .conftest import Running
from .handling import bots

PAGE = "https://example.jp/"


def press(label: str) -> dict[str, str]:
    """A postback that says what it reads."""
    return {"type": "postback", "label": label, "data": f"data:{label}", "displayText": label}


def picker(label: str, mode: str, **ends: str) -> dict[str, str]:
    """A button that asks for a date, a time, or both."""
    return {"type": "datetimepicker", "label": label, "data": "when", "mode": mode, **ends}


def template(**given: Any) -> dict[str, Any]:
    """A template message."""
    return {"type": "template", "altText": "ご案内", "template": given}


def buttons(*actions: Mapping[str, str]) -> dict[str, Any]:
    """A buttons template with these actions."""
    return template(type="buttons", title="題", text="本文", actions=[*actions])


async def pushed(
    page: Page, running: Running, somebody: Person, message: Mapping[str, Any]
) -> Locator:
    """*message* as it stands on *somebody*'s phone."""
    before = await bots(page).count()
    id = running.session.mint.message_id()
    somebody.show(received(id, message, running.session.clock.now()))
    running.session.journal.tell()
    await expect(bots(page)).to_have_count(before + 1)
    return bots(page).last


def last_event(running: Running, somebody: Person) -> dict[str, Any]:
    """What LINE told the bot last of *somebody*."""
    return running.session.journal.of(somebody.id)[-1].events[-1]
