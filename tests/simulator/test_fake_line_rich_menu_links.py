"""Which rich menu is below whose chat; LINE's own client links them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from linebot.v3.messaging import (
    AsyncMessagingApi,
    CreateRichMenuAliasRequest,
    RichMenuBulkLinkRequest,
    RichMenuBulkUnlinkRequest,
    RichMenuRequest,
    UpdateRichMenuAliasRequest,
)

from bot.simulator.fake_line.samples import png
from tests.simulator.menus import HEIGHT, WIDTH, menu
from tests.simulator.sdk import Refusal, sdk
from tests.simulator.served import Served, served

PICTURE = png(WIDTH, HEIGHT)


@pytest.fixture
def line() -> Iterator[Served]:
    with served() as running:
        yield running


class Linking:
    """The API, and how a menu comes to be."""

    def __init__(self, api: AsyncMessagingApi, blob: Any) -> None:
        self.api, self._blob = api, blob

    async def menu(self, *, picture: bool = True) -> str:
        """A new menu's id."""
        made = await self.api.create_rich_menu(RichMenuRequest.from_dict(menu()))
        if picture:
            kind = {"Content-Type": "image/png"}
            await self._blob.set_rich_menu_image(
                made.rich_menu_id, bytearray(PICTURE), _headers=kind
            )
        return str(made.rich_menu_id)

    async def name(self, alias: str, id: str) -> None:
        """Let *alias* stand for the menu *id*."""
        await self.api.create_rich_menu_alias(
            CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=id)
        )


@asynccontextmanager
async def linking(line: Served) -> AsyncIterator[Linking]:
    async with sdk(line) as (api, blob):
        yield Linking(api, blob)


def shown(line: Served, user_id: str) -> str | None:
    """The id of the menu below a chat."""
    found = line.line.rich_menus.shown_to(user_id)
    return found.id if found else None


async def test_ones_own_menu_goes_before_the_default_one(line: Served) -> None:
    """The default one comes back once one's own is unlinked; in the end there is none."""
    hanako, taro = line.somebody().user_id, line.somebody().user_id
    async with linking(line) as on:
        everybodys, own = await on.menu(), await on.menu()
        assert shown(line, hanako) is None

        await on.api.set_default_rich_menu(everybodys)
        await on.api.link_rich_menu_id_to_user(hanako, own)
        assert (await on.api.get_default_rich_menu_id()).rich_menu_id == everybodys
        assert (await on.api.get_rich_menu_id_of_user(hanako)).rich_menu_id == own
        assert (shown(line, hanako), shown(line, taro)) == (own, everybodys)

        await on.api.unlink_rich_menu_id_from_user(hanako)
        assert (shown(line, hanako), shown(line, taro)) == (everybodys, everybodys)
        await on.api.cancel_default_rich_menu()
        assert (shown(line, hanako), shown(line, taro)) == (None, None)

        with Refusal() as no_default:
            await on.api.get_default_rich_menu_id()
        with Refusal() as no_own:
            await on.api.get_rich_menu_id_of_user(hanako)

    assert (no_default.status, no_default.message) == (404, "no default richmenu")
    assert (no_own.status, no_own.message) == (404, "the user has no richmenu")


async def test_what_is_shown_is_the_whole_menu_with_its_picture(line: Served) -> None:
    """As LINE tells it, and the picture to the byte."""
    hanako = line.somebody().user_id
    async with linking(line) as on:
        id = await on.menu()
        await on.api.link_rich_menu_id_to_user(hanako, id)

    found = line.line.rich_menus.shown_to(hanako)
    assert found is not None
    assert found.json == {"richMenuId": id, **menu()}
    assert (found.image, found.image_type) == (PICTURE, "image/png")


async def test_only_a_friend_has_a_menu_linked_and_who_blocked_sees_none(line: Served) -> None:
    """LINE answers 200 all the same; a stranger still sees the default menu."""
    friend, stranger = line.somebody(), line.somebody(friend=False)
    async with linking(line) as on:
        id, everybodys = await on.menu(), await on.menu()
        for account in (friend, stranger):
            await on.api.link_rich_menu_id_to_user(account.user_id, id)
        await on.api.set_default_rich_menu(everybodys)

    assert (shown(line, friend.user_id), shown(line, stranger.user_id)) == (id, everybodys)
    friend.blocked = True
    assert shown(line, friend.user_id) is None
    assert shown(line, "U" + "0" * 32) is None


