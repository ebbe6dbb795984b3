"""The rich menus our LINE keeps: what they are, whose they are, by which names they are switched.

Rules of precedence: LINE's reference, "Set default rich menu" and "Link rich menu to user".
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.simulator.fake_line.calls import Account


@dataclass(frozen=True, slots=True)
class RichMenu:
    """A rich menu. ``json`` is LINE's rich menu response object, with ``richMenuId``, ``size``,
    ``selected``, ``name``, ``chatBarText`` and ``areas``; the areas are in pixels of ``size``.

    ``image`` is the picture as it was uploaded, of the type ``image_type`` (``image/png`` or
    ``image/jpeg``); both are empty until then, and a menu without one is shown to nobody.
    """

    json: Mapping[str, Any]
    image: bytes = b""
    image_type: str = ""

    @property
    def id(self) -> str:
        """What LINE calls it."""
        return str(self.json["richMenuId"])


class RichMenus:
    """Every rich menu of the account, safe to use from several threads.

    ``default`` is the id of the menu for all who have none of their own, "" for none.
    """

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        """*accounts* are the people LINE knows, by user id: only a friend has a menu linked."""
        self._accounts = accounts
        self._lock = threading.RLock()
        self._menus: dict[str, RichMenu] = {}
        self._linked: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        self.default = ""

    # --- what is seen of them ------------------------------------------------------------------

    def shown_to(self, user_id: str) -> RichMenu | None:
        """The menu below the chat of *user_id*: their own, else the default one, else None.

        None too for somebody LINE does not know, and for who blocked the account.
        """
        account = self._accounts.get(user_id)
        if account is None or account.blocked:
            return None
        with self._lock:
            return self._menus.get(self._linked.get(user_id) or self.default)

    def switch(self, user_id: str, alias: str) -> str:
        """*user_id* taps an area that switches to the menu *alias* stands for.

        What became of it, as ``params.status`` of the postback tells the bot: ``SUCCESS``, or
        ``RICHMENU_ALIAS_ID_NOTFOUND`` where nothing goes by that name
        (#postback-params-object-for-richmenu-switch-action).
        """
        with self._lock:
            if alias not in self._aliases:
                return "RICHMENU_ALIAS_ID_NOTFOUND"
            self.link(user_id, self._aliases[alias])
            return "SUCCESS"

    # --- the menus -----------------------------------------------------------------------------

    @property
    def every(self) -> Sequence[RichMenu]:
        """All menus, oldest first."""
        with self._lock:
            return tuple(self._menus.values())

    def get(self, menu_id: str) -> RichMenu | None:
        """The menu called *menu_id*, if there is one."""
        with self._lock:
            return self._menus.get(menu_id)

    def add(self, menu_id: str, json: Mapping[str, Any]) -> None:
        """A new menu, without a picture so far."""
        with self._lock:
            self._menus[menu_id] = RichMenu({"richMenuId": menu_id, **json})

    def picture(self, menu_id: str, image: bytes, image_type: str) -> None:
        """Give a menu its picture. Raises KeyError for one that is not there."""
        with self._lock:
            self._menus[menu_id] = replace(self._menus[menu_id], image=image, image_type=image_type)

    def delete(self, menu_id: str) -> bool:
        """Forget a menu, and that it was anybody's; False where there is none."""
        with self._lock:
            if self._menus.pop(menu_id, None) is None:
                return False
            self._linked = {who: id for who, id in self._linked.items() if id != menu_id}
            self._aliases = {name: id for name, id in self._aliases.items() if id != menu_id}
            self.default = "" if self.default == menu_id else self.default
            return True

    # --- whose they are ------------------------------------------------------------------------

    def linked(self, user_id: str) -> str:
        """The id of the person's own menu, "" for none."""
        with self._lock:
            return self._linked.get(user_id, "")

    def link(self, user_id: str, menu_id: str) -> None:
        """Make a menu the person's own, with "" none. Nothing happens to who is no friend."""
        account = self._accounts.get(user_id)
        with self._lock:
            if account is not None and account.friend:
                self._linked[user_id] = menu_id

    # --- by which names they are switched ------------------------------------------------------

    @property
    def aliases(self) -> Mapping[str, str]:
        """The menus' ids by alias, oldest first."""
        with self._lock:
            return dict(self._aliases)

    def name(self, alias: str, menu_id: str) -> None:
        """Let *alias* stand for a menu from now on."""
        with self._lock:
            self._aliases[alias] = menu_id

    def forget(self, alias: str) -> None:
        """Let *alias* stand for nothing. Raises KeyError where it did not stand for anything."""
        with self._lock:
            del self._aliases[alias]
