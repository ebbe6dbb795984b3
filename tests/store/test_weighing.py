"""What accepting an event changes, worked out without a database: row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.port import (
    Accepted,
    Claim,
    Decide,
    Decision,
    Erase,
    Keep,
    Outcome,
    Save,
    Situation,
)
from bot.store.rules import (
    CLOCK_TOLERANCE,
    CROWD_WINDOW,
    DAY,
    MINUTE,
    STALE_AFTER,
    TOKEN_LIFE,
    Crowd,
)
from bot.store.weighing import NO_CROWD, NOBODY, Known, Person, Taken, weigh
from tests.store.rows import LEASE, NOW, SECOND, arrival, erasing, keeping, never, noting, saying

ANN = Person(
    version=7, state=b"old", faults=2, last_seq=3, started_at=NOW - DAY, last_at=NOW - MINUTE,
    erased_at=None, touched=NOW - MINUTE, crowd=Crowd(NOW - MINUTE, 5),
)  # fmt: skip


def weighed(
    decide: Decide = saying("hello", "new"),  # noqa: B008 - a frozen value
    person: Person = NOBODY,
    lease: int | None = None,
    **known: Any,
) -> Taken:
    """What is to be written for an event of right now; *known* goes to `Known` or the arrival."""
    of_arrival = {
        name: known.pop(name) for name in ("at", "redelivered", "leaving") if name in known
    }
    given = {"now": NOW} | known
    return weigh(Known(replace(person), **given), arrival(1, **of_arrival), decide, lease)


# --- what is not decided on --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "outcome", "record"),
    [
        pytest.param({"heard": True}, Outcome.DUPLICATE, None, id="known"),
        pytest.param(
            {"heard": True, "behind": True, "unsent": True}, Outcome.DUPLICATE, None,
            id="known above all"),
        pytest.param({"behind": True}, None, None, id="behind earlier ones"),
        pytest.param({"behind": True, "unsent": True}, None, None, id="behind, though unsent"),
        pytest.param({"unsent": True}, Outcome.UNSENT, Outcome.UNSENT, id="taken back"),
        pytest.param(
            {"person": replace(ANN, erased_at=NOW)}, Outcome.DROPPED, Outcome.DROPPED,
            id="as old as the erasure"),
        pytest.param(
            {"person": replace(ANN, erased_at=NOW + 1)}, Outcome.DROPPED, Outcome.DROPPED,
            id="older than the erasure"),
        pytest.param(
            {"person": replace(ANN, erased_at=NOW), "leaving": True}, Outcome.DROPPED,
            Outcome.DROPPED, id="left before the erasure"),
        pytest.param(
            {"at": NOW - STALE_AFTER - 1}, Outcome.STALE, Outcome.STALE, id="older than a day"),
    ],
)  # fmt: skip
def test_what_is_not_decided_on(
    case: dict[str, Any], outcome: Outcome | None, record: Outcome | None
) -> None:
    """Nobody is asked, and the person's row stays as it is."""
    taken = weighed(never, lease=LEASE, **case)

    assert taken.accepted == Accepted(outcome)
    assert (taken.record, taken.person, taken.letter, taken.erase) == (record, None, None, False)


def test_leaving_waits_for_nobody_and_is_never_too_late() -> None:
    """Whoever left must be forgotten, whatever waits and however old the news is."""
    taken = weighed(
        erasing(), ANN, leaving=True, behind=True, at=NOW - 2 * DAY, now=NOW,
    )  # fmt: skip

    assert taken.accepted.outcome is Outcome.ERASED
    assert taken.erase


# --- what is decided on ------------------------------------------------------------------------


def test_somebody_new_begins() -> None:
    """Version 1, answer number 1, begun and last heard at the event's own time."""
    seen: list[Situation] = []

    taken = weighed(noting(seen, saying("hello", "new")), at=NOW - SECOND)

    assert seen == [Situation(None, 0, 1, late=False, crowd=1, now=NOW)]
    assert taken.record is Outcome.APPLIED
    assert (taken.seq, taken.letter) == (1, b"hello")
    assert (taken.at, taken.received, taken.token_born) == (NOW - SECOND, NOW, NOW - SECOND)
    assert taken.person == Person(
        version=1, state=b"new", faults=0, last_seq=1, started_at=NOW - SECOND,
        last_at=NOW - SECOND, erased_at=None, touched=NOW, crowd=Crowd(NOW, 1),
    )  # fmt: skip


def test_somebody_known_goes_on() -> None:
    """The decision sees what is kept; what it saves takes its place, and the faults are over."""
    seen: list[Situation] = []

    taken = weighed(noting(seen, saying("hello", "new")), ANN)

    assert seen == [Situation(b"old", 2, 4, late=False, crowd=1, now=NOW)]
    assert taken.person == replace(
        ANN, version=8, state=b"new", faults=0, last_seq=4, last_at=NOW, touched=NOW,
        crowd=Crowd(NOW, 1),
    )  # fmt: skip


