"""How a talk is written down: a whole conversation as YAML, read strictly.

    talk: 薬キャリを退会する
    steps:
      - follow:
      - bot: [greeting, choosing_service]
        state: choosing_service
      - tap: 薬キャリ
      - bot: checking_selection
        buttons: [ない]

Every step does one thing. After each thing a person did stands a ``bot:`` that names every
message of the answer by its id, in order; ``bot: nothing`` where there is none.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from bot.simulator.talk.steps import Step, Texts
from content.catalog import Catalog
from content.evidence import Strict, Text
from content.problems import Problem
from content.reader import Data, Document, read

_HOLE = re.compile(r"\$\{([a-z_]+)(?:\.([a-z_]+))?\}")


class TalkError(Exception):
    """A talk cannot be read; ``problems`` says where and how to mend it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Script(Strict):
    """A talk as its file has it, every hole filled."""

    talk: Text = Field(description="何を確かめる会話か")
    each: dict[str, Texts] = Field(
        default_factory=dict, description="値ごとに一度ずつ話す。文の中では ${名前} と書く"
    )
    clock: AwareDatetime | None = Field(
        None, description="話し始める時刻（例：2026-04-01T10:00:00+09:00）。省くと、いまの時刻"
    )
    steps: tuple[Step, ...] = Field(description="することと、返ってくるもの。一つの手順に一つ")

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if all(step.bot is None for step in self.steps):
            raise ValueError("bot: が一つもありません。何が返るはずかを書いてください")
        return self


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation to be held; ``lines`` are the lines of its steps in ``file``."""

    file: str
    title: str
    name: str
    clock: datetime | None
    steps: tuple[Step, ...]
    lines: tuple[int, ...]


def read_talk(path: Path, root: Path, catalog: Catalog) -> list[Talk]:
    """The talk in *path*, once for each combination of its ``each:``.

    Places are told relative to *root*. Raises TalkError naming everything that is wrong.
    """
    problems: list[Problem] = []
    document = read(path, root, problems)
    talks: list[Talk] = []
    if not problems:
        for values in _combinations(document.data):
            filled = _filled(document.data, values, catalog, document, (), problems)
            talks += _validated(document, filled, values, problems)
    if problems:
        raise TalkError(sorted(set(problems)))
    return talks


def _validated(
    document: Document, data: Data, values: Mapping[str, str], problems: list[Problem]
) -> Iterator[Talk]:
    try:
        script = Script.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            place = tuple(part for part in fault["loc"] if part != "[key]")
            problems.append(_explained(document, place, fault["type"], fault["msg"]))
        return
    yield Talk(
        document.file,
        script.talk,
        "-".join((Path(document.file).name.split(".")[0], *values.values())),
        script.clock,
        script.steps,
        tuple(document.line(("steps", index)) for index in range(len(script.steps))),
    )


def _explained(document: Document, place: tuple[Any, ...], kind: str, message: str) -> Problem:
    name = str(place[-1]) if place else "ファイル"
    if kind == "extra_forbidden":
        return document.problem(
            place, f"「{name}」という項目はありません", "つづりを直してください"
        )
    if kind == "missing":
        return document.problem(place, f"「{name}」がありません", f"「{name}」を書き足してください")
    what = message.removeprefix("Value error, ")
    return document.problem(place, f"「{name}」が読めません", what)


def _combinations(data: Data) -> Iterator[dict[str, str]]:
    """Every choice of one value for each name of ``each:``; one empty choice without it."""
    each = data.get("each") if isinstance(data, dict) else None
    if not isinstance(each, dict) or not all(isinstance(v, list) and v for v in each.values()):
        yield {}
        return
    for chosen in itertools.product(*each.values()):
        yield dict(zip(each, map(str, chosen), strict=True))


def _filled(
    data: Data,
    values: Mapping[str, str],
    catalog: Catalog,
    document: Document,
    place: tuple[str | int, ...],
    problems: list[Problem],
) -> Data:
    """*data* with every ``${name}`` and ``${service.name}`` replaced."""
    if isinstance(data, dict):
        return {
            key: part
            if place == () and key == "each"
            else _filled(part, values, catalog, document, (*place, key), problems)
            for key, part in data.items()
        }
    if isinstance(data, list):
        return [
            _filled(part, values, catalog, document, (*place, index), problems)
            for index, part in enumerate(data)
        ]
    if data is None:
        return None

    def fill(hole: re.Match[str]) -> str:
        name, attribute = hole[1], hole[2]
        value: object = values.get(name)
        if value is not None and attribute:
            value = getattr(catalog.services.get(str(value)), attribute, None)
        if not isinstance(value, str):
            problems.append(
                document.problem(
                    place, f"{hole[0]} に入る値がありません", "each: を確かめてください"
                )
            )
            return ""
        return value

    return _HOLE.sub(fill, data)
