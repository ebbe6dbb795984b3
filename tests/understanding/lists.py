"""The lists of this folder, read so strictly that no text can change its meaning on the way."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from content.reader import read
from flows.conversation import Choice, Pressed
from flows.understanding import (
    NamedLookalike,
    NamedService,
    Reading,
    SeveralServices,
    Unsupported,
)

HERE = Path(__file__).parent


@cache
def load(name: str) -> Any:
    """The data of ``name.yaml``; every scalar is the text as it stands there."""
    problems: list[Any] = []
    data = read(HERE / f"{name}.yaml", HERE, problems).data
    assert not problems, problems
    return data


def texts(name: str) -> list[tuple[str, str]]:
    """Every text of ``name.yaml`` with the heading it stands under."""
    return [(heading, text) for heading, listed in load(name).items() for text in listed]


def reading(heading: str) -> Reading:
    """The reading a heading stands for: "slug", "slug/look-alike", "slug + slug" or "other"."""
    if " + " in heading:
        return SeveralServices(tuple(heading.split(" + ")))
    slug, _, key = heading.partition("/")
    if key:
        return NamedLookalike(slug, key)
    return Unsupported() if slug == "other" else NamedService(slug)


def choice(button: str, label: str, service: str = "yakukyari", state: str = "asking") -> Choice:
    """The choice of a button written as "trigger" or "trigger:argument"."""
    trigger, _, argument = button.partition(":")
    return Choice(label, Pressed(service, state, trigger, argument))
