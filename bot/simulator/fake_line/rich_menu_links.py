"""Showing rich menus: to everybody, to one person, to several; and the names to switch by."""

from __future__ import annotations

from collections.abc import Sequence

from bot.simulator.fake_line import checks, refusals
from bot.simulator.fake_line.asked import Answer, Asked, Endpoint, user_ids
from bot.simulator.fake_line.refusals import RefusalError
from bot.simulator.fake_line.rich_menu_rules import must_be_an_alias
from bot.simulator.fake_line.rich_menus import RichMenus


class RichMenuLinks:
    """Links the menus kept in *menus* to people, and to aliases."""

    def __init__(self, menus: RichMenus) -> None:
        self._menus = menus

    def endpoints(self) -> Sequence[Endpoint]:
        everybody, one = "/v2/bot/user/all/richmenu", "/v2/bot/user/{user_id}/richmenu"
        several, alias = "/v2/bot/richmenu/bulk", "/v2/bot/richmenu/alias"
        return (
            Endpoint("GET", everybody, self._default),
            Endpoint("DELETE", everybody, self._clear_default),
            Endpoint("POST", f"{everybody}/{{menu_id}}", self._set_default),
            Endpoint("GET", one, self._linked),
            Endpoint("DELETE", one, self._unlink),
            Endpoint("POST", f"{one}/{{menu_id}}", self._link),
            Endpoint("POST", f"{several}/link", self._link_several),
            Endpoint("POST", f"{several}/unlink", self._unlink_several),
            Endpoint("POST", alias, self._create_alias),
            Endpoint("GET", f"{alias}/list", self._aliases),
            Endpoint("GET", f"{alias}/{{alias}}", self._alias),
            Endpoint("POST", f"{alias}/{{alias}}", self._update_alias),
            Endpoint("DELETE", f"{alias}/{{alias}}", self._delete_alias),
        )

    # --- for everybody -------------------------------------------------------------------------

    def _default(self, asked: Asked) -> Answer:
        if not self._menus.default:
            raise RefusalError(404, "no default richmenu")
        return Answer({"richMenuId": self._menus.default})

    def _set_default(self, asked: Asked) -> Answer:
        self._menus.default = self._can_be_shown(asked.named("menu_id"))
        return Answer()

    def _clear_default(self, asked: Asked) -> Answer:
        self._menus.default = ""
        return Answer()

    # --- for some ------------------------------------------------------------------------------

    def _linked(self, asked: Asked) -> Answer:
        menu_id = self._menus.linked(asked.user_id)
        if not menu_id:
            raise RefusalError(404, "the user has no richmenu")
        return Answer({"richMenuId": menu_id})

    def _link(self, asked: Asked) -> Answer:
        self._menus.link(asked.user_id, self._can_be_shown(asked.named("menu_id")))
        return Answer()

    def _unlink(self, asked: Asked) -> Answer:
        self._menus.link(asked.user_id, "")
        return Answer()

    def _link_several(self, asked: Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"richMenuId": str, "userIds": list}, ("richMenuId", "userIds"))
        return self._linked_to(asked, self._can_be_shown(body["richMenuId"]))

    def _unlink_several(self, asked: Asked) -> Answer:
        checks.must_be(asked.read(), {"userIds": list}, ("userIds",))
        return self._linked_to(asked, "")

    def _linked_to(self, asked: Asked, menu_id: str) -> Answer:
        for user_id in user_ids(asked, "userIds", "richmenu.userIds"):
            self._menus.link(user_id, menu_id)
        return Answer(status=202)  # LINE links them within seconds; ours has done so already

    # --- by name -------------------------------------------------------------------------------

    def _create_alias(self, asked: Asked) -> Answer:
        body = asked.read()
        needed = ("richMenuAliasId", "richMenuId")
        checks.must_be(body, dict.fromkeys(needed, str), needed)
        alias = body["richMenuAliasId"]
        must_be_an_alias(alias)
        if alias in self._menus.aliases:
            raise RefusalError(400, "conflict richmenu alias id")
        if checks.excess("richmenu.aliases", (*self._menus.aliases, alias)):
            raise RefusalError(400, "The number of rich menu aliases has reached its limit")
        return self._named(alias, body["richMenuId"])

    def _update_alias(self, asked: Asked) -> Answer:
        checks.must_be(asked.read(), {"richMenuId": str}, ("richMenuId",))
        alias, _ = self._known(asked)
        return self._named(alias, asked.body["richMenuId"])

    def _delete_alias(self, asked: Asked) -> Answer:
        alias, _ = self._known(asked)
        self._menus.forget(alias)
        return Answer()

    def _alias(self, asked: Asked) -> Answer:
        alias, menu_id = self._known(asked)
        return Answer({"richMenuAliasId": alias, "richMenuId": menu_id})

    def _aliases(self, asked: Asked) -> Answer:
        pairs = self._menus.aliases.items()
        return Answer(
            {"aliases": [{"richMenuAliasId": name, "richMenuId": id} for name, id in pairs]}
        )

    def _known(self, asked: Asked) -> tuple[str, str]:
        """The alias named in the path, and the menu it stands for."""
        alias = asked.named("alias")
        must_be_an_alias(alias)
        menu_id = self._menus.aliases.get(alias)
        if menu_id is None:
            raise RefusalError(404, "richmenu alias not found")
        return alias, menu_id

    def _named(self, alias: str, menu_id: str) -> Answer:
        menu = self._menus.get(menu_id)
        if menu is None or not menu.image:  # here LINE does not tell the two apart
            raise RefusalError(400, "richmenu not found")
        self._menus.name(alias, menu_id)
        return Answer()

    def _can_be_shown(self, menu_id: str) -> str:
        """*menu_id* unchanged. Raises RefusalError for no menu, or one without a picture."""
        menu = self._menus.get(menu_id)
        if menu is None:
            raise refusals.not_found()
        if not menu.image:
            raise RefusalError(400, "must upload richmenu image before applying it to user")
        return menu_id
