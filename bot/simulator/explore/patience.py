"""Time to decide, for walks that keep every core of the machine busy."""

from __future__ import annotations

from bot.engine import accept

SECONDS = 60.0
"""Instead of the 1.2 that LINE's two leave: far more than the slowest machine takes."""


def be_patient() -> None:
    """Let the apps this process starts from now on take their time to decide.

    In production what takes too long is put away and decided on afterwards. On a machine that
    is busy with other walks that would happen now and then, and whoever looks at what became of
    a press would find nothing yet. What is put away has tests of its own.
    """
    accept.DECIDE_SECONDS = SECONDS
