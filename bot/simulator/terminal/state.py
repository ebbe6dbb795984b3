"""Where a person stands and how their last turn was taken, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.simulator.inspector.record import record_of
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.terminal.ahead import ahead

SIGNS = {"added": "＋", "gone": "－", "kept": "　"}


def state_lines(session: Session, person: Person) -> list[str]:
    """The state, the answers so far (＋ new, － gone with the last turn), and why."""
    return [
        f"{session.clock.now():%Y-%m-%d %H:%M:%S}  {person.name}",
        *_standing(person),
        *_last_turn(session, person),
        *ahead(session, person),
    ]


def _standing(person: Person) -> Iterator[str]:
    conversation = person.conversation
    if conversation is None:
        yield "何も覚えられていません"
    else:
        yield f"状態 {person.state}  サービス {conversation.service or 'なし'}"


def _last_turn(session: Session, person: Person) -> Iterator[str]:
    turns = [done for done in person.done if done.turn is not None]
    if not turns:
        return
    made = record_of(session, turns, len(turns) - 1)
    for move in made["diff"]:
        words = f"{move['state']} → {move['trigger']} {move['argument']}".rstrip()
        yield f"{SIGNS[move['kind']]} {words}"
    yield f"読みとり {made['understood']}"
    for tried in made["tries"]:
        yield _tried(tried)
    if row := made["row"]:
        yield f"行 {row['trigger']}: {row['source']} → {row['dest']}  {row['place']}"


def _tried(tried: dict[str, Any]) -> str:
    asked = f"{tried['guard_says']}（{tried['guard']}）" if tried["guard"] else "条件なし"
    return f"条件 {asked}: {'はい' if tried['passed'] else 'いいえ'}  {tried['place']}"
