"""The table of the flow, read without being run, with each finding at its line."""

from __future__ import annotations

from typing import Any

from bot.simulator.explore.ground import Ground
from bot.simulator.explore.layer import Layer
from bot.simulator.inspector.places import row_place
from flows import lint
from flows.machine import Table
from flows.walk import presses
from flows.withdrawal import TABLE

NAME = "表の検査"


def table_lint(ground: Ground, table: Table[Any] = TABLE) -> Layer:
    """Every finding of `flows.lint` in *table*, which is told what buttons *ground* shows."""
    layer = Layer(NAME)
    offered = {
        (choice.press.state, choice.press.trigger)
        for slug in ground.catalog.services
        for arrival in ground.arrivals(slug)
        for choice in presses(arrival.says)
    }
    for finding in lint.findings(table, offered):
        place = f"{row_place(finding.row)}: " if table is TABLE else ""
        layer.fault(f"{place}{finding.what} → {finding.mend}")
    layer.counts["行"] += len(table.rows)
    layer.counts["状態"] += len(table.states)
    return layer.ended()
