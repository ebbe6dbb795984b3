"""The rich menu at the foot of a chat: what the page draws it from.

The picture comes out of our own LINE, so it is shown as it is, inside the page; nothing is loaded.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from bot.simulator.fake_line.rich_menus import RichMenu
from bot.simulator.render.areas import areas, shape
from bot.simulator.render.markup import as_list, as_mapping, as_text, join

OPENING = "メニュー"
"""Stands on the bar of a menu that gives it no words, which LINE would not have taken."""


def rich_menu(menu: RichMenu) -> dict[str, Any]:
    """*menu* as JSON for the page.

    ``bar`` are the words on the bar that opens and closes it, ``open`` whether it is open at
    first, ``picture`` a data URL, ``shape`` its CSS aspect ratio, ``html`` a button an area.
    """
    json = menu.json
    size = as_mapping(json.get("size"))
    places = [as_mapping(area) for area in as_list(json.get("areas"))]
    drawn = areas(size, ((as_mapping(area.get("bounds")), area.get("action")) for area in places))
    return {
        "id": menu.id,
        "bar": as_text(json.get("chatBarText")) or OPENING,
        "open": json.get("selected") is True,
        "picture": f"data:{menu.image_type};base64,{b64encode(menu.image).decode()}",
        "shape": shape(size) or "auto",
        "html": join(drawn),
    }
