"""The parts a flex message is built from, inside its boxes: text, button, picture, line."""

from __future__ import annotations

from collections.abc import Mapping

from bot.simulator.render.looks import FONT, ICON, IMAGE, SPACE, colour, length, one_of, ratio
from bot.simulator.render.markup import (
    Html,
    action_json,
    as_list,
    as_mapping,
    as_text,
    css,
    element,
    join,
)

Part = Mapping[str, object]
Css = dict[str, str | None]

WEIGHT = {"bold": "700", "regular": "400"}
STYLE = {"italic": "italic", "normal": "normal"}
DECORATION = {"underline": "underline", "line-through": "line-through", "none": "none"}
ALIGN = {"start": "start", "center": "center", "end": "end"}
GRAVITY = {"top": "flex-start", "center": "center", "bottom": "flex-end"}
FIT = {"cover": "cover", "fit": "contain"}
BUTTON = {"primary": "primary", "secondary": "secondary", "link": "link"}


def text(part: Part, place: Css) -> Html:
    """Draw a text component: its spans when it has any, else its text, newlines kept."""
    wraps = part.get("wrap") is True
    lines = part.get("maxLines")
    clamp = str(lines) if wraps and type(lines) is int and 0 < lines < 1000 else None
    look: Css = {
        **place,
        **letters(part),
        "text-align": one_of(part.get("align"), ALIGN),
        "align-self": one_of(part.get("gravity"), GRAVITY),
        "line-height": _line_height(part),
        "-webkit-line-clamp": clamp,
    }
    spans = [
        element("span", as_text(span.get("text")), data_css=css(letters(span)))
        for span in map(as_mapping, as_list(part.get("contents")))
        if span.get("type") == "span"
    ]
    kind = "fx-text" + (" fx-wrap" if wraps else "") + (" fx-clamp" if clamp else "")
    inside = join(spans) if spans else as_text(part.get("text"))
    return touchable("p", part, inside, class_=kind, data_css=css(look))


def letters(part: Part) -> Css:
    """Read what text components and spans have in common: colour, size, weight, style."""
    return {
        "color": colour(part.get("color")),
        "font-size": length(part.get("size"), FONT),
        "font-weight": one_of(part.get("weight"), WEIGHT),
        "font-style": one_of(part.get("style"), STYLE),
        "text-decoration": one_of(part.get("decoration"), DECORATION),
    }


def _line_height(part: Part) -> str | None:
    """Add ``lineSpacing`` (pixels between two lines) to the height lines have by themselves."""
    spacing = length(part.get("lineSpacing"), {})
    return f"calc(1.45em + {spacing})" if spacing and not spacing.endswith("%") else None


def button(part: Part, place: Css) -> Html:
    """Draw a button component; its own colour is the ground, or the letters of a link."""
    style = one_of(part.get("style"), BUTTON) or "link"
    own = colour(part.get("color"))
    look: Css = {
        **place,
        "color" if style == "link" else "background-color": own,
        "align-self": one_of(part.get("gravity"), GRAVITY),
    }
    kind = f"fx-button fx-{style}"
    kind += " fx-low" if part.get("height") == "sm" else ""
    kind += " fx-shrink" if part.get("adjustMode") == "shrink-to-fit" else ""
    action = as_mapping(part.get("action"))
    label = element("span", as_text(action.get("label")), class_="fx-label")
    return element(
        "button",
        label,
        type="button",
        class_=kind,
        data_css=css(look),
        data_action=action_json(action),
    )


def image(part: Part, place: Css) -> Html:
    """Stand in for an image: the page may load nothing from outside, so its address is told."""
    look: Css = {
        **place,
        "width": length(part.get("size") or "md", IMAGE)
        or ("100%" if part.get("size") == "full" else None),
        "aspect-ratio": ratio(part.get("aspectRatio")) or "1 / 1",
        "background-color": colour(part.get("backgroundColor")),
        "align-self": one_of(part.get("align"), GRAVITY | ALIGN),
        "object-fit": one_of(part.get("aspectMode"), FIT),
    }
    inside = picture("画像", as_text(part.get("url")))
    return touchable("div", part, inside, class_="fx-image", data_css=css(look))


def icon(part: Part, place: Css) -> Html:
    """Stand in for an icon, which stands on the line of the text beside it."""
    size = length(part.get("size") or "md", ICON)
    look: Css = {**place, "width": size, "height": size}
    return element("span", class_="fx-icon", role="img", aria_label="アイコン", data_css=css(look))


def separator(part: Part, place: Css) -> Html:
    """Draw the thin line between two parts."""
    look = {**place, "background-color": colour(part.get("color"))}
    return element("div", class_="fx-separator", data_css=css(look))


def filler(part: Part, place: Css) -> Html:
    """Leave room: the old way of pushing other parts aside."""
    size = length(part.get("size"), SPACE) if part.get("type") == "spacer" else None
    look = {**place, "min-width": size, "min-height": size}
    return element("div", class_="fx-filler", data_css=css(look))


def picture(kind: str, address: str, look: str = "") -> Html:
    """Label a picture that is not loaded, with the address it would come from.

    *look* is a class that gives its frame a shape.
    """
    return element(
        "div",
        element("span", kind, class_="stand-in-kind"),
        element("span", address, class_="stand-in-address"),
        class_=f"stand-in {look}".strip(),
        role="img",
        aria_label=f"{kind} {address}".strip(),
    )


def touchable(name: str, part: Part, inside: str, **attributes: str | None) -> Html:
    """Draw a part that is not a button but may carry an action: then a key press works too."""
    action = action_json(part.get("action"))
    if not action:
        return element(name, inside, **attributes)
    label = as_text(as_mapping(part.get("action")).get("label")) or None
    return element(
        name,
        inside,
        **attributes,
        role="button",
        tabindex="0",
        aria_label=label,
        data_action=action,
    )
