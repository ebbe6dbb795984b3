"""What a rich menu may be: LINE's rich menu object, its areas and their actions.

Stricter than LINE where LINE would take what nobody can use: an area outside of the picture.
"""

# ruff: noqa: N815 - the names are LINE's
from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from bot.line import limits
from bot.line.measure import picture_limit
from bot.line.shapes import ABSENT, Closed, Words, by_type, fault, tag, within
from bot.simulator.fake_line.refusals import Detail, invalid

ALIAS = r"^[a-z0-9_-]+$"
"""Letters of an alias (#create-rich-menu-alias)."""

Alias = Annotated[str, Field(pattern=ALIAS), within("richmenu.aliasId")]
Pixels = Annotated[int, Field(ge=0)]
Label = Annotated[Words, within("richmenu.label")]

SCHEMES = ("http:", "https:", "line:", "tel:")
"""What LINE opens (#uri-action)."""


def _opened(uri: str) -> str:
    if not uri.startswith(SCHEMES):
        raise fault("invalid uri")
    return uri


class _Postback(Closed):
    type: Literal["postback"]
    label: Label = ABSENT
    data: Annotated[Words, within("postback.data")]
    displayText: Annotated[Words, within("postback.displayText")] = ABSENT
    inputOption: Literal["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"] = ABSENT
    fillInText: Annotated[Words, within("postback.fillInText")] = ABSENT


class _Message(Closed):
    type: Literal["message"]
    label: Label = ABSENT
    text: Annotated[Words, within("message.text")]


class _Uri(Closed):
    type: Literal["uri"]
    label: Label = ABSENT
    uri: Annotated[Words, within("uri"), AfterValidator(_opened)]


class _Picker(Closed):
    type: Literal["datetimepicker"]
    label: Label = ABSENT
    data: Annotated[Words, within("datetimepicker.data")]
    mode: Literal["date", "time", "datetime"]
    initial: Words = ABSENT
    max: Words = ABSENT
    min: Words = ABSENT


class _Switch(Closed):
    type: Literal["richmenuswitch"]
    label: Annotated[Words, within("richmenuswitch.label")] = ABSENT
    richMenuAliasId: Alias
    data: Annotated[Words, within("richmenuswitch.data")]


class _Clipboard(Closed):
    type: Literal["clipboard"]
    label: Label = ABSENT
    clipboardText: Annotated[Words, within("clipboard.clipboardText")]


Action = Annotated[
    Annotated[_Postback, tag("postback")]
    | Annotated[_Message, tag("message")]
    | Annotated[_Uri, tag("uri")]
    | Annotated[_Picker, tag("datetimepicker")]
    | Annotated[_Switch, tag("richmenuswitch")]
    | Annotated[_Clipboard, tag("clipboard")],
    by_type(),
]


class _Bounds(Closed):
    x: Pixels
    y: Pixels
    width: Annotated[Pixels, Field(ge=1)]
    height: Annotated[Pixels, Field(ge=1)]


class _Area(Closed):
    bounds: _Bounds
    action: Action


class _Size(Closed):
    width: Pixels
    height: Annotated[Pixels, Field(ge=1)]

    @model_validator(mode="after")
    def _fits_a_picture(self) -> Self:
        if breach := picture_limit("richmenu.image").breach(self.width, self.height, 0):
            raise fault(breach)
        return self


class _RichMenu(Closed):
    size: _Size
    selected: bool
    name: Annotated[Words, within("richmenu.name")]
    chatBarText: Annotated[Words, within("richmenu.chatBarText")]
    areas: Annotated[list[_Area], within("richmenu.areas")]

    @model_validator(mode="after")
    def _areas_lie_inside(self) -> Self:
        for number, area in enumerate(self.areas):
            right, bottom = area.bounds.x + area.bounds.width, area.bounds.y + area.bounds.height
            if right > self.size.width or bottom > self.size.height:
                raise fault(f"areas[{number}] reaches beyond the picture")
        return self


_MENU: TypeAdapter[Any] = TypeAdapter(_RichMenu)
_ALIAS: TypeAdapter[Any] = TypeAdapter(Alias)


def must_be_a_menu(body: object) -> None:
    """Raise RefusalError, with each property that is wrong, unless *body* is a rich menu."""
    _refuse(limits.unlike(_MENU, body, ""))


def must_be_an_alias(name: object) -> None:
    """Raise RefusalError unless *name* can be a rich menu's alias."""
    _refuse(limits.unlike(_ALIAS, name, "richMenuAliasId"))


def _refuse(breaches: list[str]) -> None:
    if breaches:
        parts = (breach.partition(": ") for breach in breaches)
        raise invalid([Detail(what, where) for where, _, what in parts])
