"""Writes down a conversation while it is held, as a talk that can be held again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

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
        ids = CommentedSeq(message.say_id for message in answer) or CommentedSeq([NOTHING])
        ids.fa.set_flow_style()
        self._steps.append({"bot": ids[0] if len(ids) == 1 else ids, "state": state or NOTHING})

    def undo(self) -> None:
        """Forget the last deed, its answer and what was arranged since."""
        while self._steps and self._steps.pop().keys() & {"bot", "wait", "fault"}:
            pass

    def yaml(self, title: str) -> str:
        """The talk, to be saved in ``tests/talks/``."""
        yaml = YAML()
        yaml.indent(mapping=2, sequence=4, offset=2)
        yaml.width = 4096
        yaml.representer.add_representer(type(None), _nothing)
        out = io.StringIO()
        yaml.dump({"talk": title, "steps": self._steps}, out)
        return out.getvalue()


def _quoted(value: object) -> object:
    """*value* with quotes where YAML could take a word for something else, like no or 10:30."""
    if isinstance(value, dict):
        return {key: _quoted(part) for key, part in value.items()}
    if isinstance(value, str) and value.isascii():
        return DoubleQuotedScalarString(value)
    return value


def _nothing(representer: Any, value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "")
