"""Flex messages: bubbles, carousels of bubbles, and the boxes inside them.

LINE's flex layout is CSS flexbox with other words ("Flex Message layout" in LINE's documents):
in a horizontal or baseline box parts share the width (flex 1) unless they say otherwise, in a
vertical one they are as high as they need (flex 0).
"""

from __future__ import annotations

from collections.abc import Callable

from bot.simulator.render import flex_parts as parts
from bot.simulator.render.flex_parts import Css, Part, touchable
from bot.simulator.render.looks import (
    BORDER,
    BUBBLE,
    CORNER,
    SPACE,
    colour,
    gradient,
    length,
    one_of,
    rem,
)
from bot.simulator.render.markup import (
    NOTHING,
    Html,
    as_list,
    as_mapping,
    as_text,
    css,
    element,
    join,
)

ACROSS = {
    "flex-start": "flex-start",
    "center": "center",
    "flex-end": "flex-end",
    "space-between": "space-between",
    "space-around": "space-around",
    "space-evenly": "space-evenly",
}
DIRECTION = {"rtl": "rtl"}
PARTS: dict[str, Callable[[Part, Css], Html]] = {
    "text": parts.text,
    "button": parts.button,
    "image": parts.image,
    "icon": parts.icon,
    "separator": parts.separator,
    "filler": parts.filler,
    "spacer": parts.filler,
}


def container(contents: object) -> Html | None:
    """Draw the ``contents`` of a flex message; None when it is neither bubble nor carousel."""
    given = as_mapping(contents)
    if given.get("type") == "bubble":
        return bubble(given)
    if given.get("type") != "carousel":
        return None
    return row([bubble(as_mapping(one)) for one in as_list(given.get("contents"))])


def row(cards: list[Html]) -> Html:
    """Put cards side by side, to be pushed through with a finger, wheel or the arrow keys."""
    items = [element("li", card, class_="row-card") for card in cards]
    return element(
        "ul", *items, class_="row", tabindex="0", aria_label=f"横に並んだカード（{len(cards)}枚）"
    )


def bubble(given: Part) -> Html:
    """Draw one bubble: header, hero, body and footer, each where it has one."""
    size = as_text(given.get("size"))
    look: Css = {
        "width": rem(BUBBLE.get(size, BUBBLE["mega"])),
        "direction": one_of(given.get("direction"), DIRECTION),
    }
    styles = as_mapping(given.get("styles"))
    blocks = [_block(name, given, as_mapping(styles.get(name))) for name in _BLOCKS]
    return touchable("div", given, join(blocks), class_="fx-bubble", data_css=css(look))


_BLOCKS = ("header", "hero", "body", "footer")


def _block(name: str, given: Part, style: Part) -> Html:
    """Draw one of the four blocks of a bubble, with its ground and the line above it."""
    content = as_mapping(given.get(name))
    if not content:
        return NOTHING
    drawn = parts.picture("動画", as_text(content.get("url")))
    if content.get("type") != "video":
        drawn = part(content, {})
    line = parts.separator({"color": style.get("separatorColor")}, {})
    return element(
        "div",
        line if style.get("separator") is True else NOTHING,
        drawn,
        class_=f"fx-block fx-{name}",
        data_css=css({"background-color": colour(style.get("backgroundColor"))}),
    )


def part(given: Part, place: Css) -> Html:
    """Draw any part of a box; one that LINE does not know either is shown as a labelled box."""
    kind = as_text(given.get("type"))
    if kind == "box":
        return box(given, place)
    draw = PARTS.get(kind)
    return draw(given, place) if draw else unknown_part(kind)


def unknown_part(kind: str) -> Html:
    """Show that something stands here which this program cannot draw."""
    return element("p", f"表示できない部品：{kind or '種類なし'}", class_="unknown")


def box(given: Part, place: Css) -> Html:
    """Draw a box and, in order, everything in it. The first part has no margin, asked or not."""
    axis = "column" if given.get("layout") == "vertical" else "row"
    children = [as_mapping(child) for child in as_list(given.get("contents"))]
    drawn = [
        part(child, _place(child, axis) | (_apart(child, given, axis) if at else {}))
        for at, child in enumerate(children)
    ]
    layout = one_of(given.get("layout"), {"vertical": "column", "baseline": "baseline"}) or "row"
    look = {**place, **_frame(given)}
    kind = f"fx-box fx-{layout}"
    return touchable("div", given, join(drawn), class_=kind, data_css=css(look))


def _apart(child: Part, around: Part, axis: str) -> Css:
    """Keep a part away from the one before it: by its own margin, else by its box's spacing."""
    side = "margin-left" if axis == "row" else "margin-top"
    return {side: length(child.get("margin") or around.get("spacing"), SPACE)}


def _place(child: Part, axis: str) -> Css:
    """Say where a part stands in its box and how much of the room it takes."""
    look: Css = {"flex": _flex(child, axis)}
    if child.get("position") == "absolute":
        look["position"] = "absolute"
    for name, side in _OFFSETS.items():
        look[side] = length(child.get(name), SPACE)
    return look


_OFFSETS = {
    "offsetTop": "top",
    "offsetBottom": "bottom",
    "offsetStart": "left",
    "offsetEnd": "right",
}


def _flex(child: Part, axis: str) -> str:
    """Share the room of a box: ``flex: 2`` takes twice what ``flex: 1`` takes, 0 what it needs."""
    share = child.get("flex")
    if not isinstance(share, int) or not 0 <= share < 1000:
        fixed = axis == "column" or child.get("type") in ("icon", "separator", "spacer")
        share = 0 if fixed or child.get("width") else 1
    if axis == "column" and child.get("type") == "filler" and child.get("flex") is None:
        share = 1
    return f"{share} 1 0" if share else "0 0 auto"


def _frame(given: Part) -> Css:
    """Read the ground, border, corners, padding and size of a box."""
    look: Css = {
        "background-color": colour(given.get("backgroundColor")),
        "background-image": gradient(given.get("background")),
        "border-width": length(given.get("borderWidth"), BORDER),
        "border-color": colour(given.get("borderColor")),
        "border-radius": length(given.get("cornerRadius"), CORNER),
        "padding": length(given.get("paddingAll"), SPACE),
        "justify-content": one_of(given.get("justifyContent"), ACROSS),
        "align-items": one_of(given.get("alignItems"), ACROSS),
    }
    for name, side in _PADDING.items():
        look[f"padding-{side}"] = length(given.get(name), SPACE)
    for name, side in _SIZE.items():
        look[side] = length(given.get(name), {})
    return look


_PADDING = {
    "paddingTop": "top",
    "paddingBottom": "bottom",
    "paddingStart": "left",
    "paddingEnd": "right",
}
_SIZE = {
    "width": "width",
    "maxWidth": "max-width",
    "height": "height",
    "maxHeight": "max-height",
}
