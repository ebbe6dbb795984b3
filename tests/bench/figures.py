"""Numbers and what is made of them: medians, percentiles, ratios of one and the same round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of *values* that at least *share* (0 to 1) of them do not exceed.

    Raises ValueError for no values: nothing measured is no result.
    """
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(slots=True)
class Row:
    """One contestant in one scenario: for each figure its value in every round."""

    name: str
    label: str
    label_en: str
    figures: dict[str, list[float]] = field(default_factory=dict)

    def note(self, **values: float | None) -> None:
        """Add one round's *values*; what could not be measured (None) is left out."""
        for name, value in values.items():
            if value is not None:
                self.figures.setdefault(name, []).append(value)

    def median(self, name: str) -> float | None:
        """The median of a figure's rounds; None where it was not measured."""
        rounds = self.figures.get(name)
        return median(rounds) if rounds else None


@dataclass(slots=True)
class Result:
    """One scenario's outcome. ``main`` is the figure that is compared with ``against``'s."""

    name: str
    title: str
    title_en: str
    main: str
    against: str
    rows: list[Row]

    def row(self, name: str) -> Row | None:
        """The row of that name, if it took part."""
        return next((row for row in self.rows if row.name == name), None)

    def ratio(self, row: Row) -> float | None:
        """*row* beside the contestant it is held against: the median of each round's ratio."""
        other = self.row(self.against)
        if other is None:
            return None
        pairs = zip(row.figures.get(self.main, ()), other.figures.get(self.main, ()), strict=False)
        ratios = [mine / theirs for mine, theirs in pairs if theirs]
        return median(ratios) if ratios else None

    def as_json(self) -> dict[str, Any]:
        """Everything, for bench.json."""
        return {
            "name": self.name,
            "title": self.title,
            "title_en": self.title_en,
            "main": self.main,
            "against": self.against,
            "rows": [
                {
                    "name": row.name,
                    "label": row.label,
                    "label_en": row.label_en,
                    "ratio": self.ratio(row),
                    "median": {name: row.median(name) for name in row.figures},
                    "rounds": row.figures,
                }
                for row in self.rows
            ],
        }
