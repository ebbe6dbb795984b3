"""Every design mistake the simulation is held to finding."""

from tests.simulation.mutants import sending, taking_in
from tests.simulation.mutants.registry import MUTANTS

__all__ = ["MUTANTS", "sending", "taking_in"]
