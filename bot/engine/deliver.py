"""Sends the answers that wait: one at a time to a person, to many people at once.

What is in the store is the truth; being told of a new answer only saves the wait for the next
look. So nothing is lost when the process dies between accepting and sending.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.engine.attempt import BEGIN_WITHIN, Attempts, Held
from bot.engine.letter import Letter
from bot.engine.metrics import Metrics
from bot.engine.verdict import SPREAD
from bot.logs import logger, where
from bot.store.port import Claim, Retry, Settlement, Store, StoreDownError

LOOK_EVERY = 0.25
"""Seconds between looks into the store for answers nobody told us of."""

LEASE = 8_000
"""Milliseconds one attempt may take: `BEGIN_WITHIN`, the client's own time-out and a second. It
is also how long an answer waits for another node when this one dies."""

SETTLE_PAUSE = 0.1
"""Seconds before writing down again how an attempt ended; doubled each time."""

AT_ONCE = 1_000
"""People answered at the same time. At 50 ms a reply that is far more than LINE takes."""

BACKLOG = 10_000
"""People remembered as waiting; beyond it the next look finds them."""

LAST_CALLS = 10.0
"""Seconds that attempts under way are given when the server stops."""


@dataclass(slots=True)
class _Job:
    """An answer to deliver: already claimed, or to be claimed.

    ``since`` by the loop's clock. ``letter`` spares opening what was sealed a moment ago.
    """

    user_key: bytes
    claim: Claim | None
    since: float
    letter: Letter | None = None


class Deliverer:
    """Delivers from `start` to `stop`. Never raises: a failed attempt is settled or retried.

    At most *at_once* people at a time; *look_every* is `LOOK_EVERY` unless given, in seconds.
    """

    def __init__(
        self,
        store: Store,
        attempts: Attempts,
        metrics: Metrics,
        *,
        at_once: int = AT_ONCE,
        look_every: float | None = None,
        jitter: Callable[[], float] = SPREAD,
    ) -> None:
        self._store = store
        self._attempts = attempts
        self._metrics = metrics
        self._at_once = at_once
        self._look_every = look_every
        self._jitter = jitter
        self._loop = asyncio.get_running_loop()
        self._backlog: dict[bytes, None] = {}
        self._claimed: deque[_Job] = deque()
        self._busy: dict[bytes, asyncio.Task[None]] = {}
        self._again: set[bytes] = set()
        self._news = asyncio.Event()
        self._held_until = 0.0  # by the loop's clock, which nobody sets back
        self._probing = False
        self._stopping = False
        self._look: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with whatever an earlier process left unsent."""
        self._look = self._loop.create_task(self._run(), name="deliverer")

    async def stop(self) -> None:
        """Claim nothing more, give back what was not begun, let attempts under way end.

        An attempt that takes too long is cut off; its lease makes it ambiguous, as it is.
        """
        self._stopping = True
        self._news.set()
        if self._look:
            await self._look
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=LAST_CALLS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        while self._claimed:
            await self._give_back(self._claimed.popleft().claim)

    @property
    def lease(self) -> int | None:
        """For how long an answer may be claimed for us as it is made; None for not at all.

        An answer is only claimed ahead when it can be sent at once.
        """
        if self._stopping or self._is_held() or self._free() <= len(self._claimed):
            return None
        return LEASE

    def answer_waits(self, user_key: bytes) -> None:
        """An answer to this person is in the store: send it now rather than at the next look."""
        if user_key in self._busy:
            self._again.add(user_key)
        elif len(self._backlog) < BACKLOG:
            self._backlog[user_key] = None
            self._news.set()

    def answer_is_ours(self, claim: Claim, since: float, letter: Letter | None = None) -> None:
        """The answer of *claim* is to be sent by us.

        *since* is a moment before it was claimed, by the loop's clock: so we think the lease over
        no later than everybody else. *letter* is the answer, where it is at hand.
        """
        job = _Job(claim.user_key, claim, since, letter)
        if claim.user_key not in self._busy and self._may_begin():
            self._begin(job)
            return
        # Nobody else can be busy with them while ours is unsettled; but never lose a claim.
        self._claimed.append(job)
        if claim.user_key in self._busy:
            self._again.add(claim.user_key)
        else:
            self._news.set()

    # --- whom to answer -----------------------------------------------------------------

    async def _run(self) -> None:
        loop = self._loop
        next_look = 0.0
        while not self._stopping:
            if loop.time() >= next_look:
                await self._look_into_store()
                pause = self._look_every or LOOK_EVERY
                next_look = loop.time() + pause * (1.0 + self._jitter() / 4)
            self._begin_attempts()
            self._news.clear()
            try:
                async with asyncio.timeout(max(0.0, next_look - loop.time())):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _look_into_store(self) -> None:
        free = self._free()
        if not free or self._is_held():
            return
        try:
            waiting = await self._store.waiting(free + len(self._busy))
        except StoreDownError:
            return
        for user_key in waiting:
            if user_key not in self._busy:
                self._backlog[user_key] = None

    def _begin_attempts(self) -> None:
        later: list[_Job] = []
        while self._claimed and self._may_begin():
            job = self._claimed.popleft()
            if job.user_key in self._busy:
                later.append(job)
            else:
                self._begin(job)
        self._claimed.extend(later)
        now = self._loop.time()
        while self._backlog and self._may_begin():
            user_key = next(iter(self._backlog))
            del self._backlog[user_key]
            if user_key not in self._busy:
                self._begin(_Job(user_key, None, now))

    def _begin(self, job: _Job) -> None:
        self._backlog.pop(job.user_key, None)
        self._busy[job.user_key] = self._loop.create_task(self._deliver(job))

    def _may_begin(self) -> bool:
        return self._free() > 0 and not self._is_held() and not self._stopping

    def _free(self) -> int:
        # While LINE refuses everybody, one attempt at a time finds out when it no longer does.
        return max(0, (1 if self._probing else self._at_once) - len(self._busy))

    def _is_held(self) -> bool:
        return self._loop.time() < self._held_until

    # --- one person ---------------------------------------------------------------------

    async def _deliver(self, job: _Job) -> None:
        """Send this person's answers in order until none can be sent now."""
        user_key, claim, since, letter = job.user_key, job.claim, job.since, job.letter
        loop = self._loop
        try:
            while True:
                self._again.discard(user_key)
                if claim is None:
                    if self._stopping or self._is_held():
                        break
                    since = loop.time()
                    claim = await self._store.claim(user_key, LEASE)
                    if claim is None:
                        break
                more = await self._carry_out(claim, since, letter)
                claim = letter = None
                if not more and user_key not in self._again:
                    break
        except StoreDownError:  # the answer stays in the store, and its lease runs out
            logger().error("delivery interrupted", reason="database")
        except Exception as error:
            logger().error("delivery failed", error=type(error).__name__, where=where(error))
        finally:
            del self._busy[user_key]
            if user_key in self._again:
                self._again.discard(user_key)
                self.answer_waits(user_key)
            if self._backlog or self._claimed:
                self._news.set()

    async def _carry_out(self, claim: Claim, since: float, letter: Letter | None = None) -> bool:
        """Make one attempt and settle it; whether another answer of the person waits."""
        waited = self._loop.time() - since
        if self._stopping or self._is_held() or waited > BEGIN_WITHIN:
            return await self._give_back(claim)
        result = await self._attempts.make(claim, since, letter)
        if isinstance(result, Held):
            self._hold(result)
        elif self._probing:
            self._probing = False
            self._metrics.resumed()
        return await self._settled(claim, result.settlement, since)

    async def _settled(self, claim: Claim, settlement: Settlement, since: float) -> bool:
        """Write down how the attempt ended. A store that is down for a moment is asked again
        while the lease lasts: after it, nobody would know any more whether LINE has the answer."""
        loop = self._loop
        pause = SETTLE_PAUSE
        while True:
            try:
                return await self._store.settle(claim, settlement)
            except StoreDownError:
                if loop.time() + pause >= since + LEASE / 1000:
                    raise
            await asyncio.sleep(pause)
            pause *= 2

    async def _give_back(self, claim: Claim | None) -> bool:
        """Let go of a claim whose attempt was never begun: nothing about it is ambiguous."""
        if claim is None:
            return False
        try:
            return await self._store.settle(claim, Retry(0, claim.ambiguous, push=claim.push))
        except StoreDownError:
            logger().error("delivery interrupted", reason="database")
            return False

    def _hold(self, held: Held) -> None:
        if not self._is_held():
            logger().error("sending on hold", reason=held.reason, ms=held.pause)
            self._metrics.held(held.reason)
        self._probing = True
        until = self._loop.time() + held.pause / 1000
        self._held_until = max(self._held_until, until)
