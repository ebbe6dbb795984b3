"""What coverage has to say: the figures, the talks that are wanting, and every reason to fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.simulator.coverage import words
from bot.simulator.coverage.figures import NEEDED, Coverage, Gap
from bot.simulator.coverage.seen import Kind, Thing
from bot.simulator.coverage.suggested import Suggested, suggested

NEVER_TOLD = (
    "は、誰にも伝わりません → 見せる所（losses・topics など）に名前を書き足すか、消してください"
)
NEVER_REACHED = (
    "には、誰もたどり着けません → flows/withdrawal.py の表に、そこへ進む行を足してください"
)
BY_HAND = "tests/talks に会話を書いてください"


@dataclass(frozen=True, slots=True)
class Report:
    """``coverage``, the ``talks`` that would close its gaps, and the ``faults`` met on the way: a
    talk that failed, a promise the crawl found broken."""

    coverage: Coverage
    talks: Sequence[Suggested]
    faults: Sequence[str]

    def talk_for(self, thing: Thing) -> str | None:
        """The file of the talk that would show *thing*; None where it takes a person to write."""
        return next((talk.file for talk in self.talks if thing in talk.closes), None)

    def errors(self) -> Iterator[str]:
        """Every reason to fail: ``file:line: what is wrong → how to mend it``, then the faults."""
        for gap in self.coverage.gaps:
            if gap.thing.kind in NEEDED and not gap.crawled:
                what = words.named(gap.thing, self.coverage.catalog)
                yield f"{gap.place}: {what}{self._amiss(gap)}"
        yield from self.faults

    def _amiss(self, gap: Gap) -> str:
        if gap.way is None:
            return NEVER_TOLD if gap.thing.kind is Kind.FACT else NEVER_REACHED
        file = self.talk_for(gap.thing)
        mend = f"coverage.txt の会話を {file} に保存してください" if file else BY_HAND
        return f"を、会話テストもクロールも通っていません → {mend}"


def report(coverage: Coverage, faults: Sequence[str] = ()) -> Report:
    """The report of *coverage* with the talks it lacks, each held once, the most wanted first."""
    ways = {gap.thing: gap.way for gap in coverage.gaps if gap.way}
    wanted = {gap.thing for gap in coverage.gaps if not gap.crawled}
    talks = suggested(coverage.catalog, ways, coverage.talks.keys())
    return Report(coverage, sorted(talks, key=lambda talk: not talk.closes & wanted), faults)
