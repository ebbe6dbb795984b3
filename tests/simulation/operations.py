"""What each operation of the port does to the rows of one person: plain functions, no waiting."""

from __future__ import annotations

from dataclasses import replace

from bot.store.port import (
    Accepted,
    Arrival,
    Claim,
    Decide,
    Deferred,
    Finished,
    Outcome,
    Retry,
    Settlement,
    Status,
)
from bot.store.rules import FAR, believed
from bot.store.weighing import Known, Taken, weigh
from tests.simulation.rows import Answer, Entry, Rows, Waiting


def accepted(arrival: Arrival, decide: Decide, lease: int | None, rows: Rows, now: int) -> Accepted:
    """`Store.accept`."""
    taken = weigh(known(rows, arrival, now), arrival, decide, lease)
    if taken.refresh:
        _refresh(rows, arrival, taken)
    if taken.record is not None:
        write(rows, arrival, taken, lease or 0)
    return taken.accepted


def known(rows: Rows, arrival: Arrival, now: int) -> Known:
    """What the rows tell about *arrival*."""
    mine = rows.deferred.get(arrival.event_key)
    others = [row for row in rows.deferred.values() if row is not mine]
    return Known(
        rows.person,
        now,
        heard=arrival.event_key in rows.inbox,
        unsent=arrival.message_key in rows.inbox,
        deferred=mine.received if mine else None,
        behind=any(
            mine is None or (row.at, row.event_key) < (mine.at, mine.event_key) for row in others
        ),
        answer_waits=rows.oldest() is not None,
    )


def _refresh(rows: Rows, arrival: Arrival, taken: Taken) -> None:
    rows.deferred.pop(arrival.event_key, None)  # one node deferred it while another decided
    for seq, answer in rows.outbox.items():
        if answer.event_key == arrival.event_key and answer.status is Status.WAITING:
            rows.outbox[seq] = replace(
                answer,
                received=max(answer.received, taken.received),
                token_born=max(answer.token_born, taken.token_born),
            )


def write(rows: Rows, arrival: Arrival, taken: Taken, lease: int) -> None:
    """What *taken* says."""
    if taken.erase:
        rows.outbox = {n: row for n, row in rows.outbox.items() if row.event_at > taken.at}
        for key, row in list(rows.deferred.items()):
            if row.at <= taken.at:
                del rows.deferred[key]
                if key != arrival.event_key:
                    recorded(rows, key, row.received, Outcome.DROPPED)
    if taken.person is not None:
        rows.person = taken.person
    if taken.letter is not None:
        claim = taken.accepted.claim
        rows.outbox[taken.seq] = Answer(
            arrival.event_key,
            taken.at,
            taken.received,
            taken.token_born,
            taken.letter,
            next_at=claim.now + lease if claim else taken.received,
            tries=1 if claim else 0,
            claimed=claim is not None,
        )
    rows.deferred.pop(arrival.event_key, None)
    assert taken.record is not None
    recorded(rows, arrival.event_key, taken.received, taken.record)


def recorded(rows: Rows, key: bytes, now: int, outcome: Outcome) -> Outcome:
    """Keep *outcome* in the inbox, unless there is one already: `Store.note`."""
    if key in rows.inbox:
        return Outcome.DUPLICATE
    rows.inbox[key] = Entry(now, outcome)
    return outcome


def taken_back(arrival: Arrival, rows: Rows, now: int) -> Outcome:
    """`Store.unsend`."""
    assert arrival.message_key is not None
    if recorded(rows, arrival.event_key, now, Outcome.APPLIED) is Outcome.DUPLICATE:
        return Outcome.DUPLICATE
    recorded(rows, arrival.message_key, now, Outcome.UNSENT)
    for row in list(rows.deferred.values()):
        if row.message_key == arrival.message_key:
            del rows.deferred[row.event_key]
            recorded(rows, row.event_key, now, Outcome.UNSENT)
    return Outcome.APPLIED


def deferred(event: Deferred, rows: Rows, now: int) -> None:
    """`Store.defer`, for one event."""
    arrival = event.arrival
    if arrival.event_key in rows.inbox or arrival.event_key in rows.deferred:
        return
    if arrival.message_key in rows.inbox:
        recorded(rows, arrival.event_key, now, Outcome.UNSENT)
        return
    row = Waiting(
        arrival.event_key,
        arrival.message_key,
        believed(arrival.at, now),
        now,
        arrival.leaving,
        event.event,
        next_at=now,
    )
    rows.deferred[arrival.event_key] = row


def put_away(user_key: bytes, rows: Rows, _now: int) -> list[Deferred]:
    """`Store.deferred`."""
    return [
        Deferred(
            Arrival(user_key, row.event_key, row.at, False, row.leaving, row.message_key), row.event
        )
        for row in sorted(rows.deferred.values(), key=lambda row: (row.at, row.event_key))
    ]


def postponed(pause: int, rows: Rows, now: int) -> None:
    """`Store.postpone`."""
    for key, row in rows.deferred.items():
        rows.deferred[key] = replace(row, next_at=now + pause)


def is_due(row: Waiting | Answer, now: int) -> bool:
    """Whether its time has come, or lies so far ahead that the clock must have been set back."""
    return row.next_at <= now or row.next_at > now + FAR


def claimed(user_key: bytes, lease: int, rows: Rows, now: int) -> Claim | None:
    """`Store.claim`."""
    if (first := rows.oldest()) is None or not is_due(first[1], now):
        return None
    seq, before = first
    after = replace(
        before,
        ambiguous=before.ambiguous or (before.claimed and not before.push),
        claimed=True,
        tries=before.tries + 1,
        next_at=now + lease,
    )
    rows.outbox[seq] = after
    assert after.letter is not None
    return Claim(
        user_key=user_key,
        seq=seq,
        event_key=after.event_key,
        letter=after.letter,
        received=after.received,
        token_born=after.token_born,
        ambiguous=after.ambiguous,
        plain=after.plain,
        push=after.push,
        tries=after.tries,
        now=now,
    )


def settled(claim: Claim, settlement: Settlement, rows: Rows, now: int) -> bool:
    """`Store.settle`."""
    answer = rows.outbox.get(claim.seq)
    if (
        answer is not None
        and answer.status is Status.WAITING
        and answer.claimed
        and (answer.event_key, answer.tries) == (claim.event_key, claim.tries)
    ):
        match settlement:
            case Finished(status):
                rows.outbox[claim.seq] = replace(answer, status=status, letter=None, claimed=False)
            case Retry(pause, ambiguous, letter, push):
                rows.outbox[claim.seq] = replace(
                    answer,
                    claimed=False,
                    next_at=now + pause,
                    ambiguous=ambiguous,
                    push=push,
                    letter=letter or answer.letter,
                    plain=answer.plain or letter is not None,
                )
    return rows.oldest() is not None


def allowed(day: int, most: int, rows: Rows, now: int) -> bool:
    """`Store.allow`."""
    used = rows.allowance.get(day, 0)
    if used >= most:
        return False
    rows.allowance = {on: count for on, count in rows.allowance.items() if on >= day}
    rows.allowance[day] = used + 1
    return True
