"""The engine whole: takes events in, decides, delivers, forgets, between `start` and `stop`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.engine.accept import Reception
from bot.engine.attempt import Attempts, Line
from bot.engine.backlog import Backlog
from bot.engine.deliver import Deliverer
from bot.engine.metrics import NO_METRICS, Metrics
from bot.engine.pseudonym import Pseudonyms
from bot.engine.push import PushAllowance
from bot.engine.retention import keep_purging
from bot.engine.turn import Turns
from bot.engine.vault import Vault
from bot.engine.verdict import SPREAD
from bot.store.port import Store


class Engine:
    """One node's engine. Made inside the running loop; ``reception`` is its front door.

    *pushes* is how many answers a day may be pushed, on all nodes together; 0 for none.
    *jitter* spreads what would otherwise happen at the same moment on many nodes. *decide_within*
    is `Reception`'s.
    """

    def __init__(
        self,
        store: Store,
        line: Line,
        turns: Turns,
        pseudonyms: Pseudonyms,
        vault: Vault,
        *,
        pushes: int = 0,
        metrics: Metrics = NO_METRICS,
        jitter: Callable[[], float] = SPREAD,
        decide_within: float | None = None,
    ) -> None:
        allowance = PushAllowance(
            store, pseudonyms.channel(), pushes, asyncio.get_running_loop().time
        )
        plain_text = turns.phrases.answer_refused
        attempts = Attempts(line, vault, plain_text, allowance, metrics, jitter=jitter)
        self._store = store
        self._deliverer = Deliverer(store, attempts, metrics, jitter=jitter)
        self.reception = Reception(
            store, turns, pseudonyms, vault, self._deliverer, metrics, decide_within=decide_within
        )
        self._backlog = Backlog(store, self.reception, vault, jitter=jitter)
        self._purging: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with whatever was left undone."""
        self._deliverer.start()
        self._backlog.start()
        self._purging = asyncio.create_task(keep_purging(self._store), name="purging")

    async def stop(self) -> None:
        """Begin nothing more, finish what was begun: nothing ambiguous is left behind."""
        if self._purging is not None:
            self._purging.cancel()
            with suppress(asyncio.CancelledError):
                await self._purging
        await self._backlog.stop()
        await self._deliverer.stop()
