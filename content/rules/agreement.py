"""Facts that rest on the same lines of the article do not differ in their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from content.catalog import Catalog
from content.problems import Problem
from content.rules.ledger import Entry, Ledger, ledgers
from content.rules.quantities import Kind


def problems(catalog: Catalog) -> Iterator[Problem]:
    """Facts with a number that an earlier one, which rests on the same line, has not.

    One may say more than the other: a line that has two numbers need not be told whole.
    """
    for ledger in ledgers(catalog).values():
        for number, entry in enumerate(ledger.entries):
            found = (_differences(ledger, other, entry) for other in ledger.entries[:number])
            yield from next(filter(None, found), ())


def _differences(ledger: Ledger, first: Entry, second: Entry) -> list[Problem]:
    lines = first.lines & second.lines
    if not lines or first.place[1] == second.beside:
        return []
    found: list[Problem] = []
    for kind in Kind:
        said, known = _of_kind(kind, second), _of_kind(kind, first)
        if not (said.keys() <= known.keys() or known.keys() <= said.keys()):
            here, there = ("・".join(dict.fromkeys(side.values())) for side in (said, known))
            other = f"{first.place[1]}（{ledger.document.line(first.place)} 行目）"
            what = (
                f"「{here}」は、記事の同じ行（{min(lines)}）による {other}の「{there}」と違います"
            )
            mend = "記事を見て、違うほうの数か lines を直してください"
            found.append(ledger.document.problem(second.place, what, mend))
    return found


def _of_kind(kind: Kind, entry: Entry) -> dict[tuple[float, ...], str]:
    """Each amount of that *kind* in *entry*, as it is written there."""
    return {it.quantity.amount: it.written for it in entry.said if it.quantity.kind is kind}
