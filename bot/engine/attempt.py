"""One attempt to deliver one answer: ask the table, send, ask the table again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.engine.letter import Letter, unsealed
from bot.engine.metrics import Metrics
from bot.engine.pace import Pace
from bot.engine.phrases import text_message
from bot.engine.push import PushAllowance
from bot.engine.vault import UnreadableError, Vault
from bot.engine.verdict import (
    SPREAD,
    End,
    Hold,
    NoQuota,
    PushInstead,
    SayPlainly,
    TryAgain,
    judge,
)
from bot.line.client import Accepted, Answer, Refused, Unknown
from bot.logs import logger, where
from bot.store.port import Claim, Finished, Retry, Settlement, Status
from bot.store.rules import MINUTE

BEGIN_WITHIN = 2.0
"""Seconds after its claim in which an answer must be on its way: the rest of the lease is for
LINE. An attempt that outlived its lease could meet the next one."""


class Line(Protocol):
    """LINE's two ways of sending, such as `bot.line.client.LineClient` has them."""

    async def reply(self, token: str, messages: bytes) -> Answer:
        """By a reply token."""
        ...

    async def push(self, to: str, messages: bytes, retry_key: str) -> Answer:
        """To a user id."""
        ...


@dataclass(slots=True)
class Made:
    """An attempt is over, with what is to be written down."""

    settlement: Settlement


@dataclass(slots=True)
class Held(Made):
    """LINE refuses everybody's answers: nothing is to be sent for ``pause`` ms."""

    pause: int
    reason: str


class Attempts:
    """Makes attempts. ``plain_text`` is sent once in place of an answer LINE refuses."""

    def __init__(
        self,
        line: Line,
        vault: Vault,
        plain_text: str,
        pushes: PushAllowance,
        metrics: Metrics,
        *,
        jitter: Callable[[], float] = SPREAD,
    ) -> None:
        self._line = line
        self._vault = vault
        self._plain_text = plain_text
        self._pushes = pushes
        self._metrics = metrics
        self._jitter = jitter
        self._pace = Pace(0.0)
        self._loop = asyncio.get_running_loop()

    async def make(self, claim: Claim, since: float, letter: Letter | None = None) -> Made:
        """Send once, if it makes sense, and say how the answer stands now.

        *since* is when it was claimed, by the loop's clock; *letter* the claim's, where somebody
        has it unsealed. Raises StoreDownError.
        """
        before = judge(claim, None, self._now(claim, since), self._jitter())
        if isinstance(before, End):
            return self._ended(claim, before.status)
        try:
            letter = letter or self._unsealed(claim)
        except UnreadableError:
            return self._ended(claim, Status.DEAD)
        if isinstance(before, PushInstead):
            return await self._turned_to_push(claim, letter, since)
        if claim.push and not self._pushes.is_open:
            return self._ended(claim, Status.PARKED)

        now = self._loop.time()
        left = since + BEGIN_WITHIN - now
        if (pause := self._pace.wait(now, left)) > left:
            return Made(Retry(min(MINUTE, round(pause * 1000)), claim.ambiguous, push=claim.push))
        if pause:
            await asyncio.sleep(pause)
        answer = await self._sent(claim, letter)
        match judge(claim, answer, self._now(claim, since), self._jitter()):
            case End(status):
                return self._ended(claim, status)
            case TryAgain(pause, ambiguous):
                return Made(Retry(pause, ambiguous, push=claim.push))
            case SayPlainly():
                logger().error("message refused", status=_status(answer), tries=claim.tries)
                plain = self._plain(claim, letter)
                return Made(Retry(0, claim.ambiguous, plain, push=claim.push))
            case PushInstead():
                return await self._turned_to_push(claim, letter, since)
            case NoQuota():
                self._pushes.close()
                return self._ended(claim, Status.PARKED)
            case Hold(pause, reason, slower):
                if slower:
                    self._pace.slow_down(self._loop.time())
                return Held(Retry(pause, claim.ambiguous, push=claim.push), pause, reason)

    async def _turned_to_push(self, claim: Claim, letter: Letter, since: float) -> Made:
        if letter.to and await self._pushes.one(self._now(claim, since)):
            return Made(Retry(0, ambiguous=False, push=True))
        return self._ended(claim, Status.PARKED)

    async def _sent(self, claim: Claim, letter: Letter) -> Answer:
        loop = self._loop
        begun = loop.time()
        try:
            if claim.push:
                answer = await self._line.push(letter.to, letter.messages, letter.retry_key)
            else:
                answer = await self._line.reply(letter.reply_token, letter.messages)
        except Exception as error:  # not promised, but then it certainly must not loop
            logger().error("sending raised", error=type(error).__name__, where=where(error))
            answer = Unknown("raised")
        seconds = loop.time() - begun
        self._metrics.sent(claim.push, answer, seconds)
        logger().info(
            "push" if claim.push else "reply",
            status=_status(answer),
            request_id=answer.request_id,
            reason=answer.reason if isinstance(answer, Unknown) else None,
            ms=round(seconds * 1000),
        )
        return answer

    def _unsealed(self, claim: Claim) -> Letter:
        return unsealed(self._vault, claim.letter, claim.user_key, claim.seq, claim.event_key)

    def _plain(self, claim: Claim, letter: Letter) -> bytes:
        text = b"[%b]" % text_message(self._plain_text)
        instead = Letter(letter.reply_token, text, letter.to, letter.retry_key)
        return instead.sealed(self._vault, claim.user_key, claim.seq, claim.event_key)

    def _ended(self, claim: Claim, status: Status) -> Made:
        self._metrics.answer(status)
        if status is not Status.SENT:
            logger().warning("answer not sent", verdict=status.value, tries=claim.tries)
        return Made(Finished(status))

    def _now(self, claim: Claim, since: float) -> int:
        """The store's time, as far as we can tell without asking it again."""
        return claim.now + round((self._loop.time() - since) * 1000)


def _status(answer: Answer) -> int:
    """The HTTP status of *answer*; 0 when there was none."""
    match answer:
        case Accepted():
            return 200
        case Refused(status=status):
            return status
        case Unknown():
            return 0
