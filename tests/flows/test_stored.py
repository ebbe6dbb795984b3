"""Conversations stored by every released version are read back, and go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from content.catalog import Catalog
from flows.conversation import (
    VERSION,
    Answer,
    Conversation,
    Event,
    Followed,
    NewerError,
    Sent,
    Typed,
)
from flows.step import step
from tests.flows.chat import NOON
from tests.flows.replies import faults, ways_on
from tests.flows.stored import writing

STORED = Path(writing.__file__).parent
EXAMPLES = {
    f"{folder.name} {file.stem}: {name}": data
    for folder in sorted(STORED.glob("v*"))
    for file in sorted(folder.glob("*.json"))
    for name, data in json.loads(file.read_text("utf-8")).items()
}
THINGS: list[Event] = [
    Typed("戻る"), Typed("状況"), Typed("ヘルプ"), Typed("はい"), Typed("ぴよ"), Sent("sticker"),
    Sent("unknown_button"), Followed(),
]  # fmt: skip


def test_every_released_version_has_its_examples() -> None:
    """From the first to the present: none may be left out, or a reader could be forgotten."""
    numbers = [int(folder.name.removeprefix("v")) for folder in STORED.glob("v*")]

    assert sorted(numbers) == list(range(1, VERSION + 1))
    assert len(EXAMPLES) > 100


def test_the_examples_have_every_shape() -> None:
    """Every field is there both as it is at first and as it becomes."""
    found = [data for name, data in EXAMPLES.items() if name.startswith(f"v{VERSION} ")]
    new = Conversation().to_json()

    for field, first in new.items():
        if field == "v":
            assert all(data["v"] == VERSION for data in found)
            continue
        assert any(data[field] == first for data in found), field
        assert any(data[field] != first for data in found), field
    assert any(len(data["cases"]) > 1 for data in found)
    assert any(argument for data in found for trail in data["cases"].values()
               for _, _, argument in trail)  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_stored_conversation_reads_as_it_was_meant(name: str) -> None:
    """Not a word of it is lost, whichever version wrote it."""
    data: dict[str, Any] = EXAMPLES[name]

    conversation = Conversation.from_json(data)

    assert (conversation.turn, conversation.service) == (data["turn"], data["service"])
    assert (conversation.misses, conversation.meant) == (data["misses"], data["meant"])
    assert dict(conversation.cases) == {
        slug: tuple(Answer(*move) for move in trail) for slug, trail in data["cases"].items()
    }
    assert conversation.later == tuple(Answer(*move) for move in data["later"])
    seen = conversation.last_seen
    assert (seen.isoformat() if seen else None) == data["last_seen"]
    if data["v"] == VERSION:
        assert conversation.to_json() == data


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_stored_conversation_goes_on_by_the_content_of_today(real: Catalog, name: str) -> None:
    """Whatever the person does next, there is an answer with a way on."""
    conversation = Conversation.from_json(EXAMPLES[name])
    for event in THINGS:
        after, says = step(conversation, event, real, NOON)

        if after is None:  # said yes to having everything erased
            assert [say.id for say in says] == ["erased"]
            continue
        assert faults(says) == [], event
        assert ways_on(says), event
        assert Conversation.from_json(json.loads(json.dumps(after.to_json()))) == after


@pytest.mark.parametrize("version", [VERSION + 1, VERSION + 100, 10**30])
def test_what_a_newer_version_stored_is_left_to_it(version: int) -> None:
    """Whatever else it holds: it is not read, not even looked at."""
    with pytest.raises(NewerError):
        Conversation.from_json({"v": version})


@pytest.mark.parametrize("version", [0, -1, "2", None, 1.5, [2]])
def test_what_no_version_stored_is_no_conversation(version: object) -> None:
    """Told apart from a newer one: nobody will ever be able to read it."""
    with pytest.raises(ValueError, match="unknown version"):
        Conversation.from_json({**Conversation().to_json(), "v": version})


def test_the_examples_can_be_written_again(real: Catalog, tmp_path: Path) -> None:
    """By whoever raises the version: a file for each service, and one for all other shapes."""
    writing.write(tmp_path / "v9", real)

    assert {file.stem for file in (tmp_path / "v9").iterdir()} == {*real.services, "shapes"}
