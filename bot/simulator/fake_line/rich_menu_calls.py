"""Making rich menus: the menus themselves and their pictures."""

from __future__ import annotations

from collections.abc import Sequence

from bot.line.measure import picture_limit
from bot.simulator.fake_line import checks, pictures, refusals
from bot.simulator.fake_line.asked import Answer, Asked, Endpoint
from bot.simulator.fake_line.mint import Mint
from bot.simulator.fake_line.refusals import RefusalError
from bot.simulator.fake_line.rich_menu_rules import must_be_a_menu
from bot.simulator.fake_line.rich_menus import RichMenu, RichMenus

PICTURES = ("image/jpeg", "image/png")
"""What a menu's picture may be."""


class RichMenuCalls:
    """Creates, tells and deletes the menus kept in *menus*."""

    def __init__(self, menus: RichMenus, mint: Mint) -> None:
        self._menus, self._mint = menus, mint

    def endpoints(self) -> Sequence[Endpoint]:
        path = "/v2/bot/richmenu"
        return (
            Endpoint("POST", path, self._create),
            Endpoint("POST", f"{path}/validate", self._validate),
            Endpoint("GET", f"{path}/list", self._list),
            Endpoint("GET", f"{path}/{{menu_id}}", self._get),
            Endpoint("DELETE", f"{path}/{{menu_id}}", self._delete),
            Endpoint("POST", f"{path}/{{menu_id}}/content", self._upload),
            Endpoint("GET", f"{path}/{{menu_id}}/content", self._download),
        )

    def _create(self, asked: Asked) -> Answer:
        body = asked.read()
        must_be_a_menu(body)
        if checks.excess("richmenu.menus", (*self._menus.every, body)):
            raise RefusalError(400, "The number of rich menus has reached its limit")
        menu_id = self._mint.rich_menu_id()
        self._menus.add(menu_id, body)
        return Answer({"richMenuId": menu_id})

    def _validate(self, asked: Asked) -> Answer:
        must_be_a_menu(asked.read())
        return Answer()

    def _list(self, asked: Asked) -> Answer:
        return Answer({"richmenus": [menu.json for menu in self._menus.every]})

    def _get(self, asked: Asked) -> Answer:
        return Answer(self._menu(asked).json)

    def _delete(self, asked: Asked) -> Answer:
        if not self._menus.delete(asked.named("menu_id")):
            raise refusals.not_found()
        return Answer()

    def _upload(self, asked: Asked) -> Answer:
        menu, media_type = self._menu(asked), asked.header("content-type")
        if media_type not in PICTURES:
            raise RefusalError(415, "Unsupported Media Type")
        if menu.image:
            raise RefusalError(400, "An image has already been uploaded to the richmenu")
        size = pictures.size(asked.content, media_type)
        if size is None:
            raise RefusalError(400, f"The image could not be read as {media_type}")
        # Of another size than the menu says, its areas would lie elsewhere than they look.
        meant = (menu.json["size"]["width"], menu.json["size"]["height"])
        breach = picture_limit("richmenu.image").breach(*size, len(asked.content))
        if breach or size != meant:
            raise RefusalError(400, "The image size is not allowed for richmenu")
        self._menus.picture(menu.id, asked.content, media_type)
        return Answer()

    def _download(self, asked: Asked) -> Answer:
        menu = self._menu(asked)
        if not menu.image:
            raise refusals.not_found()
        return Answer(file=menu.image, file_type=menu.image_type)

    def _menu(self, asked: Asked) -> RichMenu:
        menu = self._menus.get(asked.named("menu_id"))
        if menu is None:
            raise refusals.not_found()
        return menu
