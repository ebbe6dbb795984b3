"""Sends the answers that wait: one at a time to a person, to many people at once.

What is in the store is the truth; being told of a new answer only saves the wait for the next
look. So nothing is lost when the process dies between accepting and sending.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from bot.clock import Clock, millis
from bot.engine.letter import Letter, unsealed
from bot.engine.phrases import text_message
from bot.engine.vault import UnreadableError, Vault
from bot.engine.verdict import End, Hold, SayPlainly, TryAgain, judge
from bot.line.client import Accepted, Answer, Refused, Unknown
from bot.logs import logger, where
from bot.store.port import Claim, Finished, Retry, Settlement, Status, Store, StoreDownError

Reply = Callable[[str, Sequence[dict[str, object]]], Awaitable[Answer]]
"""Sends messages by a reply token, such as `LineClient.reply`."""

LOOK_EVERY = 0.25
"""Seconds between looks into the store for answers nobody told us of."""

LEASE = 15_000
"""Milliseconds one attempt may take: three times the client's own time-out."""

AT_ONCE = 256
"""People answered at the same time: half the client's connections, so that no attempt spends
its time-out waiting for one. At 50 ms a reply that is 5,000 a second; LINE takes 2,000."""

BACKLOG = 10_000
"""People remembered as waiting; beyond it the next look finds them."""

LAST_CALLS = 10.0
"""Seconds that attempts under way are given when the server stops."""


class Deliverer:
    """Delivers from `start` to `stop`. Never raises: a failed attempt is settled or retried."""

    def __init__(
        self,
        store: Store,
        reply: Reply,
        vault: Vault,
        clock: Clock,
        plain_text: str,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """``plain_text`` is sent once in place of an answer whose messages LINE refuses."""
        self._store = store
        self._reply = reply
        self._vault = vault
        self._clock = clock
        self._plain_text = plain_text
        self._jitter = jitter
        self._backlog: dict[bytes, None] = {}
        self._busy: dict[bytes, asyncio.Task[None]] = {}
        self._again: set[bytes] = set()
        self._news = asyncio.Event()
        self._held_until = 0.0  # by the loop's clock, which nobody sets back
        self._probing = False
        self._stopping = False
        self._look: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with whatever an earlier process left unsent."""
        self._look = asyncio.create_task(self._run(), name="deliverer")

    async def stop(self) -> None:
        """Claim nothing more, let attempts under way end, and return.

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

    def answer_waits(self, user_key: bytes) -> None:
        """An answer to this person is in the store: send it now rather than at the next look."""
        if user_key in self._busy:
            self._again.add(user_key)
        elif len(self._backlog) < BACKLOG:
            self._backlog[user_key] = None
            self._news.set()

    # --- whom to answer -----------------------------------------------------------------

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        next_look = 0.0
        while not self._stopping:
            if loop.time() >= next_look:
                await self._look_into_store()
                next_look = loop.time() + LOOK_EVERY
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
            waiting = await self._store.waiting(millis(self._clock.now()), free + len(self._busy))
        except StoreDownError:
            return
        for user_key in waiting:
            if user_key not in self._busy:
                self._backlog[user_key] = None

    def _begin_attempts(self) -> None:
        while self._backlog and self._free() and not self._is_held() and not self._stopping:
            user_key = next(iter(self._backlog))
            del self._backlog[user_key]
            task = asyncio.create_task(self._deliver_to(user_key))
            self._busy[user_key] = task

    def _free(self) -> int:
        # While LINE refuses everybody, one attempt at a time finds out when it no longer does.
        return max(0, (1 if self._probing else AT_ONCE) - len(self._busy))

    def _is_held(self) -> bool:
        return asyncio.get_running_loop().time() < self._held_until

    # --- one person ---------------------------------------------------------------------

    async def _deliver_to(self, user_key: bytes) -> None:
        """Send this person's answers in order until none can be sent now."""
        try:
            while not self._stopping and not self._is_held():
                self._again.discard(user_key)
                now = millis(self._clock.now())
                claim = await self._store.claim(user_key, now, now + LEASE)
                if claim is None:
                    break
                more = await self._store.settle(claim, await self._attempt(claim))
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
            self._news.set()

    async def _attempt(self, claim: Claim) -> Settlement:
        """Send once, if it makes sense, and say how the answer stands now."""
        before = judge(claim, None, millis(self._clock.now()), self._jitter())
        if isinstance(before, End):
            return self._ended(claim, before.status)
        try:
            letter = unsealed(self._vault, claim.letter, claim.user_key, claim.seq, claim.event_key)
        except UnreadableError:
            return self._ended(claim, Status.DEAD)

        answer = await self._sent(letter)
        now = millis(self._clock.now())
        match judge(claim, answer, now, self._jitter()):
            case End(status):
                self._probing = False
                return self._ended(claim, status)
            case TryAgain(pause, ambiguous):
                self._probing = False
                return Retry(now + pause, ambiguous)
            case SayPlainly():
                self._probing = False
                logger().error("message refused", status=_status(answer), tries=claim.tries)
                return Retry(now, claim.ambiguous, self._plain(claim, letter))
            case Hold(pause, reason):
                self._hold(pause, reason)
                return Retry(now + pause, claim.ambiguous)

    async def _sent(self, letter: Letter) -> Answer:
        begun = asyncio.get_running_loop().time()
        try:
            answer = await self._reply(letter.reply_token, letter.messages)
        except Exception as error:  # not promised, but then it certainly must not loop
            logger().error("reply raised", error=type(error).__name__, where=where(error))
            answer = Unknown("raised")
        logger().info(
            "reply",
            status=_status(answer),
            request_id=answer.request_id,
            reason=answer.reason if isinstance(answer, Unknown) else None,
            ms=round((asyncio.get_running_loop().time() - begun) * 1000),
        )
        return answer

    def _plain(self, claim: Claim, letter: Letter) -> bytes:
        instead = Letter(letter.reply_token, [text_message(self._plain_text)])
        return instead.sealed(self._vault, claim.user_key, claim.seq, claim.event_key)

    def _hold(self, pause: int, reason: str) -> None:
        if not self._is_held():
            logger().error("sending on hold", reason=reason, ms=pause)
        self._probing = True
        until = asyncio.get_running_loop().time() + pause / 1000
        self._held_until = max(self._held_until, until)

    def _ended(self, claim: Claim, status: Status) -> Finished:
        if status is not Status.SENT:
            logger().warning("answer not sent", verdict=status.value, tries=claim.tries)
        return Finished(status)


def _status(answer: Answer) -> int:
    """The HTTP status of *answer*; 0 when there was none."""
    match answer:
        case Accepted():
            return 200
        case Refused(status=status):
            return status
        case Unknown():
            return 0
