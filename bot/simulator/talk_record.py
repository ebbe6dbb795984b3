"""Writes down a conversation while it is held, as a talk that can be held again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import yaml

from bot.simulator.screen import Message
from bot.simulator.talk_steps import NOTHING


class TalkRecord:
    """The steps so far. What was said is written by its id: wording may change freely."""

    def __init__(self) -> None:
        self._steps: list[dict[str, Any]] = []

    def did(self, deed: str, value: object = None) -> None:
        """Somebody did something, named as in a talk."""
        self._steps.append({deed: _quoted(value)})

    def answered(self, answer: Sequence[Message], state: str) -> None:
        """The bot answered, and the person is in *state* now."""
        ids = _OnOneLine(message.say_id for message in answer) or [NOTHING]
        self._steps.append({"bot": ids[0] if len(ids) == 1 else ids, "state": state or NOTHING})

    def undo(self) -> None:
        """Forget the last deed, its answer and what was arranged since."""
        while self._steps and self._steps.pop().keys() & {"bot", "wait", "fault"}:
            pass

    def yaml(self, title: str) -> str:
        """The talk, to be saved in ``tests/talks/``."""
        return yaml.dump(
            {"talk": title, "steps": self._steps},
            Dumper=_Dumper,
            allow_unicode=True,
            default_flow_style=False,
            sort_keys=False,
            width=sys.maxsize,
        )


class _Quoted(str):
    """A text that keeps its quotes."""


class _OnOneLine(list[str]):
    """A list in brackets."""


class _Dumper(yaml.SafeDumper):
    """Writes as a person would: lists set in, nothing for nothing."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        return True


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
_Dumper.add_representer(
    _OnOneLine,
    lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, True),
)
_Dumper.add_representer(
    type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
)


def _quoted(value: object) -> object:
    """*value* with quotes where YAML could take a word for something else, like no or 10:30."""
    if isinstance(value, dict):
        return {key: _quoted(part) for key, part in value.items()}
    if isinstance(value, str) and value.isascii():
        return _Quoted(value)
    return value
