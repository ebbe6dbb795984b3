"""Writes down what somebody did, as a talk that can be held again."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

import yaml

from bot.simulator.done import Done
from bot.simulator.journal import Turn
from bot.simulator.talk.steps import NOTHING

Steps = list[dict[str, Any]]


def talk(title: str, done: Sequence[Done]) -> str:
    """All that was *done*, as YAML to be saved in ``tests/talks/``.

    What was said is written by its id: wording may change freely. The clock is set as it was,
    for what is said depends on the hour.
    """
    begun = next((each.turn.at for each in done if each.turn), None)
    clock = {"clock": _quoted(begun.isoformat(timespec="seconds"))} if begun else {}
    steps = [step for each in _together(done) for step in steps_of(*each)]
    return _yaml({"talk": title, **clock, "steps": steps})


def step_yaml(done: Done) -> str:
    """One deed and its answer as they stand in a talk, without what comes before them."""
    return _yaml(steps_of(done))


def steps_of(done: Done, *behind: Done) -> Steps:
    """What was arranged for a deed, the deed and the answer, each as a step of a talk.

    What arrived by itself right *behind* it belongs to the same answer.
    """
    every = (done, *behind)
    turns = [each.turn for each in every if each.turn is not None]
    waited: Steps = [{"wait": _period(done.waited)}] if done.waited else []
    # What arrives as time passes meets what was arranged before that.
    steps = [*_faults(turns), *waited] if done.by_itself else [*waited, *_faults(turns)]
    if not done.by_itself:
        steps.append({done.deed.name: _quoted(done.deed.value)})
    if turns:
        messages = [message for turn in turns for message in turn.messages]
        ids = _OnOneLine([_id(message.say_id or NOTHING) for message in messages] or [NOTHING])
        state = every[-1].state or NOTHING
        steps.append({"bot": ids[0] if len(ids) == 1 else ids, "state": state})
    return steps


def _together(done: Sequence[Done]) -> Iterator[list[Done]]:
    """Each deed, and what arrived by itself right behind it; or after a time, all that did."""
    group: list[Done] = []
    for each in done:
        if group and not (each.by_itself and not each.waited):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _faults(turns: Sequence[Turn]) -> Iterator[dict[str, Any]]:
    """What struck the webhook on its way, and the answer, in their order."""
    struck = [turn.mishap.value for turn in turns if turn.mishap]
    struck += [call.fault.value for turn in turns for call in turn.calls if call.fault]
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
