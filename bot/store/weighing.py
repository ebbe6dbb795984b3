"""What accepting an event changes, worked out without a database: every driver asks here.

A driver reads `Known` under the person's lock, calls `weigh`, and writes what `Taken` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.store.port import (
    Accepted,
    Arrival,
    Claim,
    Decide,
    Decision,
    Erase,
    Keep,
    Outcome,
    Save,
    Situation,
)
from bot.store.rules import Crowd, believed, crowd, token_born, verdict_on

NO_CROWD = Crowd(0, 0)


@dataclass(slots=True)
class Person:
    """The row of a person. ``version`` counts the decisions; ``state`` is sealed.

    ``started_at``, ``last_at`` and ``erased_at`` are times of events: the conversation's first,
    the newest handled, and the one that erased the person. ``touched`` is when the row changed.
    """

    version: int = 0
    state: bytes | None = field(default=None, repr=False)
    faults: int = 0
    last_seq: int = 0
    started_at: int = 0
    last_at: int | None = None
    erased_at: int | None = None
    touched: int = 0
    crowd: Crowd = field(default_factory=lambda: NO_CROWD)


NOBODY = Person()


@dataclass(slots=True)
class Known:
    """What the store has about an arrival.

    ``heard`` and ``unsent``: its event, or its message as taken back, is in the inbox.
    ``deferred``: when it was first received, if it waits there to be decided on. ``behind``:
    earlier events of the person wait. ``answer_waits``: an answer to the person is not sent yet.
    """

    person: Person
    now: int
    heard: bool = False
    unsent: bool = False
    deferred: int | None = None
    behind: bool = False
    answer_waits: bool = False


def known_from(row: Sequence[Any], now: int) -> Known:
    """`Known` from what every driver selects, in this order: heard, unsent, deferred, behind,
    answer_waits, then the columns of ``person`` but its key, all empty where there is none."""
    heard, unsent, deferred, behind, answer_waits, version, *rest = row
    person = NOBODY
    if version is not None:
        state, faults, last_seq, started_at, last_at, erased_at, touched, since, count = rest
        person = Person(
            version, state, faults, last_seq, started_at, last_at, erased_at, touched,
            Crowd(since, count),
        )  # fmt: skip
    return Known(person, now, bool(heard), bool(unsent), deferred, bool(behind), bool(answer_waits))


def claim_from(user_key: bytes, row: Sequence[Any], now: int) -> Claim:
    """A claim made at *now*, from what every driver returns of the answer it took, in this order:
    seq, event_key, letter, received, token_born, ambiguous, plain, push, tries."""
    seq, event_key, letter, received, token_born, ambiguous, plain, push, tries = row
    return Claim(
        user_key=user_key,
        seq=seq,
        event_key=event_key,
        letter=letter,
        received=received,
        token_born=token_born,
        ambiguous=bool(ambiguous),
        plain=bool(plain),
        push=bool(push),
        tries=tries,
        now=now,
    )


@dataclass(slots=True)
class Taken:
    """What to write.

    ``record``: the outcome for the inbox, which also ends the event's being deferred.
    ``refresh``: a waiting answer to the event gets the token clock (``received``,
    ``token_born``). ``person``: the new row. ``erase``: whether what is as old as the event
    goes. ``seq`` and ``letter``: the new answer, claimed where ``accepted`` has a claim.
    """

    accepted: Accepted
    at: int
    received: int
    token_born: int
    record: Outcome | None = None
    refresh: bool = False
    person: Person | None = None
    erase: bool = False
    seq: int = 0
    letter: bytes | None = field(default=None, repr=False)


def weigh(known: Known, arrival: Arrival, decide: Decide, lease: int | None) -> Taken:
    """What `Store.accept` does with *arrival*. Raises whatever *decide* raises."""
    live = known.deferred is None or arrival.redelivered
    received = known.now if live or known.deferred is None else known.deferred
    at = believed(arrival.at, received)
    born = token_born(at, received, arrival.redelivered)
    if known.heard:
        return Taken(Accepted(Outcome.DUPLICATE), at, received, born, refresh=True)
    if known.behind and not arrival.leaving:
        return Taken(Accepted(None), at, received, born)
    if known.unsent:
        return Taken(Accepted(Outcome.UNSENT), at, received, born, record=Outcome.UNSENT)
    person = known.person
    verdict = verdict_on(at, received, arrival.leaving, person.erased_at, person.last_at)
    if verdict is Outcome.DROPPED or verdict is Outcome.STALE:
        return Taken(Accepted(verdict), at, received, born, record=verdict)

    crowded = crowd(person.crowd, received)
    seq = person.last_seq + 1
    decision = decide(
        Situation(
            person.state,
            person.faults,
            seq,
            verdict is Outcome.LATE,
            crowded.count,
            known.now,
        )
    )
    letter = decision.letter
    claim = None
    if letter is not None and lease is not None and not known.answer_waits:
        claim = Claim(
            user_key=arrival.user_key,
            seq=seq,
            event_key=arrival.event_key,
            letter=letter,
            received=received,
            token_born=born,
            ambiguous=False,
            plain=False,
            push=False,
            tries=1,
            now=known.now,
        )
    return Taken(
        Accepted(decision.outcome, letter is not None, claim),
        at,
        received,
        born,
        record=decision.outcome,
        person=_after(known, at, decision, crowded, seq),
        erase=isinstance(decision.change, Erase),
        seq=seq,
        letter=letter,
    )


def _after(known: Known, at: int, decision: Decision, crowded: Crowd, seq: int) -> Person:
    """The person's row after *decision*."""
    person, change = known.person, decision.change
    state, faults, started_at = person.state, person.faults, person.started_at
    last_at: int | None = at if person.last_at is None else max(person.last_at, at)
    erased_at = person.erased_at
    match change:
        case Save(saved):
            if state is None:
                started_at = at
            state, faults = saved, 0
        case Keep(counted):
            faults = counted
        case Erase():
            erased_at = at if erased_at is None else max(erased_at, at)
            crowded = NO_CROWD  # the one answer to a crowd may just have been erased
            # Whoever left and came back before we heard of the leaving keeps what began since.
            if state is not None and started_at > at:
                last_at = person.last_at or at
            else:
                state, faults, last_at = None, 0, None
    return Person(
        version=person.version + 1,
        state=state,
        faults=faults,
        last_seq=seq if decision.letter is not None else person.last_seq,
        started_at=started_at,
        last_at=last_at,
        erased_at=erased_at,
        touched=known.now,
        crowd=crowded,
    )
