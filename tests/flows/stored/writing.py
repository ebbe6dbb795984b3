"""Writes examples of conversations as the present version stores them, a file a service.

Run it once for each version of the stored form, before it is released, and keep what it wrote:

    python -m tests.flows.stored.writing
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from content.catalog import Catalog
from flows.conversation import VERSION, Conversation, Event, Followed, Pressed, Sent, Typed
from flows.coverage import arrivals
from flows.step import step
from tests.flows.catalogs import load_introduced
from tests.flows.chat import NOON

HERE = Path(__file__).parent


def talked(catalog: Catalog, *events: Event) -> Conversation:
    """Where somebody is who did *events*, one after the other."""
    conversation = Conversation()
    for event in events:
        after, _ = step(conversation, event, catalog, NOON)
        assert after is not None
        conversation = after
    return conversation


def shapes(catalog: Catalog) -> Iterator[tuple[str, Conversation]]:
    """Every shape a conversation can have beside those of a service's states."""
    names = [Typed(service.name) for service in catalog.services.values()]
    yield "new", Conversation()
    yield "greeted", talked(catalog, Followed())
    yield "not understood", talked(catalog, Followed(), Sent("image"), Typed("ぴよ"), Typed("ぴよ"))
    yield "erasing the data of a service", talked(catalog, Typed("データを消す"))
    yield "asked for everything", talked(catalog, *names)
    yield (
        "one service after another",
        talked(
            catalog,
            *(event for name in names for event in (name, Typed("いいえ"), Typed("最初から"))),
        ),
    )
    yield "moves kept for later", talked(catalog, *stepped_back(catalog))
    yield "meant before it was asked", meaning(catalog)


def stepped_back(catalog: Catalog) -> list[Event]:
    """A few answers, then the first of them asked again: the others wait meanwhile."""
    slug = next(iter(catalog.services))
    deepest = max(arrivals(catalog, slug, NOON), key=lambda arrival: len(arrival.path))
    first = deepest.path[1]
    change = Pressed(slug, "reviewing_answers", "change", first.state)
    return [Followed(), *deepest.path, Typed("状況"), change]


def meaning(catalog: Catalog) -> Conversation:
    """Somebody who said first that the service's data should go."""
    asked = talked(catalog, Followed(), Typed("データを消す"))
    after, _ = step(asked, Pressed("", "confirming_erasure", "mean_service"), catalog, NOON)
    assert after is not None
    return after


def in_service(catalog: Catalog, slug: str) -> dict[str, Conversation]:
    """The first conversation that leads to each state of a service."""
    found: dict[str, Conversation] = {}
    for arrival in arrivals(catalog, slug, NOON):
        found.setdefault(arrival.state, arrival.conversation)
    return found


def write(folder: Path, catalog: Catalog) -> None:
    """Write all of it into *folder*."""
    folder.mkdir(exist_ok=True)
    examples = {slug: in_service(catalog, slug) for slug in catalog.services}
    examples["shapes"] = dict(shapes(catalog))
    for name, conversations in examples.items():
        stored: dict[str, Any] = {key: each.to_json() for key, each in conversations.items()}
        lines = ",\n".join(
            f"{json.dumps(key)}: {json.dumps(each, ensure_ascii=False)}"
            for key, each in stored.items()
        )
        (folder / f"{name}.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")


if __name__ == "__main__":
    write(HERE / f"v{VERSION}", load_introduced())
