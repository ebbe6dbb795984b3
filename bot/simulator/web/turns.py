"""The records of one person's turns, each made once and again whenever something came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.simulator.done import Done
from bot.simulator.inspector.record import record_of
from bot.simulator.session import Session
from bot.simulator.web.versions import Count, Versions

Json = dict[str, Any]


class Records:
    """What became of every turn, numbered from 1. Whoever shares it between threads locks it."""

    def __init__(self, session: Session, count: Count) -> None:
        self._session = session
        self._count = count
        self.forget()

    def forget(self) -> None:
        """Begin anew: they are made again from what the person did."""
        self._records = Versions(self._count)
        self._marks: list[tuple[object, ...]] = []

    def take_in(self, done: Sequence[Done]) -> None:
        """Make the records that are missing or no longer so."""
        turns = [each for each in done if each.turn is not None]
        for place, each in enumerate(turns):
            mark = _mark(each)
            if place < len(self._marks) and self._marks[place] == mark:
                continue
            made = record_of(self._session, turns, place)
            if place < len(self._marks):
                self._marks[place] = mark
                self._records.change(place, **made)
            else:
                self._marks.append(mark)
                self._records.add(made)

    def since(self, version: int) -> list[Json]:
        """Those that changed after *version*."""
        return self._records.since(version)


def _mark(done: Done) -> tuple[object, ...]:
    """Changes whenever something more came of a turn."""
    turn = done.turn
    assert turn is not None
    return (
        id(done), turn.status, len(turn.calls), len(turn.messages), len(turn.told), done.state,
        done.after,
    )  # fmt: skip
