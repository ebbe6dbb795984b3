"""Reads drawn markup back, the way a browser would, to see what it really is."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID: frozenset[str] = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass
class Read:
    """What a piece of markup holds: tags with their attributes, in order, and its text."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    is_balanced: bool = True

    def all(self, attribute: str) -> list[str]:
        """Every value of one attribute, in order."""
        return [given[attribute] for _, given in self.tags if attribute in given]

    def classes(self) -> set[str]:
        """Every class in use."""
        return {name for value in self.all("class") for name in value.split()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Read()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.read.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.read.is_balanced = False

    def handle_data(self, data: str) -> None:
        self.read.text += data

    def handle_comment(self, data: str) -> None:
        self.read.is_balanced = False

    def close(self) -> None:
        super().close()
        if self._open:
            self.read.is_balanced = False


def read(html: str) -> Read:
    """Read *html* to its end."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.read
