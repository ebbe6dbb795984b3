"""What a walk through everything saw: places, rows, guards, facts; and what was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.clock import TOKYO
from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.coverage import every_fact
from flows.machine import ANYWHERE, SAME
from flows.taps import taps
from flows.turn import Turn
from flows.walk import walk
from flows.withdrawal import TABLE

NOON = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
"""A moment to count taps at: their number depends on no time."""


class Explored:
    """Grows while a walk goes on."""

    def __init__(self) -> None:
        self.presses = 0
        self.messages = 0
        self.facts: set[str] = set()
        self._places: dict[str, int] = {}
        self._states: set[str] = set()
        self._fired: set[int] = set()
        self._refused: set[int] = set()
        self._faults: dict[str, None] = {}

    def fault(self, sentence: str) -> None:
        """Something is wrong. The same sentence counts once."""
        self._faults[sentence] = None

    def place(self, turn: Turn, count: int) -> None:
        """*turn* was reached; *count* places of its service are known by now."""
        self._states.add(turn.state)
        self._places[turn.slug] = max(count, self._places.get(turn.slug, 0))

    def moved(self, before: Turn, trigger: str, after: Turn) -> None:
        """*trigger* led from *before* to *after*: one row fired, guarded ones above it refused."""
        self._states.add(after.state)
        for index, row in enumerate(TABLE.rows):
            if row.trigger != trigger or row.source not in (before.state, ANYWHERE):
                continue
            dest = before.state if row.dest == SAME else row.dest
            if dest == after.state:
                self._fired.add(index)
                return
            self._refused.add(index)

    def add(self, other: Explored) -> None:
        """Take in what another walk saw."""
        self.presses += other.presses
        self.messages += other.messages
        self.facts |= other.facts
        self._places |= other._places
        self._states |= other._states
        self._fired |= other._fired
        self._refused |= other._refused
        self._faults |= other._faults

    def faults(self, catalog: Catalog) -> list[str]:
        """Every reason for a walk through all of *catalog* to fail, in sentences."""
        return [*self._faults, *self._unreached(catalog)]

    def _unreached(self, catalog: Catalog) -> Iterator[str]:
        for state in TABLE.states:
            if state not in self._states:
                yield f"たどり着けない状態です: {state}"
        for fact in sorted(set(every_fact(catalog)) - self.facts):
            yield f"誰にも伝わらない事実です: {fact}"

    def line(self, catalog: Catalog, slug: str) -> str:
        """One service in a line."""
        known = {fact for fact in every_fact(catalog) if fact.startswith(f"{slug}.")}
        name = catalog.services[slug].name
        start = Pressed(LOBBY, "choosing_service", "choose", slug)
        fewest, most = taps(list(walk(catalog, start, NOON)))
        return (
            f"{name}（{slug}）: {self._places.get(slug, 0)} か所、"
            f"事実 {len(known & self.facts)}/{len(known)}、文面まで {fewest}〜{most} 回"
        )

    def report(self, catalog: Catalog) -> list[str]:
        """What was seen, for people; the faults come last."""
        faults = self.faults(catalog)
        guarded = [index for index, row in enumerate(TABLE.rows) if row.guard]
        both = [index for index in guarded if index in self._fired and index in self._refused]
        unused = [row for index, row in enumerate(TABLE.rows) if index not in self._fired]
        return [
            *(self.line(catalog, slug) for slug in catalog.services),
            f"場所 {sum(self._places.values())}、押した回数 {self.presses}、"
            f"メッセージ {self.messages}",
            f"状態 {len(self._states & set(TABLE.states))}/{len(TABLE.states)}、"
            f"遷移の行 {len(self._fired)}/{len(TABLE.rows)}、"
            f"条件の両側 {len(both)}/{len(guarded)}",
            *(f"  今のサービスでは通らない行: {r.trigger}: {r.source} → {r.dest}" for r in unused),
            f"誤り {len(faults)}",
            *(f"  {fault}" for fault in faults),
        ]
