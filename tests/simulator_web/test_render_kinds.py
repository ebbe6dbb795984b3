"""Messages our bot does not send are still drawn as what they are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.simulator.render.message import render

from .conftest import Running
from .handling import answered, befriend, mine
from .markup import read
from .pushed import PAGE, press, pushed, template
from .test_render_safety import PAYLOADS, must_be_ours

IMAGEMAP = {
    "type": "imagemap",
    "baseUrl": f"{PAGE}map",
    "altText": "窓口の地図",
    "baseSize": {"width": 1040, "height": 520},
    "actions": [
        {
            "type": "uri",
            "label": "本社",
            "linkUri": PAGE,
            "area": {"x": 0, "y": 0, "width": 520, "height": 520},
        },
        {
            "type": "message",
            "text": "支社",
            "area": {"x": 520, "y": 130, "width": 260, "height": 260},
        },
    ],
}
PICTURES = template(
    type="image_carousel",
    columns=[{"imageUrl": f"{PAGE}{n}.png", "action": press(f"写真{n}")} for n in (1, 2)],
)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "audio", "originalContentUrl": f"{PAGE}a.m4a", "duration": 65_000}, "音声 1:05"),
        ({"type": "audio", "originalContentUrl": f"{PAGE}a.m4a"}, "音声 0:00"),
        ({"type": "video", "originalContentUrl": f"{PAGE}a.mp4"}, "動画"),
        ({"type": "sticker", "packageId": "446", "stickerId": "1988"}, "446 / 1988"),
        (
            {
                "type": "location",
                "title": "東京駅",
                "address": "丸の内1丁目",
                "latitude": 35.681236,
                "longitude": 139.767125,
            },
            "35.68124, 139.76712東京駅丸の内1丁目",
        ),
        (IMAGEMAP, f"{PAGE}map本社支社"),
        (PICTURES, f"画像{PAGE}1.png写真1画像{PAGE}2.png写真2"),
        ({"type": "coupon", "couponId": "1"}, "表示できないメッセージ：coupon"),
    ],
    ids=["audio", "no length", "video", "sticker", "location", "imagemap", "pictures", "coupon"],
)
def test_each_kind_shows_what_it_holds(message: dict[str, Any], words: str) -> None:
    """Staff see what was sent, with the address where there is a file to load."""
    drawn = read(render(message))
    assert words in drawn.text
    must_be_ours(drawn)


def test_the_places_of_an_imagemap_are_shares_of_its_picture() -> None:
    """LINE counts in the picture's pixels; the page draws it at another size."""
    drawn = read(render(IMAGEMAP))
    places = [given for _, given in drawn.tags if given.get("class") == "area"]
    assert [given["data-css"] for given in places] == [
        "left:0%;top:0%;width:50%;height:100%",
        "left:50%;top:25%;width:25%;height:50%",
    ]
    assert json.loads(places[0]["data-action"])["linkUri"] == PAGE
    assert "aspect-ratio:1040 / 520" in drawn.all("data-css")[0]


@pytest.mark.parametrize("bad", [*PAYLOADS, -1, 10**9, float("nan"), True, None, [], {}])
def test_nothing_in_these_kinds_makes_markup_of_its_own(bad: object) -> None:
    """A picture without extent, a place that is no number, a hostile address: all are drawn."""
    area = dict.fromkeys(("x", "y", "width", "height"), bad)
    action = {"type": "uri", "label": bad, "linkUri": bad, "area": area}
    size = {"width": bad, "height": bad}
    known = {"width": 1040, "height": 1040}
    messages: list[dict[str, Any]] = [
        {"type": "imagemap", "baseUrl": bad, "baseSize": size, "actions": [action, bad]},
        {"type": "imagemap", "altText": bad, "baseSize": known, "actions": [action]},
        {"type": "audio", "originalContentUrl": bad, "duration": bad},
        {"type": "location", "title": bad, "address": bad, "latitude": bad, "longitude": bad},
        template(type="image_carousel", columns=[{"imageUrl": bad, "action": action}, bad]),
    ]
    for message in messages:
        must_be_ours(read(render(message)))


@pytest.mark.browser
async def test_templates_and_imagemaps_can_be_tapped(page: Page, running: Running) -> None:
    """Each button says what it reads, wherever it stands: beside, below, in a row, on a picture."""
    somebody = await befriend(page, running)
    confirm = template(
        type="confirm", text="退会しますか", actions=[press("はい"), press("いいえ")]
    )
    column = {"text": "本文", "actions": [press("えらぶ")], "defaultAction": press("カード全体")}
    cases = [
        (confirm, ["いいえ", "はい"]),
        (template(type="carousel", columns=[column]), ["えらぶ", "カード全体"]),
        (PICTURES, ["写真2"]),
        (IMAGEMAP, ["支社"]),
    ]
    for message, labels in cases:
        shown = await pushed(page, running, somebody, message)
        handle = await shown.element_handle()
        assert handle is not None
        for label in labels:
            n = await mine(page).count()
            turns = len(running.session.journal.of(somebody.id))
            entry = page.locator(f"[data-n='{await handle.get_attribute('data-n')}']")
            await entry.get_by_role("button", name=label, exact=True).click()
            await expect(mine(page)).to_have_count(n + 1)
            await expect(mine(page).last.locator(".mine")).to_have_text(label)
            await answered(page, turns + 1)  # or its messages come after those of the next case


@pytest.mark.browser
async def test_the_way_on_an_imagemap_leads_over_the_sheet(page: Page, running: Running) -> None:
    """Its links are links: the address is shown first."""
    somebody = await befriend(page, running)
    shown = await pushed(page, running, somebody, IMAGEMAP)
    await shown.get_by_role("button", name="本社").click()
    await expect(page.get_by_role("dialog")).to_contain_text(PAGE)


@pytest.mark.browser
async def test_axe_finds_nothing_to_mend_in_these_kinds(page: Page, running: Running) -> None:
    """Frames have names, places on pictures are buttons, rows can be reached by keyboard."""
    somebody = await befriend(page, running)
    for message in (
        IMAGEMAP,
        PICTURES,
        template(type="buttons", title="題", text="本文", actions=[press("はい")]),
        {"type": "audio", "originalContentUrl": f"{PAGE}a.m4a", "duration": 1000},
        {"type": "location", "title": "東京駅", "address": "丸の内"},
    ):
        await pushed(page, running, somebody, message)
    results = await Axe().run(page)
    assert [rule["id"] for rule in results.response["violations"]] == []