async def test_several_are_linked_and_unlinked_at_once(line: Served) -> None:
    """Each of them; one id that is none, and nobody is."""
    people = [line.somebody().user_id for _ in range(3)]
    async with linking(line) as on:
        id = await on.menu()
        with Refusal() as refused:
            await on.api.link_rich_menu_id_to_users(
                RichMenuBulkLinkRequest(richMenuId=id, userIds=[*people, "hanako"])
            )
        assert [shown(line, each) for each in people] == [None] * 3

        await on.api.link_rich_menu_id_to_users(
            RichMenuBulkLinkRequest(richMenuId=id, userIds=people)
        )
        assert [shown(line, each) for each in people] == [id] * 3
        await on.api.unlink_rich_menu_id_from_users(RichMenuBulkUnlinkRequest(userIds=people[:2]))
        assert [shown(line, each) for each in people] == [None, None, id]

    assert (refused.status, refused.properties) == (400, ("userIds[3]",))


def test_no_more_than_five_hundred_are_linked_at_once(line: Served) -> None:
    """As LINE's reference says; nothing happens to any."""
    ids = [line.mint.user_id() for _ in range(501)]

    assert line.post("/v2/bot/richmenu/bulk/unlink", {"userIds": ids[:500]}).status_code == 202
    assert line.post("/v2/bot/richmenu/bulk/unlink", {"userIds": ids}).status_code == 400


async def test_a_menu_without_a_picture_is_shown_to_nobody(line: Served) -> None:
    """Neither as the default one nor as one's own; nor does a name stand for it."""
    hanako = line.somebody().user_id
    async with linking(line) as on:
        id = await on.menu(picture=False)
        with Refusal() as default:
            await on.api.set_default_rich_menu(id)
        with Refusal() as own:
            await on.api.link_rich_menu_id_to_user(hanako, id)
        with Refusal() as named:
            await on.name("a", id)

    said = "must upload richmenu image before applying it to user"
    assert {(each.status, each.message) for each in (default, own)} == {(400, said)}
    assert (named.status, named.message) == (400, "richmenu not found")


async def test_what_names_nobody_or_no_menu_is_refused(line: Served) -> None:
    """400 for no id of a person, 404 for no menu."""
    async with linking(line) as on:
        id = await on.menu()
        with Refusal() as nobody:
            await on.api.link_rich_menu_id_to_user("hanako", id)
        with Refusal() as nothing:
            await on.api.set_default_rich_menu("richmenu-0")

    assert nobody.message == "The value for the 'userId' parameter is invalid"
    assert (nobody.status, nothing.status) == (400, 404)


async def test_a_deleted_menu_is_nobodys_any_more(line: Served) -> None:
    """Neither linked, nor the default one, nor meant by a name."""
    hanako = line.somebody().user_id
    async with linking(line) as on:
        id = await on.menu()
        await on.api.link_rich_menu_id_to_user(hanako, id)
        await on.api.set_default_rich_menu(id)
        await on.name("a", id)
        await on.api.delete_rich_menu(id)
        assert (await on.api.get_rich_menu_alias_list()).aliases == []

    assert shown(line, hanako) is None
    assert (line.line.rich_menus.default, line.line.rich_menus.linked(hanako)) == ("", "")


async def test_an_alias_is_made_told_changed_and_deleted(line: Served) -> None:
    """It stands for one menu at a time, and is given only once."""
    async with linking(line) as on:
        first, second = await on.menu(), await on.menu()
        await on.name("page-1", first)
        with Refusal() as taken:
            await on.name("page-1", second)
        await on.api.update_rich_menu_alias("page-1", UpdateRichMenuAliasRequest(richMenuId=second))
        told = await on.api.get_rich_menu_alias("page-1")
        listed = (await on.api.get_rich_menu_alias_list()).aliases
        await on.api.delete_rich_menu_alias("page-1")
        with Refusal() as gone:
            await on.api.get_rich_menu_alias("page-1")

    assert (taken.status, taken.message) == (400, "conflict richmenu alias id")
    assert told.rich_menu_id == second
    assert [each.rich_menu_alias_id for each in listed] == ["page-1"]
    assert (gone.status, gone.message) == (404, "richmenu alias not found")


@pytest.mark.parametrize("alias", ["a" * 33, "Ａ", "A", "a b"])
def test_what_cannot_be_an_alias_is_refused(line: Served, alias: str) -> None:
    """Small letters, digits, _ and -, 32 of them at most."""
    body = {"richMenuAliasId": alias, "richMenuId": "richmenu-0"}

    answer = line.post("/v2/bot/richmenu/alias", body)

    assert answer.status_code == 400
    assert [each["property"] for each in answer.json()["details"]] == ["richMenuAliasId"]


async def test_a_person_switches_to_the_menu_a_name_stands_for(line: Served) -> None:
    """As a tap on such an area does; a name nothing goes by changes nothing."""
    hanako = line.somebody().user_id
    async with linking(line) as on:
        first, second = await on.menu(), await on.menu()
        await on.name("page-2", second)
        await on.api.set_default_rich_menu(first)

    assert line.line.rich_menus.switch(hanako, "page-3") == "RICHMENU_ALIAS_ID_NOTFOUND"
    assert shown(line, hanako) == first
    assert line.line.rich_menus.switch(hanako, "page-2") == "SUCCESS"
    assert shown(line, hanako) == second
