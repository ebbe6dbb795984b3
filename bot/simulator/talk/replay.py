"""Proves that what somebody did can be held as a talk: once more, with a bot of its own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.talk.format import TalkError, read_talk
from bot.simulator.talk.holding import TalkFailedError, hold
from bot.simulator.talk.record import talk


@dataclass(frozen=True, slots=True)
class Replay:
    """A talk as YAML, a ``name`` for its file, and why it does not hold: "" where it does."""

    yaml: str
    name: str
    problem: str


def replayed(session: Session, person: Person, title: str) -> Replay:
    """What *person* did, written down as *title* and held once with somebody new.

    In a session of its own: the talk sets the clock, which here is everybody's. Raises
    LookupError when nothing was done yet.
    """
    if not person.done:
        raise LookupError("まだ何もしていません。話しかけてから、もう一度押してください。")
    conversation = person.conversation
    service = conversation.service if conversation else ""
    name = f"{'_'.join(filter(None, (service, person.state))) or 'talk'}.talk.yaml"
    yaml = talk(title, person.done)
    return Replay(yaml, name, _why_not(session, yaml, name))


def _why_not(session: Session, yaml: str, name: str) -> str:
    with tempfile.TemporaryDirectory(prefix="taikai-talk-") as folder:
        path = Path(folder) / name
        path.write_text(yaml, encoding="utf-8")
        try:
            talks = read_talk(path, path.parent, session.catalog)
            with session.another() as fresh:
                for each in talks:
                    hold(each, fresh)
        except (TalkError, TalkFailedError) as broken:
            return str(broken)
    return ""
