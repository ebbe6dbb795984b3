"""The send decision table, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.verdict import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    TOKEN_FRESH,
    TOKEN_SURE,
    End,
    Hold,
    SayPlainly,
    Send,
    TryAgain,
    Verdict,
    judge,
)
from bot.line.client import Accepted, Answer, Refused, Unknown
from bot.store.port import Claim, Status
from bot.store.rules import MINUTE, TOKEN_LIFE

NOW = 1_795_000_000_000
FIRST = Claim(b"a" * 16, 1, b"e" * 16, b"", NOW, NOW, ambiguous=False, plain=False, tries=1)
AMBIGUOUS = replace(FIRST, ambiguous=True, tries=2)
PLAIN = replace(FIRST, plain=True, tries=2)

OK = Accepted("r")
USED_OR_EXPIRED = Refused(400, "Invalid reply token", "r")
BAD_MESSAGE = Refused(400, "A message (messages[0]) in the request body is invalid", "r")
TIMEOUT = Unknown("timeout")
NOT_REACHED = Unknown("no connection", left=False)

SENT, PARKED = End(Status.SENT), End(Status.PARKED)
UNCONFIRMED, DEAD = End(Status.UNCONFIRMED), End(Status.DEAD)


@pytest.mark.parametrize(
    ("claim", "age", "verdict"),
    [
        (FIRST, 0, Send()),
        (FIRST, TOKEN_FRESH - 1, Send()),
        (FIRST, TOKEN_FRESH, Send()),  # "not guaranteed" is not "dead", and trying is free
        (FIRST, TOKEN_LIFE - 1, Send()),
        (FIRST, TOKEN_LIFE, PARKED),
        (AMBIGUOUS, TOKEN_FRESH - 1, Send()),
        (AMBIGUOUS, TOKEN_FRESH, UNCONFIRMED),
        (AMBIGUOUS, TOKEN_LIFE, UNCONFIRMED),
        (PLAIN, 0, Send()),
    ],
)
def test_before_sending(claim: Claim, age: int, verdict: Verdict) -> None:
    """An answer is sent as long as what LINE says to it can still be understood."""
    assert judge(claim, None, NOW + age, 0.0) == verdict


@pytest.mark.parametrize(
    ("claim", "answer", "age", "verdict"),
    [
        (FIRST, OK, 0, SENT),
        (AMBIGUOUS, OK, TOKEN_FRESH, SENT),
        (FIRST, USED_OR_EXPIRED, 0, PARKED),
        (FIRST, USED_OR_EXPIRED, TOKEN_FRESH, PARKED),
        (AMBIGUOUS, USED_OR_EXPIRED, TOKEN_SURE - 1, SENT),
        (AMBIGUOUS, USED_OR_EXPIRED, TOKEN_SURE, UNCONFIRMED),
        (FIRST, BAD_MESSAGE, 0, SayPlainly()),
        (AMBIGUOUS, BAD_MESSAGE, 0, SayPlainly()),
        (PLAIN, BAD_MESSAGE, 0, DEAD),
        (FIRST, Refused(413, "", "r"), 0, SayPlainly()),
        (FIRST, Refused(409, "", "r"), 0, SayPlainly()),
        (FIRST, Refused(404, "Invalid reply token", "r"), 0, SayPlainly()),
        (PLAIN, USED_OR_EXPIRED, 0, PARKED),
        (FIRST, TIMEOUT, 0, TryAgain(200, ambiguous=True)),
        (FIRST, Unknown("status 502"), 0, TryAgain(200, ambiguous=True)),
        (FIRST, NOT_REACHED, 0, TryAgain(200, ambiguous=False)),
        (AMBIGUOUS, NOT_REACHED, 0, TryAgain(400, ambiguous=True)),
        (FIRST, Refused(429, "rate limit", "r"), 0, Hold(1000, "rate limit")),
        (FIRST, Refused(401, "", "r"), 0, Hold(5000, "access token refused")),
        (FIRST, Refused(403, "", "r"), 0, Hold(5000, "access token refused")),
        (replace(FIRST, tries=9), Refused(401, "", "r"), 0, Hold(MINUTE, "access token refused")),
    ],
)
def test_after_an_attempt(claim: Claim, answer: Answer, age: int, verdict: Verdict) -> None:
    """The same refusal means two things, and only our own earlier attempts tell which."""
    assert judge(claim, answer, NOW + age, 0.0) == verdict


@pytest.mark.parametrize(
    "message", ["Invalid reply token", "invalid replyToken: Reply token expired", "REPLY TOKEN"]
)
def test_a_refused_token_is_known_in_other_words_too(message: str) -> None:
    """LINE may change its texts without notice."""
    assert judge(FIRST, Refused(400, message, "r"), NOW, 0.0) == PARKED


def test_pauses_double_up_to_a_limit() -> None:
    """0.2, 0.4, 0.8 … seconds; about eight attempts fit into a token's minute."""
    pauses = []
    for tries in range(1, 30):
        verdict = judge(replace(FIRST, tries=tries), TIMEOUT, NOW, 0.0)
        assert isinstance(verdict, TryAgain)
        pauses.append(verdict.pause)

    assert pauses[:4] == [200, 400, 800, 1600]
    assert set(pauses[6:]) == {LONGEST_PAUSE}
    assert sum(pauses[:8]) < MINUTE


@given(st.floats(0, 1, exclude_max=True))
def test_jitter_spreads_what_failed_together(jitter: float) -> None:
    """By up to half the pause, never earlier."""
    verdict = judge(FIRST, TIMEOUT, NOW, jitter)

    assert isinstance(verdict, TryAgain)
    assert FIRST_PAUSE <= verdict.pause <= FIRST_PAUSE * 1.5


@given(
    st.sampled_from([OK, USED_OR_EXPIRED, BAD_MESSAGE, TIMEOUT, NOT_REACHED]),
    st.booleans(),
    st.booleans(),
    st.integers(-2 * MINUTE, 2 * TOKEN_LIFE),
)
def test_once_ambiguous_always_ambiguous(
    answer: Answer, plain: bool, ambiguous: bool, age: int
) -> None:
    """No later answer of LINE's wipes out that an earlier attempt ended unknown."""
    claim = replace(FIRST, ambiguous=ambiguous, plain=plain)

    verdict = judge(claim, answer, NOW + age, 0.5)

    if isinstance(verdict, TryAgain):
        assert verdict.ambiguous or not ambiguous
    if ambiguous and verdict == PARKED:
        raise AssertionError("what may have been delivered is not called undelivered")
