"""The send decision table, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.verdict import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    PUSH_LIFE,
    TOKEN_FRESH,
    TOKEN_SURE,
    End,
    Hold,
    NoQuota,
    PushInstead,
    SayPlainly,
    Send,
    TryAgain,
    Verdict,
    judge,
)
from bot.line.client import Accepted, Answer, Refused, Unknown
from bot.store.port import Claim, Status
from bot.store.rules import DAY, HOUR, MINUTE, TOKEN_LIFE

NOW = 1_795_000_000_000
FIRST = Claim(
    b"a" * 16, 1, b"e" * 16, b"", received=NOW, token_born=NOW,
    ambiguous=False, plain=False, push=False, tries=1, now=NOW,
)  # fmt: skip
AMBIGUOUS = replace(FIRST, ambiguous=True, tries=2)
PLAIN = replace(FIRST, plain=True, tries=2)
PUSH = replace(FIRST, push=True, tries=2)
PLAIN_PUSH = replace(PUSH, plain=True)

OK = Accepted("r")
ACCEPTED_BEFORE = Accepted("r", earlier_id="r-0")  # 409 to a push
TOKEN_REFUSED = Refused(400, "Invalid reply token", "r")
BAD_MESSAGE = Refused(400, "A message (messages[0]) in the request body is invalid", "r")
RATE = Refused(429, "The API rate limit has been exceeded. Try again later.", "r")
MONTH = Refused(429, "You have reached your monthly limit.", "r")
TIMEOUT = Unknown("timeout")
RESET = Unknown("connection lost")
NOT_REACHED = Unknown("no connection", left=False)

SENT, UNCONFIRMED = End(Status.SENT), End(Status.UNCONFIRMED)
DEAD, EXPIRED = End(Status.DEAD), End(Status.EXPIRED)
RATE_HOLD = Hold(1000, "rate limit", slower=True)


def rows(**named: tuple[Any, ...]) -> Any:
    """The rows of a table, each by its name."""
    return [pytest.param(*row, id=name.replace("_", " ")) for name, row in named.items()]


@pytest.mark.parametrize(
    ("claim", "age", "verdict"),
    rows(
        fresh_and_unambiguous_is_replied=(FIRST, 0, Send()),
        just_fresh_is_replied=(FIRST, TOKEN_FRESH - 1, Send()),
        not_guaranteed_is_not_dead_and_trying_is_free=(FIRST, TOKEN_FRESH, Send()),
        nearly_twenty_minutes_is_tried=(FIRST, TOKEN_LIFE - 1, Send()),
        twenty_minutes_is_dead=(FIRST, TOKEN_LIFE, PushInstead()),
        ambiguous_and_fresh_is_tried=(AMBIGUOUS, TOKEN_FRESH - 1, Send()),
        ambiguous_and_old_is_unconfirmed_at_once=(AMBIGUOUS, TOKEN_FRESH, UNCONFIRMED),
        ambiguous_and_dead_is_never_pushed=(AMBIGUOUS, TOKEN_LIFE, UNCONFIRMED),
        plain_words_are_sent=(PLAIN, 0, Send()),
        a_push_is_sent=(PUSH, 0, Send()),
        a_push_outlives_the_token=(PUSH, TOKEN_LIFE, Send()),
        a_push_is_safe_for_23_hours=(PUSH, PUSH_LIFE - 1, Send()),
        a_push_after_23_hours_is_expired=(PUSH, PUSH_LIFE, EXPIRED),
    ),
)
def test_before_sending(claim: Claim, age: int, verdict: Verdict) -> None:
    """An answer is sent as long as what LINE says to it can still be understood."""
    assert judge(claim, None, NOW + age, 0.0) == verdict


@pytest.mark.parametrize(
    ("claim", "answer", "age", "verdict"),
    rows(
        reply_200=(FIRST, OK, 0, SENT),
        reply_200_after_doubt=(AMBIGUOUS, OK, TOKEN_FRESH, SENT),
        token_refused_unused=(FIRST, TOKEN_REFUSED, 0, PushInstead()),
        token_refused_unused_and_old=(FIRST, TOKEN_REFUSED, TOKEN_FRESH, PushInstead()),
        token_refused_after_doubt_and_young=(AMBIGUOUS, TOKEN_REFUSED, TOKEN_SURE - 1, SENT),
        token_refused_after_doubt_and_older=(AMBIGUOUS, TOKEN_REFUSED, TOKEN_SURE, UNCONFIRMED),
        plain_words_with_a_dead_token=(PLAIN, TOKEN_REFUSED, 0, PushInstead()),
        message_refused=(FIRST, BAD_MESSAGE, 0, SayPlainly()),
        message_refused_after_doubt=(AMBIGUOUS, BAD_MESSAGE, 0, SayPlainly()),
        plain_words_refused=(PLAIN, BAD_MESSAGE, 0, DEAD),
        too_large=(FIRST, Refused(413, "", "r"), 0, SayPlainly()),
        conflict_on_a_reply=(FIRST, Refused(409, "", "r"), 0, SayPlainly()),
        not_found_is_not_about_the_token=(
            FIRST, Refused(404, "Invalid reply token", "r"), 0, SayPlainly()),
        reply_timed_out=(FIRST, TIMEOUT, 0, TryAgain(200, ambiguous=True)),
        reply_cut_off=(FIRST, RESET, 0, TryAgain(200, ambiguous=True)),
        reply_502=(FIRST, Unknown("status 502"), 0, TryAgain(200, ambiguous=True)),
        reply_redirected=(FIRST, Unknown("status 302"), 0, TryAgain(200, ambiguous=True)),
        reply_garbage=(FIRST, Unknown("unreadable answer"), 0, TryAgain(200, ambiguous=True)),
        reply_never_left=(FIRST, NOT_REACHED, 0, TryAgain(200, ambiguous=False)),
        doubt_stays=(AMBIGUOUS, NOT_REACHED, 0, TryAgain(400, ambiguous=True)),
        reply_429=(FIRST, RATE, 0, RATE_HOLD),
        reply_429_of_the_month=(FIRST, MONTH, 0, RATE_HOLD),  # replies are free of the quota
        reply_401=(FIRST, Refused(401, "", "r"), 0, Hold(5000, "access token refused")),
        reply_403=(FIRST, Refused(403, "", "r"), 0, Hold(5000, "access token refused")),
        reply_401_for_long=(
            replace(FIRST, tries=9), Refused(401, "", "r"), 0,
            Hold(MINUTE, "access token refused")),
        push_200=(PUSH, OK, 0, SENT),
        push_409=(PUSH, ACCEPTED_BEFORE, HOUR, SENT),
        push_timed_out=(PUSH, TIMEOUT, 0, TryAgain(400, ambiguous=False)),
        push_500=(PUSH, Unknown("status 500"), 0, TryAgain(400, ambiguous=False)),
        push_never_left=(PUSH, NOT_REACHED, 0, TryAgain(400, ambiguous=False)),
        push_message_refused=(PUSH, BAD_MESSAGE, 0, SayPlainly()),
        push_plain_words_refused=(PLAIN_PUSH, BAD_MESSAGE, 0, DEAD),
        push_knows_no_token=(PUSH, TOKEN_REFUSED, 0, SayPlainly()),
        push_429=(PUSH, RATE, 0, RATE_HOLD),
        push_429_of_the_month=(PUSH, MONTH, 0, NoQuota()),
        push_401=(
            replace(PUSH, tries=1), Refused(401, "", "r"), 0, Hold(5000, "access token refused")),
    ),
)  # fmt: skip
def test_after_an_attempt(claim: Claim, answer: Answer, age: int, verdict: Verdict) -> None:
    """The same refusal means two things, and only our own earlier attempts tell which."""
    assert judge(claim, answer, NOW + age, 0.0) == verdict


@pytest.mark.parametrize(
    "message", ["Invalid reply token", "invalid replyToken: Reply token expired", "REPLY TOKEN"]
)
def test_a_refused_token_is_known_in_other_words_too(message: str) -> None:
    """LINE may change its texts without notice."""
    assert judge(FIRST, Refused(400, message, "r"), NOW, 0.0) == PushInstead()


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


CLAIMS = st.builds(
    replace, st.just(FIRST), ambiguous=st.booleans(), plain=st.booleans(),
    push=st.booleans(), tries=st.integers(1, 40),
)  # fmt: skip
ANSWERS = st.sampled_from(
    [OK, ACCEPTED_BEFORE, TOKEN_REFUSED, BAD_MESSAGE, RATE, MONTH, TIMEOUT, RESET, NOT_REACHED]
)


@given(CLAIMS, st.none() | ANSWERS, st.integers(-2 * MINUTE, 2 * DAY))
def test_what_may_have_been_read_is_never_pushed(
    claim: Claim, answer: Answer | None, age: int
) -> None:
    """Whatever LINE says at whatever age: no push after doubt, for that could say it twice."""
    verdict = judge(claim, answer, NOW + age, 0.5)

    if claim.ambiguous and not claim.push:
        assert not isinstance(verdict, PushInstead)
        assert verdict not in (End(Status.PARKED), EXPIRED)
    if isinstance(verdict, TryAgain):
        assert verdict.ambiguous or not claim.ambiguous, "doubt once, doubt for ever"


@given(CLAIMS, ANSWERS, st.integers(0, 2 * DAY))
def test_a_push_never_makes_doubt(claim: Claim, answer: Answer, age: int) -> None:
    """Its retry key protects it: it ends as sent, expired or dead, never unconfirmed."""
    pushed = replace(claim, push=True, ambiguous=False)

    verdict = judge(pushed, answer, NOW + age, 0.5)

    assert verdict != UNCONFIRMED
    assert not (isinstance(verdict, TryAgain) and verdict.ambiguous)


@given(CLAIMS, ANSWERS)
def test_plain_words_are_tried_once(claim: Claim, answer: Answer) -> None:
    """Never a loop: what LINE refuses plainly is over."""
    assert judge(replace(claim, plain=True), answer, NOW, 0.5) != SayPlainly()


def test_every_pause_is_believed_by_the_store() -> None:
    """A row due later than `FAR` is taken for one from before the clock was set back."""
    from bot.store.rules import FAR

    answers: list[Answer] = [TIMEOUT, RATE, Refused(401, "", "r")]
    for tries in range(1, 60):
        for answer in answers:
            verdict = judge(replace(FIRST, tries=tries), answer, NOW, 0.999)
            assert isinstance(verdict, TryAgain | Hold)
            assert verdict.pause < FAR
