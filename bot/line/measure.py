"""LINE's limits, one by one: how much of what, and how it is counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

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


def limit(what: str) -> Limit:
    """The limit named *what*. Raises KeyError when the data has none of that name."""
    return limits()[what]


@cache
def limits() -> Mapping[str, Limit]:
    """Every limit by its name, read once from ``limits.yaml``."""
    data = yaml.safe_load(Path(__file__).with_name("limits.yaml").read_bytes())
    return MappingProxyType(
        {
            entry["what"]: Limit(
                entry["what"], entry["value"], Unit(entry["unit"]), entry["source"]
            )
            for entry in data["limits"]
        }
    )


def utf16_units(text: str) -> int:
    """LINE's measure of text in general: an emoji counts two, half a pair one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """LINE's measure of labels: what a reader calls one character counts one."""
    return len(regex.findall(r"\X", text))


def json_bytes(value: object) -> int:
    """Bytes of *value* as JSON, written as its longest: spaced, every kanji as ``\\uXXXX``."""
    return len(json.dumps(value))
