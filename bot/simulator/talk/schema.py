"""The form of a talk as JSON Schema, so that an editor completes and explains what is written.

    python -m bot.simulator.talk.schema > tests/talks/talk.schema.json

An editor finds it by the first line of a talk: ``# yaml-language-server: $schema=…``. What is
read is decided by the models alone (`bot.simulator.talk.format`); the schema is made from them.
"""

from __future__ import annotations

import json
from typing import Any

from bot.simulator.talk.format import Script
from bot.simulator.talk.steps import EXPECTED, Step
from bot.simulator.troubles import WORDS

DRAFT = "https://json-schema.org/draft/2020-12/schema"

ABOUT = {
    "Step": "一つの手順：することを一つ、または bot:（返ってくるもの）と、それを確かめる項目",
    "Tap": "どのボタンを押すか",
    "Break": "次の何回に、何が起きるか",
}
"""What the models' own docstrings tell programmers, for who writes talks."""

SHORT = ("tap", "fault")
"""Keys whose value may also be a mere word."""


def schema() -> dict[str, Any]:
    """The whole schema, with what each key means in Japanese."""
    models = _plain(Script.model_json_schema())
    kinds = models["$defs"]
    for name, about in ABOUT.items():
        kinds[name]["description"] = about
    fault = kinds["Break"]["properties"]["kind"]
    del fault["type"]  # an editor reads 500 as a number, and the reader as a word
    fault["enum"] += [int(kind) for kind in WORDS if kind.isdecimal()]
    step = kinds["Step"]
    for key in SHORT:
        reference = step["properties"][key].pop("$ref")
        word: Any = {"enum": fault["enum"]} if key == "fault" else {"type": "string"}
        step["properties"][key]["anyOf"] = [word, {"$ref": reference}]
    step["oneOf"] = [{"required": [key]} for key in Step.model_fields if key not in EXPECTED]
    step["dependentRequired"] = {key: ["bot"] for key in sorted(EXPECTED)}
    front = {"$schema": DRAFT, "title": "会話の台本", "description": "会話まるごとのテスト"}
    return {**models, **front}


def _plain(made: Any) -> Any:
    """*made* without what only Python means: attributes' names, defaults, None for nothing."""
    if isinstance(made, list):
        return [_plain(part) for part in made]
    if not isinstance(made, dict):
        return made
    kept = {
        key: {name: _plain(one) for name, one in part.items()}
        if key in ("properties", "$defs")
        else _plain(part)
        for key, part in made.items()
        if key not in ("title", "default")
    }
    choices = [choice for choice in kept.pop("anyOf", ()) if choice != {"type": "null"}]
    return kept | (choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})


if __name__ == "__main__":
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
