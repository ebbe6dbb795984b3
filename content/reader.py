"""YAML → plain data in which every scalar is the text that was written, with its line.

Nothing is guessed: `no` stays "no" and `10:30` stays "10:30". What YAML 1.1 tools would read
as something else is reported all the same, because the next tool to open the file may not be
as careful as this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from content.events import QUICK, UnreadableError, line_of, parsed
from content.problems import Problem
from content.syntax import explained

Data = dict[str, Any] | list[Any] | str | None
Place = tuple[str | int, ...]
_Start = ScalarEvent | SequenceStartEvent | MappingStartEvent
_START = (ScalarEvent, SequenceStartEvent, MappingStartEvent)

# Unquoted, these are a boolean, a base-60 number, an octal, a float or a number in groups of
# digits to some YAML tools.
_TRAPS = re.compile(
    r"(?:y|n|yes|no|on|off|[-+]?\d+(?::[0-5]?\d)+(?:\.\d*)?|0\d+|0x[\da-f]+|0o[0-7]+|0b[01]+"
    r"|[-+]?\d*\.\d+|[-+]?\d+\.|[-+]?[\d.]+e[-+]?\d+|[-+]?\d+(?:_\d+)+|[-+]?\.inf|\.nan)\Z",
    re.IGNORECASE,
)
_NULL = ("null", "~", "")
_STANDARD_TAGS = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Document:
    """One YAML file: its data, and on which line each part of it stands."""

    file: str
    data: Data = None
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, path: Place) -> int:
        """The line of *path*, or of the nearest part that contains it; 0 if there is none."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def problem(self, path: Place, what: str, mend: str) -> Problem:
        """A problem at the place of *path* in this file."""
        return Problem(self.file, self.line(path), what, mend)

    def names(self, *path: str) -> frozenset[str] | None:
        """The keys of the mapping at *path*: none if it is left out, None if it is no mapping."""
        data = self.data
        for key in path:
            if not isinstance(data, dict):
                return None
            data = data.get(key, {})
        return frozenset(data) if isinstance(data, dict) else None

    def texts(self) -> list[tuple[Place, str]]:
        """Every piece of text in the file with the path that leads to it."""
        found: list[tuple[Place, str]] = []
        _gather(self.data, (), found)
        return found


def _gather(data: Data, path: Place, found: list[tuple[Place, str]]) -> None:
    # Not a generator: through a dozen levels of them each text would pass, for a dozen rules.
    if isinstance(data, str):
        found.append((path, data))
    elif isinstance(data, dict):
        for key, value in data.items():
            _gather(value, (*path, key), found)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _gather(value, (*path, index), found)


def read(path: Path, root: Path, problems: list[Problem], *, quick: bool = QUICK) -> Document:
    """Read the YAML file at *path*; what is wrong with it is added to *problems*.

    ``data`` is None where nothing could be read, or nothing is there. *quick* asks for libyaml
    (`content.events`), which changes nothing but the time it takes.
    """
    document = Document(path.relative_to(root).as_posix())
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
        events = iter(parsed(text, quick=quick))
        document.data = _Plain(document, problems, events).data(())
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = "UTF-8 の文字ではありません"
        problems.append(Problem(document.file, line, what, "UTF-8 で保存し直してください"))
    except YAMLError as error:
        problems.append(explained(document.file, error, text))
    return document


@dataclass(slots=True)
class _Plain:
    """Events → data; lines go into ``document``, faults into ``problems``.

    ``anchored`` is what is known under the names of anchors.
    """

    document: Document
    problems: list[Problem]
    events: Iterator[Event]
    anchored: dict[str, Data] = field(default_factory=dict)

    def data(self, path: Place) -> Data:
        """The data that begins at the next event, which stands at *path*; None at the end."""
        event = next(self.events, None)
        return None if event is None else self._data(event, path)

    def _data(self, event: Event, path: Place) -> Data:
        self.document.lines.setdefault(path, line_of(event))
        if isinstance(event, AliasEvent):
            if event.anchor not in self.anchored:
                raise UnreadableError("found undefined alias", event)
            return self.anchored[event.anchor]
        assert isinstance(event, _START)
        if event.anchor is None and event.tag is None:
            return self._inside(event, path)
        self._properties(event, self.document.line(path))
        if event.anchor is None:
            return self._inside(event, path)
        self.anchored[event.anchor] = None  # an anchor may stand inside itself
        data = self.anchored[event.anchor] = self._inside(event, path)
        return data

    def _properties(self, event: _Start, line: int) -> None:
        """Complain about what stands before a value, or the name of one, to be told of it."""
        if event.tag not in (None, "!") and not event.tag.startswith(_STANDARD_TAGS):
            self._add(line, f"型の印（{event.tag}）は使えません", "印を消してください")
        if event.anchor is not None:
            self._add(line, "別名（& や *）は使えません", "同じ内容をもう一度書いてください")

    def _inside(self, event: _Start, path: Place) -> Data:
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return list(self._items(path))
        text = event.value
        if event.style:  # quoted, or a block
            return text
        if _TRAPS.match(text):
            what = f"引用符のない {text} は別の値に化けることがあります"
            self._add(self.document.line(path), what, f'"{text}" と引用符で囲んでください')
        return None if text.lower() in _NULL else text

    def _items(self, path: Place) -> Iterator[Data]:
        index = 0
        while not isinstance(event := next(self.events), SequenceEndEvent):
            yield self._data(event, (*path, index))
            index += 1

    def _mapping(self, path: Place) -> dict[str, Data]:
        data: dict[str, Data] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            line = line_of(event)
            key = self._key(event, line)
            if key is None:
                what = "項目の名前が文字ではありません"
                self._add(line, what, "「名前: 値」の形で書いてください")
                self._ignored()
                continue
            here = (*path, key)
            if key in data:
                what = f"「{key}」が二度書かれています（一度目は {self.document.line(here)} 行目）"
                self._add(line, what, "どちらかを消してください")
                self._ignored()
                continue
            self.document.lines[here] = line
            data[key] = self.data(here)
        return data

    def _key(self, event: Event, line: int) -> str | None:
        """The name that *event* gives to what follows, None where it is no word."""
        if isinstance(event, ScalarEvent):
            self._properties(event, line)
            if event.anchor is not None:
                self.anchored[event.anchor] = event.value
            return event.value
        self._aside()._data(event, ())
        return None

    def _ignored(self) -> None:
        self._aside().data(())

    def _aside(self) -> _Plain:
        """Reads on from here for nobody: what it reads is of no use, as was said already."""
        return _Plain(Document(self.document.file), [], self.events, self.anchored)

    def _add(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.document.file, line, what, mend))
