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

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from content.problems import Problem
from content.syntax import explained

Data = dict[str, Any] | list[Any] | str | None
Place = tuple[str | int, ...]

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

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Every piece of text in the file with the path that leads to it."""
        yield from _texts((), self.data)


def _texts(path: Place, data: Data) -> Iterator[tuple[Place, str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts((*path, key), value)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts((*path, index), value)


def read(path: Path, root: Path, problems: list[Problem]) -> Document:
    """Read the YAML file at *path*; what is wrong with it is added to *problems*.

    ``data`` is None where nothing could be read, or nothing is there.
    """
    document = Document(path.relative_to(root).as_posix())
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
        node = YAML(typ="safe", pure=True).compose(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = "UTF-8 の文字ではありません"
        problems.append(Problem(document.file, line, what, "UTF-8 で保存し直してください"))
    except YAMLError as error:
        problems.append(explained(document.file, error, text))
    else:
        document.data = _Plain(document, problems).data(node, ())
    return document


@dataclass(slots=True)
class _Plain:
    """Nodes → data; lines go into ``document``, faults into ``problems``."""

    document: Document
    problems: list[Problem]
    anchored: dict[int, Data] = field(default_factory=dict)

    def data(self, node: Node | None, path: Place) -> Data:
        """The data under *node*, which stands at *path*."""
        if node is None:
            return None
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if not str(node.tag).startswith(_STANDARD_TAGS):
            self._fault(path, f"型の印（{node.tag}）は使えません", "印を消してください")
        if node.anchor is None:
            return self._inside(node, path)
        if id(node) not in self.anchored:
            self.anchored[id(node)] = None  # an anchor may stand inside itself
            self._fault(path, "別名（& や *）は使えません", "同じ内容をもう一度書いてください")
            self.anchored[id(node)] = self._inside(node, path)
        return self.anchored[id(node)]

    def _inside(self, node: Node, path: Place) -> Data:
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.data(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        text = str(node.value)
        if node.style is not None:
            return text
        if _TRAPS.match(text):
            what = f"引用符のない {text} は別の値に化けることがあります"
            self._fault(path, what, f'"{text}" と引用符で囲んでください')
        return None if text.lower() in _NULL else text

    def _mapping(self, node: MappingNode, path: Place) -> dict[str, Data]:
        data: dict[str, Data] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                what = "項目の名前が文字ではありません"
                self._add(line, what, "「名前: 値」の形で書いてください")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in data:
                what = f"「{key}」が二度書かれています（一度目は {self.document.line(here)} 行目）"
                self._add(line, what, "どちらかを消してください")
                continue
            self.document.lines[here] = line
            data[key] = self.data(value_node, here)
        return data

    def _fault(self, path: Place, what: str, mend: str) -> None:
        self.problems.append(self.document.problem(path, what, mend))

    def _add(self, line: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.document.file, line, what, mend))
