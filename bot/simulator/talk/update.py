"""Writes other ids into a ``bot:`` of a talk, and touches nothing else of the file.

For ``pytest --update``: when the flow was changed on purpose, the ids of many talks
change, and somebody only has to read what became of them (``git diff``). Comments, order and
layout are the author's, so the text is edited where the ids stand and never written anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from bot.simulator.talk.steps import NOTHING


class CannotUpdateError(Exception):
    """The ids cannot be put there by a program; the message says why."""


def with_ids(text: str, step: int, ids: Sequence[str]) -> str:
    """The talk *text* in which step number *step* (from 0) expects *ids*.

    Raises CannotUpdateError where ids stand for each value of ``each:``, or a message has none.
    """
    if any(not _is_id(id) for id in ids):
        raise CannotUpdateError("idのないメッセージが来ているので、書きかえられません")
    node = _value(_value(yaml.compose(text, yaml.SafeLoader), "steps", step), "bot")
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _in_lines(text, node, ids)
    if "${" in text[start:end]:
        raise CannotUpdateError("each: の値ごとに違う所なので、書きかえられません")
    return text[:start] + _on_one_line(ids) + text[end:]


def _in_lines(text: str, node: yaml.SequenceNode, ids: Sequence[str]) -> str:
    """A list with one id a line; what stands beside the ids stays if there are as many."""
    items = node.value
    if any("${" in item.value for item in items):
        raise CannotUpdateError("each: の値ごとに違う所なので、書きかえられません")
    if len(ids) == len(items):
        for item, id in reversed(list(zip(items, ids, strict=True))):
            text = text[: item.start_mark.index] + _quoted(id) + text[item.end_mark.index :]
        return text
    indent = "\n" + " " * node.start_mark.column
    written = indent.join(f"- {_quoted(id)}" for id in ids or [NOTHING])
    return text[: node.start_mark.index] + written + text[items[-1].end_mark.index :]


def _value(node: yaml.Node | None, *path: str | int) -> yaml.Node:
    """What stands under *path*. Raises CannotUpdateError where there is nothing."""
    for key in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == key), None)
    if node is None:
        raise CannotUpdateError(f"{path} がファイルにありません")
    return node


def _is_id(id: str) -> bool:
    return id != "" and not id.startswith("（")


def _on_one_line(ids: Sequence[str]) -> str:
    if len(ids) == 1:
        return _quoted(ids[0])
    return f"[{', '.join(map(_quoted, ids))}]" if ids else NOTHING


def _quoted(id: str) -> str:
    """*id* with quotes where YAML could take it for a mapping."""
    return f'"{id}"' if ":" in id else id
