"""The table read without being run: what no talk could ever reach, leave or choose.

Each rule is one function over any `Table`. What a table alone cannot tell, which buttons there
are, is handed in as ``offered``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.machine import ANYWHERE, SAME, Row, Table
from flows.turn import LOOKS, OVER
from flows.unshown import WORDS_ONLY

_DOUBTFUL_NAME = "ask_back"
"""The trigger that needs no button anywhere: such a name is typed."""

AnyTable = Table[Any]
AnyRow = Row[Any]
Offered = Collection[tuple[str, str]]
"""Which trigger stands on a button of which state, in any service: (state, trigger)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: at which ``row`` of the table (its number), what, and how."""

    row: int
    what: str
    mend: str


def findings(table: AnyTable, offered: Offered) -> list[Finding]:
    """Everything wrong with *table*, rule by rule."""
    return [
        *_unreachable(table),
        *_without_exit(table),
        *_without_end(table),
        *_shadowed(table),
        *_without_else(table),
        *_never_pressed(table, offered),
    ]


# --- states -------------------------------------------------------------------------------------


def _unreachable(table: AnyTable) -> Iterator[Finding]:
    reached = _closure(table.initial, _ways(table, lambda row: True))
    for state in table.states:
        if state not in reached:
            what = f"状態 {state} には、どこからも来られません"
            yield Finding(_naming(table, state), what, f"{state} へ進む行を足してください")


def _without_exit(table: AnyTable) -> Iterator[Finding]:
    ways = _ways(table, _leads_on)
    for state in _questions(table):
        if state != OVER and not ways[state] - {state}:
            what = f"状態 {state} から出る行がありません"
            yield Finding(_naming(table, state), what, f"{state} からの行を足してください")


def _without_end(table: AnyTable) -> Iterator[Finding]:
    ways = _ways(table, _leads_on)
    for state in _questions(table):
        if ways[state] - {state} and OVER not in _closure(state, ways):
            what = f"状態 {state} からは、{OVER} まで進めません"
            yield Finding(_naming(table, state), what, f"{OVER} へ続く行を足してください")


def _questions(table: AnyTable) -> list[str]:
    """Every state but those one only looks at: 戻る leads out of them, and no row."""
    looks = {row.dest for row in table.rows if row.trigger in LOOKS}
    return [state for state in table.states if state not in looks]


def _leads_on(row: AnyRow) -> bool:
    return row.trigger not in LOOKS and row.dest != SAME


def _sources(table: AnyTable, row: AnyRow) -> tuple[str, ...]:
    """The states *row* applies to."""
    return table.states if row.source == ANYWHERE else (row.source,)


def _ways(table: AnyTable, kept: Callable[[AnyRow], bool]) -> Mapping[str, set[str]]:
    """Where each state leads by the rows that are *kept*."""
    ways: dict[str, set[str]] = defaultdict(set)
    for row in filter(kept, table.rows):
        for state in _sources(table, row):
            ways[state].add(state if row.dest == SAME else row.dest)
    return ways


def _closure(start: str, ways: Mapping[str, set[str]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        ahead = ways.get(waiting.pop(), set()) - seen
        seen |= ahead
        waiting += ahead
    return seen


def _naming(table: AnyTable, state: str) -> int:
    """The first row that names *state*; 0 where it is only the table's beginning."""
    named = (n for n, row in enumerate(table.rows) if state in (row.source, row.dest))
    return next(named, 0)


# --- rows ---------------------------------------------------------------------------------------


def _forks(table: AnyTable) -> dict[tuple[str, str], list[int]]:
    """The numbers of the rows tried for each trigger in each state, in their order."""
    forks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(table.rows):
        for state in _sources(table, row):
            forks[row.trigger, state].append(number)
    return forks


def _shadowed(table: AnyTable) -> Iterator[Finding]:
    """Rows that are never tried, or only after their own guard has said no, wherever they apply."""
    alive: set[int] = set()
    for numbers in _forks(table).values():
        asked: set[object] = set()
        for number in numbers:
            guard = table.rows[number].guard
            if not asked & {None, guard}:
                asked.add(guard)
                alive.add(number)
    for number, row in enumerate(table.rows):
        if number not in alive:
            what = f"{named(row)} は、上の行が先に当たるので決して通りません"
            yield Finding(number, what, "条件のない行より上に移すか、消してください")


def _without_else(table: AnyTable) -> Iterator[Finding]:
    """A fork whose every way is guarded. One guarded row alone is a button shown to some only."""
    for (trigger, state), numbers in _forks(table).items():
        if len(numbers) > 1 and all(table.rows[number].guard for number in numbers):
            what = f"{trigger}: {state} の行がどれも条件つきで、どれにも当たらない人が進めません"
            yield Finding(numbers[-1], what, "最後に条件のない行を足してください")


def _never_pressed(table: AnyTable, offered: Offered) -> Iterator[Finding]:
    """Rows whose trigger stands on no button of their state, and is no word either.

    Rows from anywhere are words: 状況, データを消す.
    """
    for number, row in enumerate(table.rows):
        by_word = row.source == ANYWHERE or row.trigger == _DOUBTFUL_NAME
        if not by_word and (row.source, row.trigger) not in (*offered, *WORDS_ONLY):
            what = f"{named(row)} を起こすボタンも言葉もありません"
            yield Finding(number, what, f"{row.source} にボタンを足すか、この行を消してください")


def named(row: AnyRow) -> str:
    """*row* as people speak of it."""
    guard = f"（{row.guard.__name__}）" if row.guard else ""
    return f"{row.trigger}: {row.source} → {row.dest}{guard}"
