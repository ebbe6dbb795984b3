"""Ways to walk a message made of plain dicts and lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """*value* and everything within it, in order, each with the way to it."""
    yield path, value
    if isinstance(value, dict | list):
        for step, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nodes(child, (*path, step))


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object within *value*, in order."""
    return [node for _, node in nodes(value) if isinstance(node, dict)]


def actions(value: Any) -> list[dict[str, Any]]:
    """Every action within *value*, in order."""
    return [node["action"] for node in objects(value) if "action" in node]


def texts(container: Any) -> list[str]:
    """What there is to read in a flex container, in order."""
    found = []
    for node in objects(container):
        if node.get("type") == "text":
            found.append(node["text"])
        elif node.get("type") == "button":
            found.append(node["action"]["label"])
    return found


def changed(value: Any, path: Path, new: Any) -> Any:
    """A copy of *value* with *new* at *path*."""
    if not path:
        return new
    copy: Any = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy
