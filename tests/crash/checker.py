"""Proves from a history alone that the promises were kept, or names each one that was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.crash.history import Entry
from tests.crash.promises import RULES
from tests.crash.story import Story, told


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken: which one, and how."""

    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run was like (``counts``, in the order to show them) and what was wrong in it."""

    counts: dict[str, int | float]
    violations: list[Violation]


def check(entries: Iterable[Entry]) -> Findings:
    """Hold the history to every promise."""
    story = told(entries)
    violations = [
        Violation(kind, what) for kind, rule in RULES.items() for what in sorted(set(rule(story)))
    ]
    return Findings(_counts(story), violations)


def _counts(story: Story) -> dict[str, int | float]:
    statuses = Counter(answer.status for answer in story.all_answers())
    outcomes = Counter(story.outcome(key) for key in story.events)
    return {
        "kills": story.kills,
        "stops": story.stops,
        "freezes": story.freezes,
        "server crashes": story.crashes,
        "events": len(story.events),
        "webhooks": story.posts,
        "of them duplicates": story.duplicates,
        "delivered": len(story.taken),
        "of them by push": sum(1 for taken in story.taken if taken.to),
        "calls with unknown end": story.unknown,
        "late": outcomes["late"],
        "coalesced": outcomes["coalesced"],
        "parked": statuses["parked"],
        "unconfirmed": statuses["unconfirmed"],
        "seconds to heal": story.healed if story.healed is not None else -1,
    }
