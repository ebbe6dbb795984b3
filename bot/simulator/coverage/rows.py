"""Why a row of the table is never taken with the services there are."""

from __future__ import annotations

from bot.simulator.coverage.seen import Kind, Seen
from bot.simulator.inspector.plain_words import guard
from flows.machine import ANYWHERE
from flows.withdrawal import TABLE


def why_never(number: int, reach: Seen) -> str:
    """Why row *number* is in nothing that can be reached, for staff."""
    row = TABLE.rows[number]
    states = {thing.what for thing in reach.of(Kind.STATE)}
    if row.source not in (ANYWHERE, *states):
        return f"状態 {row.source} に、どのサービスでも来ません"
    sides = {(thing.what, thing.detail) for thing in reach.of(Kind.GUARD)}
    if (str(number), "no") in sides and row.guard is not None:
        return f"「{guard(row.guard.__name__)}」が、ここではどのサービスでも成り立ちません"
    above = [
        (index, other)
        for index, other in enumerate(TABLE.rows[:number])
        if other.trigger == row.trigger and other.source in (row.source, ANYWHERE)
    ]
    for index, other in above:
        if other.guard and (str(index), "no") not in sides and (str(index), "yes") in sides:
            return f"上の行の「{guard(other.guard.__name__)}」が、ここではいつも成り立ちます"
    if any((str(index), "yes") in sides for index, _ in above):
        return "上の行が、どのサービスでも先に当てはまります"
    return f"{row.source} で {row.trigger} のボタンが、どのサービスにもありません"
