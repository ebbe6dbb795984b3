"""Waiting until the bot has done all it had to do: every answer delivered, or given up."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from bot.simulator.delivery import Delivery
from bot.simulator.journal import Journal
from bot.simulator.watch import Watch

PATIENCE = 20.0
"""Seconds of real time an answer may take to be delivered or given up, faults and all."""


class UnsettledError(Exception):
    """An answer neither arrived nor ended within the session's patience."""


class Settling:
    """Waits on what *watch* sees and *delivery* shows; *changed* is notified of both."""

    def __init__(
        self, changed: threading.Condition, journal: Journal, watch: Watch, delivery: Delivery
    ) -> None:
        self._changed, self._journal = changed, journal
        self._watch, self._delivery = watch, delivery

    def needs_restart(self, events: Sequence[bytes] | None, patience: float) -> bool:
        """Wait until the answers to *events* (None: to all) have come to their end.

        Or until a fault ends the app: then the result is true, another is to be started, and the
        waiting goes on. Raises UnsettledError after *patience* seconds.
        """
        delivery, waiting = self._delivery, self._watch.waiting
        with self._changed:
            is_over = self._changed.wait_for(
                lambda: delivery.must_restart or not waiting(events), patience
            )
            if not is_over:
                raise UnsettledError(self._what_waits(events, patience))
            needed, delivery.must_restart = delivery.must_restart, False
            return needed

    def _what_waits(self, events: Sequence[bytes] | None, patience: float) -> str:
        calls = [f"{call.path} → {call.fault or call.status}" for call in self._journal.calls[-5:]]
        return (
            f"{patience:g}秒待っても、{self._watch.waiting(events)}件の返信が"
            f"届いていません。最後の呼び出し: {'、'.join(calls) or 'なし'}"
        )
