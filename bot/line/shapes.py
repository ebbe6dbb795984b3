"""The messages we send, as closed shapes: a key or value beyond these is a mistake.

Only what `speak` uses is here, stricter than LINE: LINE's own OpenAPI file and the SDK's
models let most faulty messages pass, and LINE then refuses the whole reply at send time.
Counts come from ``limits.yaml``; the shapes from LINE's reference.
"""

# ruff: noqa: N815 - the names are LINE's
from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from bot.line.measure import limit

ABSENT: Any = None
"""The default of a key that may be left out. Given, it may not be null."""

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Pixels = Annotated[str, Field(pattern=r"^[0-9]{1,4}(\.[0-9]+)?px$")]
Space = Annotated[str, Field(pattern=r"^(none|xs|sm|md|lg|xl|xxl|[0-9]{1,4}(\.[0-9]+)?px)$")]
Size = Literal["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"]

_PERCENT_ENCODED = re.compile("([!-$&-~]|%[0-9A-Fa-f]{2})*")


def tag(kind: str) -> Tag:
    """Mark one member of a union. The brackets tell a tag from a key in an error's path."""
    return Tag(f"<{kind}>")


def by_type() -> Discriminator:
    """Choose a union's member by its ``type``."""

    def kind(value: Any) -> str | None:
        of = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
        return f"<{of}>" if isinstance(of, str) else None

    return Discriminator(kind)


def within(what: str) -> AfterValidator:
    """At most as much as the limit named *what* allows."""
    allowed = limit(what)

    def check(thing: Any) -> Any:
        if excess := allowed.excess(thing):
            raise fault(excess)
        return thing

    return AfterValidator(check)


def fault(sentence: str) -> PydanticCustomError:
    """An error that reads as *sentence*, whatever it holds."""
    return PydanticCustomError("fault", "{sentence}", {"sentence": sentence})


def _readable(text: str) -> str:
    if not text.strip():
        raise fault("is empty")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise fault("holds half a character: a surrogate without its other half")
    return text


def _opens(uri: str) -> str:
    """LINE opens http, https, line and tel (#uri-action); we send people nowhere insecure."""
    if uri.startswith("tel:"):
        number = uri.removeprefix("tel:").removeprefix("+")
        if not (number.isascii() and number.isdigit()):
            raise fault("a number to call is tel: and its digits")
    elif not _PERCENT_ENCODED.fullmatch(uri):
        raise fault("a link is percent-encoded: visible ASCII, each % before two hex digits")
    elif urlsplit(uri).scheme != "https" or not urlsplit(uri).hostname:
        raise fault("a link starts with https:// and a host, or with tel:")
    return uri


Words = Annotated[str, AfterValidator(_readable)]


class Closed(BaseModel):
    """A shape with these keys and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


# --- actions ---------------------------------------------------------------------------


class Postback(Closed):
    type: Literal["postback"]
    label: Annotated[Words, within("flex.label")]
    data: Annotated[Words, within("postback.data")]
    displayText: Annotated[Words, within("postback.displayText")]


class QuickPostback(Postback):
    label: Annotated[Words, within("quickReply.label")]


class Uri(Closed):
    type: Literal["uri"]
    label: Annotated[Words, within("flex.label")]
    uri: Annotated[Words, within("uri"), AfterValidator(_opens)]


class Clipboard(Closed):
    type: Literal["clipboard"]
    label: Annotated[Words, within("flex.label")]
    clipboardText: Annotated[Words, within("clipboard.clipboardText")]


Action = Annotated[
    Annotated[Postback, tag("postback")]
    | Annotated[Uri, tag("uri")]
    | Annotated[Clipboard, tag("clipboard")],
    by_type(),
]


class QuickReplyItem(Closed):
    type: Literal["action"]
    action: QuickPostback


class QuickReply(Closed):
    items: Annotated[list[QuickReplyItem], Field(min_length=1), within("quickReply.items")]


# --- flex ------------------------------------------------------------------------------


class Text(Closed):
    type: Literal["text"]
    text: Words
    size: Size = "md"
    weight: Literal["regular", "bold"] = "regular"
    color: Colour = ABSENT
    wrap: bool = False
    scaling: bool = False
    adjustMode: Literal["shrink-to-fit"] = ABSENT
    align: Literal["start", "center", "end"] = ABSENT
    gravity: Literal["top", "center", "bottom"] = ABSENT
    lineSpacing: Pixels = ABSENT
    flex: Annotated[int, Field(ge=0)] = ABSENT
    margin: Space = ABSENT


class Button(Closed):
    type: Literal["button"]
    action: Action
    style: Literal["primary", "secondary", "link"] = "link"
    color: Colour = ABSENT
    height: Literal["sm", "md"] = "md"
    scaling: bool = False
    adjustMode: Literal["shrink-to-fit"] = ABSENT
    margin: Space = ABSENT


class Separator(Closed):
    type: Literal["separator"]
    color: Colour = ABSENT
    margin: Space = ABSENT


class Box(Closed):
    """A box of components. An empty one is a drawn thing and has a size."""

    type: Literal["box"]
    layout: Literal["vertical", "horizontal"]
    contents: list[Component]
    action: Action = ABSENT
    spacing: Space = ABSENT
    margin: Space = ABSENT
    flex: Annotated[int, Field(ge=0)] = ABSENT
    width: Pixels = ABSENT
    height: Pixels = ABSENT
    paddingAll: Space = ABSENT
    paddingTop: Space = ABSENT
    cornerRadius: Space = ABSENT
    backgroundColor: Colour = ABSENT
    justifyContent: Literal["flex-start", "center", "flex-end"] = ABSENT
    alignItems: Literal["flex-start", "center", "flex-end"] = ABSENT


Component = Annotated[
    Annotated[Text, tag("text")]
    | Annotated[Button, tag("button")]
    | Annotated[Separator, tag("separator")]
    | Annotated[Box, tag("box")],
    by_type(),
]


class BlockStyle(Closed):
    backgroundColor: Colour


class Styles(Closed):
    body: BlockStyle = ABSENT
    footer: BlockStyle = ABSENT


class Bubble(Closed):
    type: Literal["bubble"]
    size: Literal["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"] = "mega"
    styles: Styles = ABSENT
    body: Box
    footer: Box = ABSENT


class Carousel(Closed):
    type: Literal["carousel"]
    contents: Annotated[list[Bubble], Field(min_length=1), within("flex.carousel.bubbles")]


# --- messages --------------------------------------------------------------------------


class TextMessage(Closed):
    type: Literal["text"]
    text: Annotated[Words, within("text")]
    quickReply: QuickReply = ABSENT


class FlexMessage(Closed):
    type: Literal["flex"]
    altText: Annotated[Words, within("flex.altText")]
    contents: Annotated[
        Annotated[Bubble, tag("bubble")] | Annotated[Carousel, tag("carousel")], by_type()
    ]
    quickReply: QuickReply = ABSENT


Message = Annotated[
    Annotated[TextMessage, tag("text")] | Annotated[FlexMessage, tag("flex")], by_type()
]
