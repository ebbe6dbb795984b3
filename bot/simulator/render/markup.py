"""The one place where text becomes HTML: whatever is not `Html` already is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import orjson


class Html(str):
    """Markup that may stand in a page as it is; only `element` and `join` make it."""

    __slots__ = ()


NOTHING = Html("")


def safe(text: str) -> Html:
    """Escape text for use between tags or inside a double-quoted attribute.

    A lone surrogate, which JSON may carry but UTF-8 may not, turns into a question mark.
    """
    if isinstance(text, Html):
        return text
    return Html(escape(text.encode(errors="replace").decode(), quote=True))


def join(parts: Iterable[str]) -> Html:
    """Put parts after each other; plain strings among them are escaped."""
    return Html("".join(map(safe, parts)))


def element(name: str, *children: str, **attributes: str | None) -> Html:
    """Write one element: ``element("p", "a < b", class_="big")``.

    Underscores in an attribute's name become hyphens, a trailing one is dropped (``class_``).
    An attribute of None is left out. Names come from this program, never from a message.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{safe(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{written}>{join(children)}</{name}>")


def css(declarations: Mapping[str, str | None]) -> str | None:
    """Write the style of one element for its ``data-css`` attribute, or None when it has none.

    Not for ``style``: the chat's content policy forbids inline style, so its script copies these
    declarations one by one. `static_page.page` moves them into the style sheet of a static page.
    """
    return ";".join(f"{name}:{value}" for name, value in declarations.items() if value) or None


def as_mapping(value: object) -> Mapping[str, object]:
    """Give a JSON object as it is and anything else as an empty one: messages may be odd."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Give a JSON array as it is and anything else as an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Give a JSON string as it is and anything else as an empty one."""
    return value if isinstance(value, str) else ""


def action_json(action: object) -> str | None:
    """Write an action for ``data-action``: what a tap has to send. None when there is no action."""
    if not as_mapping(action).get("type"):
        return None
    try:
        return orjson.dumps(action).decode()
    except orjson.JSONEncodeError:  # a lone surrogate or an endless number: nothing could send it
        return None
