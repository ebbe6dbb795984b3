"""Template messages: buttons, confirm, carousel. Their looks are LINE's, not the sender's."""

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
    return None


def card(given: Mapping[str, object], *, beside: bool = False) -> Html:
    """Draw one panel: picture, title, text, then its buttons below each other or *beside*."""
    address = as_text(given.get("thumbnailImageUrl"))
    title = as_text(given.get("title"))
    words = join(
        [
            picture("画像", address) if address else NOTHING,
            element("p", title, class_="template-title") if title else NOTHING,
            element("p", as_text(given.get("text")), class_="template-text"),
        ]
    )
    shown = touchable("div", {"action": given.get("defaultAction")}, words, class_="template-words")
    buttons = [_button(action) for action in as_list(given.get("actions"))]
    below = element("div", *buttons, class_="template-buttons" + (" is-beside" if beside else ""))
    return element("div", shown, below, class_="template")


def _button(action: object) -> Html:
    """Draw one action as a button with its label."""
    return element(
        "button",
        as_text(as_mapping(action).get("label")),
        type="button",
        class_="template-button",
        data_action=action_json(action),
    )
