"""A picture with places to tap: imagemap messages and rich menus.

LINE gives the places in the picture's own pixels; here they are shares of its width and height,
so they stay in place at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.simulator.render.markup import Html, action_json, as_mapping, css, element
from bot.simulator.screen import label

Size = Mapping[str, object]
"""``width`` and ``height`` in pixels."""


def shape(size: Size) -> str | None:
    """The CSS ``aspect-ratio`` of a picture of *size*; None for one without extent."""
    width, height = _pixels(size.get("width")), _pixels(size.get("height"))
    return f"{width:g} / {height:g}" if width and height else None


def areas(size: Size, places: Iterable[tuple[Size, object]]) -> list[Html]:
    """A button for each place and its action; named by the action, else by its number."""
    return [
        element(
            "button",
            element("span", _name(as_mapping(action), number), class_="area-name"),
            type="button",
            class_="area",
            data_css=css(_box(size, bounds)),
            data_action=action_json(action),
        )
        for number, (bounds, action) in enumerate(places, 1)
    ]


def _name(action: Mapping[str, object], number: int) -> str:
    return label(action) or f"{number}番目の場所"


def _box(size: Size, bounds: Size) -> dict[str, str | None]:
    """Where *bounds* (x, y, width, height) lie in a picture of *size*, as shares of it."""
    return {
        side: f"{100 * _pixels(bounds.get(name)) / whole:.4g}%" if whole else None
        for side, name, whole in (
            ("left", "x", _pixels(size.get("width"))),
            ("top", "y", _pixels(size.get("height"))),
            ("width", "width", _pixels(size.get("width"))),
            ("height", "height", _pixels(size.get("height"))),
        )
    }


def _pixels(value: object) -> float:
    """A number of pixels; 0 for what is none, or more than any picture LINE takes has."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value < 1e5 else 0.0
