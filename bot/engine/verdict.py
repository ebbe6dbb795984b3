"""The send decision table: what to do with an answer before and after each attempt to send it.

A reply has no retry key (LINE refuses one with 400, reference/messaging-api/#retry-api-request).
Its token, which works once, is what makes a second attempt harmless: whatever becomes of it,
nobody reads the same answer twice. The price is that "Invalid reply token" has two meanings,
expired and used, and only our own record of earlier attempts tells them apart. A push has a
retry key and no such trouble, but costs money: it is for answers whose token is dead, and never
for one that LINE may have taken already.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import overload

from bot.line.client import Accepted, Answer, Refused, Unknown
from bot.store.port import Claim, Status
from bot.store.rules import HOUR, MINUTE, TOKEN_LIFE

TOKEN_FRESH = 50_000
"""LINE promises one minute from its delivery (#send-reply-message-reply-token); ten seconds of
it are for the way here and back, and for clocks that differ. Milliseconds, like all below."""

TOKEN_SURE = 45_000
"""Younger than this when the answer came, a token was surely alive when we sent it."""

PUSH_LIFE = 23 * HOUR
"""A retry key protects for 24 hours (#retry-api-request); after that a retry is a new message."""

SPREAD = random.Random().random  # noqa: S311 - it spreads load, and hides nothing
"""Numbers in [0, 1) for `judge`, from a generator of our own: nobody else's is disturbed."""

FIRST_PAUSE = 200
"""After the first attempt that failed; doubled each time. About eight fit into a minute."""

LONGEST_PAUSE = 10_000

RATE_PAUSE = 1_000
"""LINE's limits are per second (2,000 replies, #rate-limits); it names no time to wait."""

TOKEN_REFUSED_PAUSE = 5_000
"""First pause of everything after 401 or 403: somebody has to mend the settings."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send it now: by its reply token, or as a push where the claim says so."""


@dataclass(frozen=True, slots=True)
class End:
    """It has reached its final status."""

    status: Status


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Send the same the same way after ``pause`` ms. ``ambiguous``: LINE may have it."""

    pause: int
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class SayPlainly:
    """LINE refuses the messages but the token is unused: send one plain text instead, at once."""


@dataclass(frozen=True, slots=True)
class PushInstead:
    """Its token is dead and surely unused: a push may carry it, where pushing is allowed."""


@dataclass(frozen=True, slots=True)
class NoQuota:
    """LINE takes no more pushes this month: this one ends, and no other is begun for a while."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody's answer gets through: all sending waits ``pause`` ms, this answer too.

    ``slower`` says that it is a matter of pace, not of permission.
    """

    pause: int
    reason: str
    slower: bool = False


SEND, SENT = Send(), End(Status.SENT)
"""What nearly every answer gets, before and after: made once."""

Before = Send | End | PushInstead
After = End | TryAgain | SayPlainly | PushInstead | NoQuota | Hold
Verdict = Before | After


@overload
def judge(claim: Claim, answer: None, now: int, jitter: float) -> Before: ...
@overload
def judge(claim: Claim, answer: Answer, now: int, jitter: float) -> After: ...


def judge(claim: Claim, answer: Answer | None, now: int, jitter: float) -> Verdict:
    """What to do with the answer of *claim*, before sending it (*answer* None) and after.

    *now* in ms since 1970 by the store's clock; *jitter* in [0, 1) spreads attempts that failed
    together.
    """
    age = now - claim.token_born
    match answer:
        case None:
            return _before(claim, age, now)
        case Accepted():
            return SENT
        case Unknown(left=left):
            return TryAgain(
                _pause(claim.tries, jitter), claim.ambiguous or (left and not claim.push)
            )
        case Refused(status=401 | 403):
            pause = min(MINUTE, TOKEN_REFUSED_PAUSE << min(claim.tries - 1, 8))
            return Hold(pause, "access token refused")
        case Refused(status=429) if claim.push and "monthly limit" in answer.message.lower():
            return NoQuota()
        case Refused(status=429):
            return Hold(RATE_PAUSE + int(RATE_PAUSE * jitter), "rate limit", slower=True)
        case Refused() if not claim.push and _is_about_the_token(answer):
            return _token_refused(claim, age)
        case Refused():
            return End(Status.DEAD) if claim.plain else SayPlainly()


def _before(claim: Claim, age: int, now: int) -> Before:
    if claim.push:
        return End(Status.EXPIRED) if now - claim.received >= PUSH_LIFE else SEND
    if claim.ambiguous and age >= TOKEN_FRESH:
        # A refusal would no longer tell us anything; the next thing the person does is answered.
        return End(Status.UNCONFIRMED)
    if now - claim.received >= TOKEN_LIFE:
        return PushInstead()
    # Past its minute a token is "not guaranteed" to work, which is not "dead": trying costs
    # nothing, a push does, and what LINE says is surer than two clocks.
    return SEND


def _token_refused(claim: Claim, age: int) -> End | PushInstead:
    if not claim.ambiguous:
        return PushInstead()  # expired: no attempt of ours can have used it
    return End(Status.SENT if age < TOKEN_SURE else Status.UNCONFIRMED)


def _is_about_the_token(answer: Refused) -> bool:
    """ "Invalid reply token", in whatever words (texts may change without notice)."""
    return answer.status == 400 and "reply token" in answer.message.lower()


def _pause(tries: int, jitter: float) -> int:
    """0.2 · 2ⁿ seconds and up to half as much again, after the *tries*-th attempt."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE << min(tries - 1, 16))
    return pause + int(pause * jitter / 2)
