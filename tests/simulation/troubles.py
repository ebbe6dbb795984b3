"""What may go wrong in one run. Each seed draws its own selection: trouble hides trouble.

A run in which everything fails at once hardly gets anywhere; one that only ever loses answers of
LINE's finds what is wrong about exactly that (Groce et al., Swarm Testing, ISSTA 2012).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Troubles:
    """Chances are per occasion, rates per second, everything else as it says; 0 is peace."""

    aftermath: float = 0.0  # seconds that it all goes on after the last word
    # nodes
    kills: float = 0.0  # rate of SIGKILL, of some node
    stops: float = 0.0  # rate of SIGTERM
    pounces: float = 0.0  # chance of either, the moment a commit is made or LINE has taken it
    freezes: float = 0.0  # rate of a node standing still, up to `FREEZE` seconds
    outage: float = 0.0  # seconds that all nodes are away together
    newer: float = 0.0  # chance that a node comes back with the next version of the program
    # database
    slow: float = 0.0  # chance of a pause of up to `STALL` seconds, at every step
    away: float = 0.0  # rate of the database being away for up to `AWAY` seconds
    forgetful: float = 0.0  # chance that a commit is made and its client hears of none
    # LINE's webhook
    twice: float = 0.0  # chance that what was taken is delivered once more
    lingering: float = 0.0  # chance that a delivery takes up to `LINGER` seconds
    giving_up: float = 0.0  # chance that what was not taken is not delivered again
    skew: float = 0.0  # seconds that LINE's clock is ahead of the database's, or behind it
    # LINE's API
    errors: float = 0.0  # chance of 500, of a reset connection, of no answer; before or after
    refusals: float = 0.0  # rate of a time in which LINE refuses everybody (401, 429)
    strict: float = 0.0  # chance that a token works no longer than promised
    quota: float = 0.0  # chance that pushes run out after a few


PEACE = Troubles()

FREEZE, STALL, AWAY, LINGER, REFUSING = 20.0, 4.0, 3.0, 6.0, 4.0

WORST = Troubles(
    kills=0.6,
    stops=0.2,
    pounces=0.04,
    freezes=0.2,
    newer=0.3,
    slow=0.02,
    away=0.15,
    forgetful=0.05,
    twice=0.3,
    lingering=0.2,
    giving_up=0.3,
    skew=10.0,  # what the send table allows for; beyond 15 it would misjudge a dying token
    errors=0.4,
    refusals=0.1,
    strict=1.0,
    quota=1.0,
)

AFTERMATHS = (0.0, 0.0, 0.0, 12.0)
"""Seconds: now and then long enough for a lease to run out while everything else fails."""

OUTAGES = ((50.0, 100.0), (50.0, 100.0), (1185.0, 1200.0), (82_000.0, 90_000.0))
"""Seconds: about the minute that LINE promises for a reply token, its end after twenty, and the
day after which an event is stale and a retry key protects no longer."""


def drawn(random: Random) -> Troubles:
    """About half of all troubles, each up to its worst; a long outage only now and then."""
    chosen: dict[str, Any] = {
        field.name: random.random() * getattr(WORST, field.name)
        for field in fields(Troubles)
        if random.random() < 0.5
    }
    chosen["skew"] = chosen.get("skew", 0.0) * random.choice([-1, 1])
    chosen["aftermath"] = random.choice(AFTERMATHS)
    chosen["outage"] = random.uniform(*random.choice(OUTAGES)) if random.random() < 0.2 else 0.0
    return Troubles(**chosen)


class Luck:
    """Draws what happens, from the troubles there are at the moment."""

    def __init__(self, troubles: Troubles, random: Random) -> None:
        self.troubles = troubles
        self.random = random

    def strikes(self, trouble: str) -> bool:
        """Whether *trouble*, a chance, strikes now."""
        chance: float = getattr(self.troubles, trouble)
        return chance > 0 and self.random.random() < chance

    def seconds(self, most: float) -> float:
        """A short time, mostly; now and then up to *most*."""
        return most * self.random.random() ** 2

    def until_next(self, trouble: str) -> float | None:
        """Seconds until *trouble*, a rate, strikes; None for never."""
        rate: float = getattr(self.troubles, trouble)
        return self.random.expovariate(rate) if rate > 0 else None
