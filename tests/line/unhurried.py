"""How properties are searched: a machine shared with others may be slow, not wrong."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
UNHURRIED_FEW = settings(UNHURRIED, max_examples=50)  # where one example costs milliseconds
