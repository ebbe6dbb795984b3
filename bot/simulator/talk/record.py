"""Writes down what somebody did, as a talk that can be held again."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

import yaml

from bot.simulator.done import Done
from bot.simulator.talk.steps import NOTHING

Steps = list[dict[str, Any]]


def talk(title: str, done: Sequence[Done]) -> str:
    """All that was *done*, as YAML to be saved in ``tests/talks/``.

    What was said is written by its id: wording may change freely. The clock is set as it was,
    for what is said depends on the hour.
    """
    begun = next((each.turn.at for each in done if each.turn), None)
    clock = {"clock": _quoted(begun.isoformat(timespec="seconds"))} if begun else {}
    steps = [step for each in done for step in steps_of(each)]
    return _yaml({"talk": title, **clock, "steps": steps})


def step_yaml(done: Done) -> str:
    """One deed and its answer as they stand in a talk, without what comes before them."""
    return _yaml(steps_of(done))


def steps_of(done: Done) -> Steps:
    """What was arranged for a deed, the deed and the answer, each as a step of a talk."""
    steps: Steps = []
    if done.waited:
        steps.append({"wait": _period(done.waited)})
    steps += _faults(done)
    steps.append({done.deed.name: _quoted(done.deed.value)})
    if done.turn is not None:
        said = [_id(message.say_id or NOTHING) for message in done.turn.messages]
        ids = _OnOneLine(said or [NOTHING])
        steps.append({"bot": ids[0] if len(ids) == 1 else ids, "state": done.state or NOTHING})
    return steps


def _faults(done: Done) -> Iterator[dict[str, Any]]:
    """The faults that struck the answer, in their order."""
    struck = [call.fault.value for call in done.turn.calls if call.fault] if done.turn else []
    for kind, each in groupby(struck):
        times = len(list(each))
        yield {"fault": _quoted({"kind": kind, "times": str(times)} if times > 1 else kind)}


def _period(time: timedelta) -> str:
    """*time* as a talk writes it, in the largest unit that tells it whole."""
    seconds = round(time.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _yaml(data: object) -> str:
    return yaml.dump(
        data,
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


def _id(id: str) -> str:
    """*id* with quotes where YAML could take it for a mapping."""
    return _Quoted(id) if ":" in id else id


def _quoted(value: object) -> object:
    """*value* with quotes where YAML could take a word for something else, like no or 10:30."""
    if isinstance(value, Mapping):
        return {key: _quoted(part) for key, part in value.items()}
    if isinstance(value, str) and value.isascii():
        return _Quoted(value)
    return value
