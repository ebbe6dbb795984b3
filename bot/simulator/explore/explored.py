"""What a walk through everything met: how many places, what was seen, and what was wrong."""

from __future__ import annotations

from collections.abc import Iterator

from bot.simulator.coverage.reach import NOON
from bot.simulator.coverage.seen import Kind, Seen
from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.coverage import every_fact
from flows.taps import taps
from flows.turn import Turn
from flows.walk import walk
from flows.withdrawal import TABLE


class Explored:
    """Grows while a walk goes on."""

    def __init__(self) -> None:
        self.presses = 0
        self.messages = 0
        self.seen = Seen()
        self._places: dict[str, int] = {}
        self._faults: dict[str, None] = {}

    def fault(self, sentence: str) -> None:
        """Something is wrong. The same sentence counts once."""
        self._faults[sentence] = None

    def place(self, turn: Turn, count: int) -> None:
        """*turn* was reached; *count* places of its service are known by now."""
        self._places[turn.slug] = max(count, self._places.get(turn.slug, 0))

    def add(self, other: Explored) -> None:
        """Take in what another walk met."""
        self.presses += other.presses
        self.messages += other.messages
        self.seen.add(other.seen)
        self._places |= other._places
        self._faults |= other._faults

    @property
    def broken(self) -> list[str]:
        """Everything that went wrong on the way."""
        return list(self._faults)

    def faults(self, catalog: Catalog) -> list[str]:
        """Every reason for a walk through all of *catalog* to fail, in sentences."""
        return [*self._faults, *self._unreached(catalog)]

    def _unreached(self, catalog: Catalog) -> Iterator[str]:
        states = {thing.what for thing in self.seen.of(Kind.STATE)}
        for state in TABLE.states:
            if state not in states:
                yield f"たどり着けない状態です: {state}"
        for fact in sorted(set(every_fact(catalog)) - self.seen.facts):
            yield f"誰にも伝わらない事実です: {fact}"

    def line(self, catalog: Catalog, slug: str) -> str:
        """One service in a line."""
        known = {fact for fact in every_fact(catalog) if fact.startswith(f"{slug}.")}
        name = catalog.services[slug].name
        start = Pressed(LOBBY, "choosing_service", "choose", slug)
        fewest, most = taps(list(walk(catalog, start, NOON)))
        return (
            f"{name}（{slug}）: {self._places.get(slug, 0)} か所、"
            f"事実 {len(known & self.seen.facts)}/{len(known)}、文面まで {fewest}〜{most} 回"
        )

    def report(self, catalog: Catalog) -> list[str]:
        """What was met, for people."""
        states = {thing.what for thing in self.seen.of(Kind.STATE)} & set(TABLE.states)
        rows = {thing.what for thing in self.seen.of(Kind.ROW)}
        return [
            *(self.line(catalog, slug) for slug in catalog.services),
            f"場所 {sum(self._places.values())}、押した回数 {self.presses}、"
            f"メッセージ {self.messages}",
            f"状態 {len(states)}/{len(TABLE.states)}、遷移の行 {len(rows)}/{len(TABLE.rows)}",
        ]
