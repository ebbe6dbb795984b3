"""What is still to go wrong and still to arrive, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.simulator.inspector.record import heard
from bot.simulator.journal import Turn
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.troubles import ABOUT, where


def troubles_there_are() -> Iterator[str]:
    """All that can be arranged, each with a word of what it is."""
    width = max(len(trouble.value) for trouble in ABOUT)
    for way, some in groupby(ABOUT, where):
        yield f"{way}："
        for trouble in some:
            yield f"  {trouble.value:<{width}}  {ABOUT[trouble]}"


def ahead(session: Session, person: Person) -> Iterator[str]:
    """What was arranged, and what of *person*'s is on its way to the bot."""
    for trouble, times in session.troubles.waiting:
        yield f"これから起きる故障: {trouble.value}（{ABOUT[trouble]}） あと{times}回"
    for held in person.mail.held:
        yield f"届く途中: {heard(held.events[0])}（{ABOUT[held.mishap]}）"


def not_there(turn: Turn | None) -> str:
    """Why the bot knows nothing of *turn*, and what to do about it; "" where it does."""
    if turn is None or turn.arrives or turn.mishap is None:
        return ""
    what_to_do = "/arrive で届きます" if turn.mishap.comes_later else "もう一度送ってください"
    return f"（ボットに届いていません：{ABOUT[turn.mishap]}。{what_to_do}）"
