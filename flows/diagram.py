"""The flow as a Mermaid state diagram, drawn from the table itself."""

from __future__ import annotations

from collections import defaultdict

from content.catalog import Catalog
from flows.machine import ANYWHERE, SAME
from flows.turn import OVER
from flows.withdrawal import TABLE


def mermaid(catalog: Catalog) -> str:
    """The table as `stateDiagram-v2` text: one arrow a pair of states, labelled by its triggers.

    Rows that stay in their state are left out, rows from anywhere become one note.
    """
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in TABLE.rows:
        if row.source == ANYWHERE or row.dest == SAME:
            continue
        label = row.trigger + (f" [{row.guard.__name__}]" if row.guard else "")
        arrows[row.source, row.dest].append(label)
    lines = ["stateDiagram-v2", f"    [*] --> {TABLE.initial}"]
    lines += [f"    {state} : {catalog.texts[state].name}\\n{state}" for state in TABLE.states]
    for (source, dest), labels in arrows.items():
        lines.append(f"    {source} --> {dest} : {' / '.join(dict.fromkeys(labels))}")
    lines.append(f"    {OVER} --> [*]")
    lines.append(f"    note right of {TABLE.initial}")
    for row in TABLE.rows:
        if row.source == ANYWHERE:
            name = catalog.texts[row.dest].name
            lines.append(f"        いつでも {row.trigger} → {row.dest}（{name}）")
    lines += ["    end note"]
    return "\n".join(lines) + "\n"
