"""Time to decide, where the machine is busy with other tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.engine import accept
from bot.simulator.explore.patience import SECONDS


@contextmanager
def unhurried() -> Iterator[None]:
    """Apps started within put nothing away to be decided on later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accept, "DECIDE_SECONDS", SECONDS)
        yield