def test_silence_takes_no_number() -> None:
    """The next answer has it."""
    taken = weighed(saying(None), ANN)

    assert taken.accepted == Accepted(Outcome.APPLIED)
    assert (taken.letter, taken.person and taken.person.last_seq) == (None, 3)


def test_keeping_leaves_the_conversation() -> None:
    """Only the count of faults is new; for somebody unknown a row begins without a state."""
    assert weighed(keeping("sorry", 3), ANN).person == replace(
        ANN, version=8, faults=3, last_seq=4, last_at=NOW, touched=NOW, crowd=Crowd(NOW, 1)
    )
    new = weighed(keeping("sorry", 1)).person
    assert new
    assert (new.state, new.faults, new.started_at) == (None, 1, 0)


def test_erasing_leaves_a_tombstone() -> None:
    """State, faults and what was last heard are gone; numbers and versions go on."""
    taken = weighed(erasing("done"), ANN, lease=LEASE)

    assert taken.erase
    assert (taken.seq, taken.letter) == (4, b"done")
    assert taken.person == replace(
        ANN, version=8, state=None, faults=0, last_seq=4, last_at=None, erased_at=NOW,
        touched=NOW, crowd=NO_CROWD,
    )  # fmt: skip


def test_an_erasure_never_goes_back() -> None:
    """The newest erasure counts, in whatever order the news of them comes."""
    taken = weighed(erasing(), replace(ANN, state=None, erased_at=NOW - SECOND, last_at=None))

    assert taken.person
    assert taken.person.erased_at == NOW


@pytest.mark.parametrize(("started", "stays"), [(NOW, False), (NOW + 1, True)])
def test_what_was_begun_after_leaving_stays(started: int, stays: bool) -> None:
    """Whoever came back before we heard of the leaving keeps what began since."""
    back = replace(ANN, started_at=started, last_at=started)

    taken = weighed(erasing(), back, leaving=True)

    assert taken.person
    assert taken.erase, "what is as old as the leaving goes all the same"
    assert taken.person.erased_at == NOW
    assert (taken.person.state, taken.person.last_at) == (
        (b"old", started) if stays else (None, None)
    )


@pytest.mark.parametrize(("age", "late"), [(0, False), (MINUTE, False), (MINUTE + 1, True)])
def test_an_event_older_than_the_newest_is_late(age: int, late: bool) -> None:
    """It is decided on, knowing that; what was last heard stays the last."""
    seen: list[Situation] = []

    taken = weighed(noting(seen, saying("again")), ANN, at=NOW - age)

    assert seen[0].late is late
    assert taken.person
    assert taken.person.last_at == max(NOW - age, NOW - MINUTE)


@pytest.mark.parametrize(("age", "stale"), [(STALE_AFTER, False), (STALE_AFTER + 1, True)])
def test_an_event_older_than_a_day_is_stale(age: int, stale: bool) -> None:
    """A day to the millisecond."""
    taken = weighed(never if stale else saying("x"), at=NOW - age)

    assert taken.record is (Outcome.STALE if stale else Outcome.APPLIED)


@pytest.mark.parametrize("ahead", [0, CLOCK_TOLERANCE, CLOCK_TOLERANCE + 1, 3650 * DAY])
def test_an_event_from_the_future_is_believed_for_a_minute(ahead: int) -> None:
    """Beyond that our own clock says when it was, or everything after it would be late."""
    taken = weighed(saying("x"), at=NOW + ahead)

    assert taken.at == NOW + min(ahead, CLOCK_TOLERANCE)
    assert taken.token_born == NOW


def test_an_event_from_before_time_is_of_its_beginning() -> None:
    """No database and no calendar is asked to go below zero."""
    assert weighed(erasing(), leaving=True, at=-5).at == 0


# --- the token's clock ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("redelivered", "age", "born"),
    [
        (False, 0, NOW),
        (False, 30 * SECOND, NOW - 30 * SECOND),  # LINE counts from its delivery, before ours
        (True, 30 * SECOND, NOW),  # sent again, it counts anew
        (True, TOKEN_LIFE - MINUTE, NOW),
        (True, TOKEN_LIFE - 1, NOW - MINUTE + 1),  # with no more than what is left of its life
        (True, TOKEN_LIFE, NOW - TOKEN_LIFE),  # but not for ever
    ],
)
def test_from_when_a_token_s_age_is_counted(redelivered: bool, age: int, born: int) -> None:
    """On the safe side of what LINE promises; a duplicate refreshes a waiting answer by it."""
    case: dict[str, Any] = {"redelivered": redelivered, "at": NOW - age}

    assert weighed(saying("x"), **case).token_born == born
    duplicate = weighed(never, heard=True, **case)
    assert (duplicate.refresh, duplicate.received, duplicate.token_born) == (True, NOW, born)


def test_an_event_that_was_put_away_counts_from_its_receipt() -> None:
    """Deciding late makes no token younger and no event staler; a redelivery does."""
    received = NOW - 10 * MINUTE
    case: dict[str, Any] = {"deferred": received, "at": received - SECOND}

    put_away, again = weighed(**case), weighed(redelivered=True, **case)

    assert (put_away.received, put_away.token_born) == (received, received - SECOND)
    assert (again.received, again.token_born) == (NOW, NOW)
    assert put_away.person
    assert put_away.person.touched == NOW


