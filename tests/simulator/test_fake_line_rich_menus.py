"""The fake LINE makes rich menus as LINE does; LINE's own client drives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from linebot.v3.messaging import RichMenuRequest

from bot.simulator.fake_line.pictures import size
from bot.simulator.fake_line.samples import png
from tests.line.made import FAMILY
from tests.simulator.menus import HEIGHT, POSTBACK, WIDTH, area, jpeg, menu
from tests.simulator.sdk import Refusal, sdk
from tests.simulator.served import Served, served

PNG = {"Content-Type": "image/png"}
JPEG = {"Content-Type": "image/jpeg"}


@pytest.fixture(scope="module")
def line() -> Iterator[Served]:
    with served() as running:
        yield running


async def test_a_menu_is_made_told_and_deleted(line: Served) -> None:
    """What was created is what LINE tells of it, until it is deleted."""
    async with sdk(line) as (api, _):
        made = RichMenuRequest.from_dict(menu())
        await api.validate_rich_menu_object(made)
        id = (await api.create_rich_menu(made)).rich_menu_id

        told = await api.get_rich_menu(id)
        listed = (await api.get_rich_menu_list()).richmenus
        await api.delete_rich_menu(id)
        with Refusal() as again:
            await api.delete_rich_menu(id)
        with Refusal() as gone:
            await api.get_rich_menu(id)

    assert id.startswith("richmenu-")
    assert told.to_dict() == {"richMenuId": id, **menu()}
    assert [each.rich_menu_id for each in listed].count(id) == 1
    assert {(each.status, each.message) for each in (again, gone)} == {(404, "Not found")}


async def test_validating_a_menu_makes_none(line: Served) -> None:
    """Only looked at."""
    async with sdk(line) as (api, _):
        before = len((await api.get_rich_menu_list()).richmenus)
        await api.validate_rich_menu_object(RichMenuRequest.from_dict(menu()))
        assert len((await api.get_rich_menu_list()).richmenus) == before


@pytest.mark.parametrize(
    ("picture", "headers"),
    [(png(WIDTH, HEIGHT), PNG), (jpeg(WIDTH, HEIGHT), JPEG)],
    ids=["png", "jpeg"],
)
async def test_a_picture_comes_back_as_it_was_sent(
    line: Served, picture: bytes, headers: dict[str, str]
) -> None:
    """To the byte, on the path LINE has on its data host; a second one is refused."""
    async with sdk(line) as (api, blob):
        id = (await api.create_rich_menu(RichMenuRequest.from_dict(menu()))).rich_menu_id
        with Refusal() as none_yet:
            await blob.get_rich_menu_image(id)
        await blob.set_rich_menu_image(id, bytearray(picture), _headers=headers)
        got = await blob.get_rich_menu_image(id)
        with Refusal() as second:
            await blob.set_rich_menu_image(id, bytearray(picture), _headers=headers)

    assert bytes(got) == picture
    assert none_yet.status == 404
    assert second.message == "An image has already been uploaded to the richmenu"


NOT_ALLOWED = (400, "The image size is not allowed for richmenu")


@pytest.mark.parametrize(
    ("picture", "kind", "refusal"),
    [
        (png(WIDTH, HEIGHT) + b"\0" * 1_000_000, "image/png", NOT_ALLOWED),
        (png(WIDTH, HEIGHT + 1), "image/png", NOT_ALLOWED),
        (png(WIDTH, HEIGHT), "image/jpeg", (400, "The image could not be read as image/jpeg")),
        (
            jpeg(WIDTH, HEIGHT)[:18],
            "image/jpeg",
            (400, "The image could not be read as image/jpeg"),
        ),
        (b"", "image/png", (400, "The image could not be read as image/png")),
        (png(WIDTH, HEIGHT)[:20], "image/png", (400, "The image could not be read as image/png")),
        (b"GIF89a", "image/gif", (415, "Unsupported Media Type")),
    ],
    ids=["too many bytes", "not the menu's size", "no JPEG", "half a JPEG", "empty", "half", "GIF"],
)
async def test_a_picture_that_cannot_be_shown_is_refused(
    line: Served, picture: bytes, kind: str, refusal: tuple[int, str]
) -> None:
    """Neither its type nor its size is believed unseen; a good one is taken afterwards."""
    async with sdk(line) as (api, blob):
        id = (await api.create_rich_menu(RichMenuRequest.from_dict(menu()))).rich_menu_id
        with Refusal() as refused:
            await blob.set_rich_menu_image(id, bytearray(picture), _headers={"Content-Type": kind})
        await blob.set_rich_menu_image(id, bytearray(png(WIDTH, HEIGHT)), _headers=PNG)

    assert (refused.status, refused.message) == refusal


async def test_a_picture_for_a_menu_that_is_not_there_is_refused(line: Served) -> None:
    """404, as for everything that names a menu."""
    async with sdk(line) as (_, blob):
        with Refusal() as refused:
            await blob.set_rich_menu_image(
                "richmenu-0", bytearray(png(WIDTH, HEIGHT)), _headers=PNG
            )

    assert refused.status == 404


def test_the_size_of_a_picture_is_read_off_its_head() -> None:
    """A JPEG's behind a comment that looks like it; not a size of another type's file."""
    assert size(png(2500, 843), "image/png") == (2500, 843)
    assert size(jpeg(1200, 405), "image/jpeg") == (1200, 405)
    assert size(png(2500, 843), "image/jpeg") is None
    assert size(b"\xff\xd8\xff\xd9", "image/jpeg") is None


AREA = "areas[0].action"
SIDES = menu()["size"]


def acting(**action: Any) -> dict[str, Any]:
    """A menu whose one area does *action*."""
    return menu(areas=[area(action)])


@pytest.mark.parametrize(
    "good",
    [
        menu(name=FAMILY * 300),
        menu(chatBarText=FAMILY * 14),
        menu(areas=[area()] * 20),
        menu(areas=[]),
        menu(size={"width": 2500, "height": 1686}),
        menu(size={"width": 2500, "height": 1724}),
        acting(**{**POSTBACK, "label": FAMILY * 20}),
        acting(type="message", text="はじめる"),
        acting(type="uri", uri="http://example.jp/"),
        acting(type="datetimepicker", data="1", mode="date", min="2026-04-01"),
        acting(type="richmenuswitch", richMenuAliasId="a-b_1", data="1"),
        acting(type="clipboard", clipboardText="番号"),
    ],
)
def test_a_menu_at_the_edge_of_the_rules_is_taken(line: Served, good: dict[str, Any]) -> None:
    """As much as LINE allows."""
    assert line.post("/v2/bot/richmenu/validate", good).status_code == 200


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        ({key: value for key, value in menu().items() if key != "name"}, "name"),
        (menu(name=FAMILY * 301), "name"),
        (menu(chatBarText=FAMILY * 15), "chatBarText"),
        (menu(chatBarText=""), "chatBarText"),
        (menu(selected="yes"), "selected"),
        (menu(areas=[area()] * 21), "areas"),
        (menu(areas=[area(width=WIDTH + 1)]), ""),
        (menu(areas=[area(x=-1)]), "areas[0].bounds.x"),
        (menu(areas=[area(width=0)]), "areas[0].bounds.width"),
        (menu(size={"width": 799, "height": HEIGHT}), "size"),
        (menu(size={"width": 2501, "height": 1686}), "size"),
        (menu(size={"width": 800, "height": 249}), "size"),
        (menu(size={"width": 2500, "height": 1725}), "size"),
        (menu(size={**SIDES, "depth": 1}), "size.depth"),
        (acting(type="uri", uri="mailto:a@example.jp"), f"{AREA}.uri"),
        (acting(type="camera", label="カメラ"), AREA),
        (acting(**{**POSTBACK, "label": "あ" * 21}), f"{AREA}.label"),
        (acting(**{**POSTBACK, "data": "x" * 301}), f"{AREA}.data"),
        (acting(type="richmenuswitch", richMenuAliasId="Ä", data="1"), f"{AREA}.richMenuAliasId"),
        (acting(type="richmenuswitch", richMenuAliasId="a"), f"{AREA}.data"),
        (acting(type="clipboard", clipboardText="x" * 1001), f"{AREA}.clipboardText"),
    ],
)
def test_a_menu_that_breaks_a_rule_is_refused_with_its_place(
    line: Served, bad: dict[str, Any], where: str
) -> None:
    """By looking and by making alike; the details name the property, as LINE's do."""
    for path in ("/v2/bot/richmenu/validate", "/v2/bot/richmenu"):
        answer = line.post(path, bad)

        assert answer.status_code == 400
        assert [detail["property"] for detail in answer.json()["details"]] == [where]
        assert answer.json()["details"][0]["message"]


async def test_there_are_at_most_a_thousand_menus() -> None:
    """One more is refused until one is deleted."""
    with served() as line:
        for _ in range(1000):
            line.line.rich_menus.add(line.mint.rich_menu_id(), menu())
        full = line.post("/v2/bot/richmenu", menu())
        line.line.rich_menus.delete(line.line.rich_menus.every[0].id)
        room = line.post("/v2/bot/richmenu", menu())

    assert (full.status_code, room.status_code) == (400, 200)
