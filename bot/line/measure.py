"""LINE's limits, one by one: how much of what, and how it is counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import regex
import yaml


class Unit(StrEnum):
    """A way of counting. The value is its name in the data, ``shown`` in a sentence."""

    UTF16 = "utf16"
    GRAPHEMES = "graphemes"
    ITEMS = "items"
    BYTES = "bytes"

    @property
    def shown(self) -> str:
        return {"utf16": "UTF-16 units", "bytes": "bytes of JSON"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``value`` ``unit`` of ``what``. ``source`` is an anchor of LINE's reference."""

    what: str
    value: int
    unit: Unit
    source: str

    def measure(self, thing: object) -> int:
        """How much *thing* is, counted as this limit counts.

        Raises TypeError for a thing that has no such measure.
        """
        if self.unit is Unit.BYTES:
            return json_bytes(thing)
        if self.unit is Unit.ITEMS and isinstance(thing, Sequence):
            return len(thing)
        if isinstance(thing, str):
            return utf16_units(thing) if self.unit is Unit.UTF16 else graphemes(thing)
        raise TypeError(f"{type(thing).__name__} cannot be counted in {self.unit.shown}")

    def excess(self, thing: object) -> str | None:
        """What is wrong with *thing*, in a sentence; None while it is within the limit."""
        measured = self.measure(thing)
        if measured <= self.value:
            return None
        return f"{measured:,} of at most {self.value:,} {self.unit.shown} (LINE: {self.source})"


@dataclass(frozen=True, slots=True)
class PictureLimit:
    """What a picture for ``what`` has to be. ``width`` and ``height`` are pixels, from the least
    to the most, None where LINE names no most; ``least_ratio`` is width by height, ``bytes`` the
    most its file may have."""

    what: str
    width: tuple[int, int | None]
    height: tuple[int, int | None]
    least_ratio: float
    bytes: int
    source: str

    def breach(self, width: int, height: int, size: int) -> str | None:
        """What is wrong with a picture of *size* bytes, in a sentence; None for a good one."""
        for side, pixels, (least, most) in (
            ("wide", width, self.width),
            ("high", height, self.height),
        ):
            if pixels < least or (most is not None and pixels > most):
                upto = "or more" if most is None else f"to {most:,}"
                return f"{pixels:,} pixels {side} instead of {least:,} {upto} (LINE: {self.source})"
        if width < height * self.least_ratio:
            ratio = f"{width / height:.3g}"
            return f"{ratio} as wide as high, at least {self.least_ratio} (LINE: {self.source})"
        if size > self.bytes:
            return f"{size:,} of at most {self.bytes:,} bytes (LINE: {self.source})"
        return None


def limit(what: str) -> Limit:
    """The limit named *what*. Raises KeyError when the data has none of that name."""
    return limits()[what]


@cache
def limits() -> Mapping[str, Limit]:
    """Every limit by its name, read once from ``limits.yaml``."""
    return MappingProxyType(
        {
            entry["what"]: Limit(
                entry["what"], entry["value"], Unit(entry["unit"]), entry["source"]
            )
            for entry in _data()["limits"]
        }
    )


@cache
def picture_limit(what: str) -> PictureLimit:
    """The limit on pictures named *what*. Raises KeyError when the data has none of that name."""
    for entry in _data()["pictures"]:
        if entry["what"] == what:
            return PictureLimit(
                **{**entry, "width": tuple(entry["width"]), "height": tuple(entry["height"])}
            )
    raise KeyError(what)


def _data() -> dict[str, list[dict[str, Any]]]:
    data = yaml.safe_load(Path(__file__).with_name("limits.yaml").read_bytes())
    return {key: data[key] for key in ("limits", "pictures")}


def utf16_units(text: str) -> int:
    """LINE's measure of text in general: an emoji counts two, half a pair one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """LINE's measure of labels: what a reader calls one character counts one."""
    return len(regex.findall(r"\X", text))


def json_bytes(value: object) -> int:
    """Bytes of *value* as JSON, written as its longest: spaced, every kanji as ``\\uXXXX``."""
    return len(json.dumps(value))