def test_an_event_put_away_yesterday_is_still_of_its_own_day() -> None:
    """A node that could decide came late: the event was in time."""
    received = NOW - 2 * DAY

    taken = weighed(saying("x"), deferred=received, at=received - STALE_AFTER)

    assert taken.record is Outcome.APPLIED


# --- the claim -----------------------------------------------------------------------------------


def test_an_answer_is_claimed_where_a_lease_is_given() -> None:
    """With all that a claim made later would say."""
    taken = weighed(saying("hello"), ANN, lease=LEASE, at=NOW - SECOND)

    assert taken.accepted == Accepted(
        Outcome.APPLIED,
        answer_waits=True,
        claim=Claim(
            arrival().user_key, 4, arrival().event_key, b"hello", received=NOW,
            token_born=NOW - SECOND, ambiguous=False, plain=False, push=False, tries=1, now=NOW,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lease", "answer_waits", "letter"),
    [(None, False, "hello"), (LEASE, True, "hello"), (LEASE, False, None)],
    ids=["not asked for", "behind another answer", "nothing to send"],
)
def test_an_answer_is_not_claimed(lease: int | None, answer_waits: bool, letter: str) -> None:
    """Without a lease, out of turn, or in silence."""
    taken = weighed(saying(letter), ANN, lease=lease, answer_waits=answer_waits)

    assert taken.accepted == Accepted(Outcome.APPLIED, answer_waits=letter is not None)


def test_the_confirmation_of_an_erasure_is_claimed_though_older_answers_waited() -> None:
    """They go with the erasure; or it does not, and waits for the next look: either is right."""
    taken = weighed(erasing("done"), ANN, lease=LEASE, answer_waits=True)

    assert taken.accepted.answer_waits


# --- the crowd ------------------------------------------------------------------------------------


def test_a_crowd_is_counted_in_a_window_of_its_own() -> None:
    """Ten seconds from the first; then a new one begins."""
    person, now = NOBODY, NOW
    seen: list[Situation] = []
    for wait in (0, 1, CROWD_WINDOW - 2, 1, CROWD_WINDOW, 0):
        now += wait
        taken = weigh(Known(person, now), arrival(1, at=now), noting(seen, saying("x")), None)
        assert taken.person
        person = taken.person

    assert [situation.crowd for situation in seen] == [1, 2, 3, 1, 1, 2]


def test_a_clock_set_back_begins_a_new_window() -> None:
    """Or a crowd of the future would silence the person until then."""
    crowded = replace(ANN, crowd=Crowd(NOW + DAY, 500))

    taken = weighed(saying("x"), crowded)

    assert taken.person
    assert taken.person.crowd == Crowd(NOW, 1)


# --- whatever comes --------------------------------------------------------------------------

TIMES = st.integers(-DAY, 3 * DAY).map(lambda by: NOW - by)
PEOPLE = st.builds(
    Person,
    version=st.integers(0, 99),
    state=st.none() | st.just(b"old"),
    faults=st.integers(0, 3),
    last_seq=st.integers(0, 99),
    started_at=TIMES,
    last_at=st.none() | TIMES,
    erased_at=st.none() | TIMES,
    touched=TIMES,
    crowd=st.builds(Crowd, TIMES, st.integers(0, 50)),
)
CHANGES = st.sampled_from([Save(b"new"), Keep(), Keep(2), Erase()])


@given(
    PEOPLE, TIMES, CHANGES, st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.none() | TIMES,
)  # fmt: skip
def test_whatever_comes_the_row_only_goes_forward(
    person: Person,
    at: int,
    change: Save | Keep | Erase,
    redelivered: bool,
    leaving: bool,
    behind: bool,
    letter: bool,
    put_away: int | None,
) -> None:
    """No number, version or erasure ever goes back, and what is erased stays erased."""
    before = replace(person)
    decision = Decision(Outcome.APPLIED, change, b"hello" if letter else None)
    known = Known(replace(person), NOW, behind=behind, deferred=put_away)

    taken = weigh(
        known, arrival(1, at=at, redelivered=redelivered, leaving=leaving),
        lambda situation: decision, LEASE,
    )  # fmt: skip

    assert person == before
    if (after := taken.person) is None:
        assert taken.letter is None
        assert not taken.erase
        return
    assert after.version == before.version + 1
    assert after.last_seq == before.last_seq + letter == (taken.seq if letter else before.last_seq)
    assert (after.erased_at or 0) >= (before.erased_at or 0)
    assert after.last_at is None or before.last_at is None or after.last_at >= before.last_at
    if before.erased_at is not None:
        assert taken.at > before.erased_at
    if isinstance(change, Erase):
        assert after.erased_at is not None
        assert after.erased_at >= taken.at
        assert after.state is None or after.started_at > taken.at
    assert taken.token_born <= taken.received <= NOW or put_away is not None
    if claim := taken.accepted.claim:
        assert (claim.seq, claim.letter, claim.tries) == (taken.seq, taken.letter, 1)
