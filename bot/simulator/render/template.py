"""Template messages: buttons, confirm and the two carousels, in looks that LINE gives them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.simulator.render.flex import row
from bot.simulator.render.flex_parts import picture, touchable
from bot.simulator.render.markup import (
    NOTHING,
    Html,
    action_json,
    as_list,
    as_mapping,
    as_text,
    element,
    join,
)


def template(given: object) -> Html | None:
    """Draw a template; None when it is of a kind that is not drawn here."""
    body = as_mapping(given)
    kind = body.get("type")
    if kind == "buttons":
        return card(body)
    if kind == "confirm":
        return card(body, beside=True)
    if kind == "carousel":
        return row([card(as_mapping(column)) for column in as_list(body.get("columns"))])
    if kind == "image_carousel" and (columns := as_list(body.get("columns"))):
        return row([_framed(as_mapping(column)) for column in columns])
    return None


def card(given: Mapping[str, object], *, beside: bool = False) -> Html:
    """Draw one panel: picture, title, text, then its buttons below each other or *beside*."""
    address = as_text(given.get("thumbnailImageUrl"))
    title = as_text(given.get("title"))
    words = join(
        [
            element("p", title, class_="template-title") if title else NOTHING,
            element("p", as_text(given.get("text")), class_="template-text"),
        ]
    )
    shown = touchable("div", {"action": given.get("defaultAction")}, words, class_="template-words")
    head = picture("画像", address) if address else NOTHING
    buttons = [_button(action) for action in as_list(given.get("actions"))]
    below = element("div", *buttons, class_="template-buttons" + (" is-beside" if beside else ""))
    return element("div", head, shown, below, class_="template")


def _framed(column: Mapping[str, object]) -> Html:
    """Draw one square picture of an image carousel, its label on a band at its foot."""
    label = as_text(as_mapping(column.get("action")).get("label"))
    inside = join(
        [
            picture("画像", as_text(column.get("imageUrl")), "is-square"),
            element("span", label, class_="template-band") if label else NOTHING,
        ]
    )
    return touchable("div", column, inside, class_="template is-picture")


def _button(action: object) -> Html:
    """Draw one action as a button with its label."""
    return element(
        "button",
        as_text(as_mapping(action).get("label")),
        type="button",
        class_="template-button",
        data_action=action_json(action),
    )
