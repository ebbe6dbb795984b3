"""How LINE's words for size, space and colour translate to CSS.

Numbers are the ones LINE documents for flex messages ("Flex Message layout"), in CSS pixels on
a phone of usual size; they are written in rem so that a larger font enlarges everything. What is
not a documented form is dropped, so nothing a message holds reaches a style sheet unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.simulator.render.markup import as_mapping, as_text

SPACE = {"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16, "xxl": 20}
FONT = {
    "xxs": 11,
    "xs": 13,
    "sm": 14,
    "md": 16,
    "lg": 19,
    "xl": 22,
    "xxl": 29,
    "3xl": 35,
    "4xl": 48,
    "5xl": 74,
}
BORDER: Mapping[str, float] = {
    "none": 0,
    "light": 0.5,
    "normal": 1,
    "medium": 2,
    "semi-bold": 3,
    "bold": 4,
}
CORNER = SPACE
ICON = FONT
IMAGE = {
    "xxs": 40,
    "xs": 60,
    "sm": 80,
    "md": 100,
    "lg": 120,
    "xl": 140,
    "xxl": 160,
    "3xl": 180,
    "4xl": 200,
    "5xl": 220,
}
BUBBLE = {
    "nano": 120,
    "micro": 160,
    "deca": 220,
    "hecto": 241,
    "kilo": 260,
    "mega": 300,
    "giga": 386,
}

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?", re.ASCII)
_PIXELS = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)px", re.ASCII)
_PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,4})?%", re.ASCII)
_ANGLE = re.compile(r"\d{1,3}(?:\.\d{1,4})?deg", re.ASCII)
_RATIO = re.compile(r"(\d{1,6}(?:\.\d{1,4})?):(\d{1,6}(?:\.\d{1,4})?)", re.ASCII)


def colour(value: object) -> str | None:
    """Take ``#RRGGBB`` or ``#RRGGBBAA``, the only two forms LINE accepts."""
    text = as_text(value)
    return text.lower() if _COLOUR.fullmatch(text) else None


def rem(pixels: float) -> str:
    """Write CSS pixels as rem: 16 to 1."""
    return f"{round(pixels / 16, 4):g}rem"


def length(value: object, words: Mapping[str, float]) -> str | None:
    """Take one of LINE's words for a length, ``12px`` or ``12%``."""
    text = as_text(value)
    if text in words:
        return rem(words[text])
    if pixels := _PIXELS.fullmatch(text):
        return rem(float(pixels[1]))
    return text if _PERCENT.fullmatch(text) else None


def ratio(value: object) -> str | None:
    """Take ``width:height``, as in an image's ``aspectRatio``."""
    found = _RATIO.fullmatch(as_text(value))
    return f"{found[1]} / {found[2]}" if found and float(found[1]) and float(found[2]) else None


def one_of(value: object, allowed: Mapping[str, str]) -> str | None:
    """Translate a word that is in the table; None for any other value."""
    return allowed.get(as_text(value))


def gradient(background: object) -> str | None:
    """Take a box's ``background`` when it is a complete linear gradient."""
    given = as_mapping(background)
    angle = as_text(given.get("angle"))
    start, end = colour(given.get("startColor")), colour(given.get("endColor"))
    if given.get("type") != "linearGradient" or not _ANGLE.fullmatch(angle) or not (start and end):
        return None
    centre = colour(given.get("centerColor"))
    place = as_text(given.get("centerPosition"))
    if centre:
        centre += f" {place}" if _PERCENT.fullmatch(place) else " 50%"
    return f"linear-gradient({angle}, {', '.join(filter(None, (start, centre, end)))})"
