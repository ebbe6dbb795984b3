"""The rich menu at the foot of the phone: its bar, its picture, its areas, and the field behind."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from bot.simulator.people import Person

from .conftest import Running
from .handling import befriend, bots, field, mine, phone, write
from .pushed import PAGE, buttons, last_event, press, pushed

pytestmark = pytest.mark.browser

HALF = {"y": 0, "width": 1250, "height": 843}


def png(width: int, height: int) -> bytes:
    """A plain picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xcc" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def area(x: int, **action: str) -> dict[str, Any]:
    """One half of the picture."""
    return {"bounds": {"x": x, **HALF}, "action": action}


def make(running: Running, id: str, *areas: dict[str, Any], selected: bool = True) -> None:
    """A menu with its picture, as a bot would upload it; nobody's yet."""
    menus = running.session.line.rich_menus
    size = {"width": 2500, "height": 843}
    look = {"size": size, "selected": selected, "name": id, "chatBarText": "メニュー"}
    menus.add(id, {**look, "areas": [*areas]})
    menus.picture(id, png(25, 8), "image/png")


@pytest.fixture(autouse=True)
def no_menus(running: Running) -> Iterator[None]:
    """The session is every test's: its menus go with the test that made them."""
    yield
    menus = running.session.line.rich_menus
    for menu in menus.every:
        menus.delete(menu.id)


def bar(page: Page) -> Locator:
    """What opens and closes the menu."""
    return phone(page).get_by_role("button", name="メニュー", exact=True)


def picture(page: Page) -> Locator:
    """The open menu."""
    return phone(page).get_by_role("group", name="メニュー", exact=True)


async def with_menu(
    page: Page, running: Running, *areas: dict[str, Any], selected: bool = True
) -> Person:
    """Somebody whose phone shows a menu with these areas."""
    somebody = await befriend(page, running)
    make(running, f"richmenu-{somebody.id}", *areas, selected=selected)
    running.session.line.rich_menus.link(somebody.id, f"richmenu-{somebody.id}")
    await asyncio.to_thread(somebody.say, "メニューをください")  # the field may be gone already
    await expect(bar(page)).to_be_visible()
    return somebody


async def test_without_a_menu_there_is_no_trace_of_one(page: Page, running: Running) -> None:
    """Our bot has none: the foot is the field one writes in."""
    await befriend(page, running)
    await expect(bar(page)).to_be_hidden()
    await expect(phone(page).get_by_role("button", name="メニューに戻す")).to_be_hidden()
    await expect(field(page)).to_be_visible()


async def test_a_menu_opens_and_closes_at_its_bar(page: Page, running: Running) -> None:
    """`selected` says how it begins; the bar says which it is."""
    await with_menu(page, running, area(0, **press("さがす")), selected=False)
    await expect(field(page)).to_be_hidden()
    await expect(picture(page)).to_be_hidden()
    await expect(bar(page)).to_have_attribute("aria-expanded", "false")
    await bar(page).press("Enter")
    await expect(bar(page)).to_have_attribute("aria-expanded", "true")
    await expect(picture(page)).to_be_visible()
    box = await picture(page).bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(2500 / 843, rel=0.02)
    await bar(page).click()
    await expect(picture(page)).to_be_hidden()


async def test_the_areas_do_what_buttons_do(page: Page, running: Running) -> None:
    """A postback is told to the bot, its display text is one's own; a link shows where it leads."""
    link = area(1250, type="uri", label="公式", uri=PAGE)
    somebody = await with_menu(page, running, area(0, **press("さがす")), link)
    await picture(page).get_by_role("button", name="さがす").click()
    await expect(mine(page).last.locator(".mine")).to_have_text("さがす")
    assert last_event(running, somebody)["postback"] == {"data": "data:さがす"}
    assert somebody.done[-1].deed.value == {"label": "さがす", "of": "rich_menu"}
    await picture(page).get_by_role("button", name="公式").click()
    await expect(page.get_by_role("dialog")).to_contain_text(PAGE)


async def test_the_field_is_one_button_away(page: Page, running: Running) -> None:
    """The keyboard's sign leads to the field, three lines lead back; focus goes along."""
    await with_menu(page, running, area(0, **press("さがす")))
    await phone(page).get_by_role("button", name="文字を入力する").press("Enter")
    await expect(field(page)).to_be_focused()
    await expect(picture(page)).to_be_hidden()
    await write(page, "やあ")
    await expect(bots(page).last).to_contain_text("やあ")
    await expect(field(page)).to_be_visible()
    await phone(page).get_by_role("button", name="メニューに戻す").press("Enter")
    await expect(bar(page)).to_be_focused()
    await expect(picture(page)).to_be_visible()


async def test_an_area_may_switch_to_another_menu(page: Page, running: Running) -> None:
    """The other menu appears, and the bot is told its alias and that it worked."""
    switch = {"type": "richmenuswitch", "label": "次の面", "data": "p=2"}
    somebody = await with_menu(page, running, area(0, **switch, richMenuAliasId="second"))
    menus = running.session.line.rich_menus
    second = f"{menus.linked(somebody.id)}-2"
    make(running, second, area(0, **press("二面")))
    menus.name("second", second)
    await picture(page).get_by_role("button", name="次の面").click()
    await expect(picture(page).get_by_role("button", name="二面")).to_be_visible()
    assert last_event(running, somebody)["postback"] == {
        "data": "p=2",
        "params": {"newRichMenuAliasId": "second", "status": "SUCCESS"},
    }


async def test_a_menu_that_was_taken_away_leaves_the_field(page: Page, running: Running) -> None:
    """The next thing that happens shows it gone; a tap on it just before is refused in words."""
    somebody = await with_menu(page, running, area(0, **press("さがす")))
    id = running.session.line.rich_menus.linked(somebody.id)
    known = {"menu": {"id": id}}
    await page.route("**/people/*/menu", lambda route: route.fulfill(json=known))
    running.session.line.rich_menus.delete(id)
    await picture(page).get_by_role("button", name="さがす").click()
    await expect(page.locator("#toast")).to_have_text("そのメニューは、もうありません。")
    await page.unroute("**/people/*/menu")
    message = await pushed(page, running, somebody, buttons(press("はい")))
    await message.get_by_role("button", name="はい").click()
    await expect(bar(page)).to_be_hidden()
    await expect(field(page)).to_be_visible()


async def test_a_button_may_open_the_menu_or_the_field(page: Page, running: Running) -> None:
    """LINE's `inputOption`: the field may come with words already in it."""
    somebody = await with_menu(page, running, area(0, **press("さがす")), selected=False)
    asked = buttons(
        {**press("メニューを開く"), "inputOption": "openRichMenu"},
        {**press("書く"), "inputOption": "openKeyboard", "fillInText": "氏名：\n電話："},
    )
    message = await pushed(page, running, somebody, asked)
    n = await message.get_attribute("data-n")
    entry = page.locator(f"[data-n='{n}']")
    await entry.get_by_role("button", name="メニューを開く").click()
    await expect(picture(page)).to_be_visible()
    await entry.get_by_role("button", name="書く").click()
    await expect(field(page)).to_be_focused()
    await expect(field(page)).to_have_value("氏名：\n電話：")


async def test_axe_finds_nothing_to_mend_in_an_open_menu(page: Page, running: Running) -> None:
    """Areas are buttons with names, the picture is none of its own."""
    await with_menu(page, running, area(0, **press("さがす")), area(1250, **press("使い方")))
    await expect(picture(page).get_by_role("button")).to_have_count(2)
    results = await Axe().run(page)
    assert [rule["id"] for rule in results.response["violations"]] == []
