"""What LINE would refuse of our messages, before LINE has to.

LINE sends nothing of a reply when one of its messages is invalid, so a breach found late is
a person left without an answer. Used by the content check, the tests and the fake LINE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.line.measure import Limit, Unit, graphemes, limit, limits, utf16_units
from bot.line.shapes import Message

__all__ = ["Limit", "Unit", "broken", "graphemes", "limit", "limits", "unlike", "utf16_units"]

_SHAPE: TypeAdapter[Any] = TypeAdapter(list[Message])


def broken(messages: object) -> list[str]:
    """Every breach in *messages* - a reply's list, or one message - as ``where: what``.

    Empty when LINE would take them all and each looks as we mean it to.
    """
    reply = [messages] if isinstance(messages, dict) else messages
    if breaches := unlike(_SHAPE, reply, "messages"):
        return breaches
    return list(_as_a_whole(cast(list[dict[str, Any]], reply)))


def unlike(shape: TypeAdapter[Any], thing: object, name: str) -> list[str]:
    """Every place where *thing*, called *name* ("" for a whole body), is unlike *shape*, as
    ``where: what``."""
    try:
        shape.validate_python(thing)
    except ValidationError as error:
        return [_sentence(detail, name) for detail in error.errors(include_url=False)]
    return []


def _as_a_whole(reply: list[dict[str, Any]]) -> Iterator[str]:
    """What cannot be seen from any one value."""
    if not reply:
        yield "messages: a reply has at least one"
    if excess := limit("messages").excess(reply):
        yield f"messages: {excess}"
    for number, message in enumerate(reply):
        where = f"messages[{number}]"
        if "quickReply" in message and number < len(reply) - 1:
            yield f"{where}.quickReply: only the last message's is shown (LINE: #quick-reply)"
        if message["type"] == "flex":
            yield from _container(f"{where}.contents", message["contents"])


def _container(where: str, container: dict[str, Any]) -> Iterator[str]:
    bubbles = [container]
    if container["type"] == "carousel":
        bubbles = container["contents"]
        if excess := limit("flex.carousel").excess(container):
            yield f"{where}: {excess}"
        if len({bubble.get("size", "mega") for bubble in bubbles}) > 1:
            yield f"{where}: bubbles of one carousel have one size (LINE: #f-carousel)"
    for number, bubble in enumerate(bubbles):
        which = where if bubble is container else f"{where}.contents[{number}]"
        if excess := limit("flex.bubble").excess(bubble):
            yield f"{which}: {excess}"
        for block in ("body", "footer"):
            yield from _box(f"{which}.{block}", bubble.get(block, {}))


def _box(where: str, box: dict[str, Any]) -> Iterator[str]:
    """An empty box shows nothing, unless it is a drawn thing with a size."""
    contents = box.get("contents")
    if contents == [] and not ("width" in box and "height" in box):
        yield f"{where}: an empty box"
    for number, component in enumerate(contents or ()):
        yield from _box(f"{where}.contents[{number}]", component)


def _sentence(detail: ErrorDetails, name: str) -> str:
    """A shape's complaint as ``where: what``, in words for whoever wrote the message."""
    where = _where(detail["loc"], name)
    match detail["type"]:
        case "extra_forbidden":
            what = "a key we do not use here"
        case "missing":
            what = "is missing"
        case "union_tag_invalid":
            kinds = str(detail["ctx"]["expected_tags"]).translate({ord(c): None for c in "<>"})
            what = f"its type is none of {kinds}"
        case "union_tag_not_found":
            what = "has no type"
        case "model_type":
            what = "is not an object"
        case _:
            what = detail["msg"]
    return f"{where}: {what}"


def _where(path: Sequence[int | str], name: str) -> str:
    """A path such as ``messages[0].contents.body``; the unions' tags are left out."""
    where = name
    for step in path:
        if isinstance(step, int):
            where += f"[{step}]"
        elif not step.startswith("<"):
            where += f".{step}" if where else step
    return where
