"""The checker sees every kind of broken promise, and nothing where none was broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.crash.calm import (
    ANN,
    BEN,
    calm,
    ended,
    event,
    inbox,
    key,
    outbox,
    posted,
    pushed,
    replied,
    row,
    token,
)
from tests.crash.checker import check
from tests.crash.history import Entry, History, read
from tests.crash.promises import RULES

Plant = Callable[[list[Entry]], None]


def found(entries: list[Entry]) -> set[str]:
    """The kinds of violations in *entries*."""
    return {violation.kind for violation in check(entries).violations}


def without(op: str, **what: Any) -> Plant:
    """Leave out the entries of *op* that have all of *what*."""

    def plant(entries: list[Entry]) -> None:
        gone = [e for e in entries if e["op"] == op and e.items() >= what.items()]
        assert gone
        for entry in gone:
            entries.remove(entry)

    return plant


def changed(op: str, which: dict[str, Any], **what: Any) -> Plant:
    """Give the entries of *op* that have all of *which* other values."""

    def plant(entries: list[Entry]) -> None:
        some = [e for e in entries if e["op"] == op and e.items() >= which.items()]
        assert some
        for entry in some:
            entry.update(what)

    return plant


def added(*more: Entry) -> Plant:
    """Add *more*."""
    return lambda entries: entries.extend(dict(entry) for entry in more)


def every(*plants: Plant) -> Plant:
    """All of *plants*."""

    def plant(entries: list[Entry]) -> None:
        for one in plants:
            one(entries)

    return plant


ANNS = {"event_key": key(ANN, 2)}
UNHEARD = every(without("inbox", **ANNS), without("outbox", **ANNS))
UNTAKEN = every(without("reply", type="ok", token=token(ANN, 2)))
FOURTH = [event(ANN, 4), *posted(9, [key(ANN, 4)]), inbox(ANN, 4)]

PLANTED: dict[str, tuple[Plant, set[str]]] = {
    "acknowledged and nowhere": (
        every(UNHEARD, without("reply", token=token(ANN, 2))), {"lost", "applied twice"},
    ),
    "never acknowledged": (without("post", type="ok", post=3), {"stuck"}),
    "dropped": (changed("inbox", ANNS, outcome="dropped"), {"lost"}),
    "applied and unanswered": (
        every(added(*FOURTH), changed("person", {"user_key": row(ANN)}, version=4)), {"lost"},
    ),
    "version too high": (changed("person", {"user_key": row(ANN)}, version=4), {"applied twice"}),
    "two answers to one event": (
        every(
            added(outbox(ANN, 4, event_key=key(ANN, 3))),
            changed("person", {"user_key": row(ANN)}, last_seq=4),
        ),
        {"applied twice"},
    ),
    "a gap in the answers": (
        changed("person", {"user_key": row(ANN)}, last_seq=4), {"applied twice"},
    ),
    "nobody": (without("person", user_key=row(ANN)), {"applied twice"}),
    "counted wrongly": (
        changed("reply", {"token": token(ANN, 3)}, texts=["4:Uann-3"]), {"applied twice"},
    ),
    "heard as two people": (
        added(inbox(ANN, 2, user_key="row of nobody")), {"applied twice", "unfounded"},
    ),
    "token used twice": (added(*replied(ANN, 3)), {"sent twice"}),
    "pushed after the reply": (added(pushed(ANN, 3)), {"sent twice"}),
    "pushed twice": (
        every(without("reply", token=token(ANN, 3)), added(pushed(ANN, 3), pushed(ANN, 3))),
        {"sent twice"},
    ),
    "overtaken": (
        every(without("reply", token=token(ANN, 1)), added(*replied(ANN, 1))), {"out of order"},
    ),
    "applied although late": (changed("event", {"key": key(ANN, 3)}, at=1500), {"out of order"}),
    "late without reason": (
        changed("inbox", {"event_key": key(ANN, 3)}, outcome="late"), {"out of order"},
    ),
    "not healed": (without("heal"), {"stuck"}),
    "waiting": (
        every(UNTAKEN, changed("outbox", ANNS, status="waiting")), {"stuck"},
    ),
    "claimed": (changed("outbox", ANNS, claimed=1), {"stuck"}),
    "deferred": (
        added({"t": 0.0, "op": "deferred", "type": "row", "event_key": key(ANN, 9)}), {"stuck"},
    ),
    "marked sent, never taken": (UNTAKEN, {"untrue"}),
    "marked parked, yet taken": (changed("outbox", ANNS, status="parked"), {"untrue"}),
    "unconfirmed without doubt": (
        changed("outbox", ANNS, status="unconfirmed", ambiguous=0), {"untrue"},
    ),
    "dead": (every(UNTAKEN, changed("outbox", ANNS, status="dead")), {"untrue"}),
    "an answer to nothing": (
        added(*replied(ANN, 3, token="another", texts=["3:Uann-9"])), {"unfounded"},
    ),
    "an answer to what nobody recorded": (UNHEARD, {"lost", "applied twice", "unfounded"}),
    "somebody else's answer": (
        changed("reply", {"token": token(ANN, 2)}, texts=["2:Uben-2"]), {"unfounded"},
    ),
    "two people in one row": (
        every(
            changed("inbox", {"event_key": key(BEN, 3)}, user_key=row(ANN)),
            changed("person", {"user_key": row(ANN)}, version=4),
            changed("person", {"user_key": row(BEN)}, version=2),
        ),
        {"unfounded"},
    ),
    "died by itself": (added(ended(code=1)), {"ended badly"}),
    "bad end on SIGTERM": (added(ended(asked="term", code=1)), {"ended badly"}),
    "killed off on SIGTERM": (added(ended(asked="term", seconds=18.0)), {"ended badly"}),
    "claims left on SIGTERM": (added(ended(asked="term", claimed=2)), {"ended badly"}),
    "an error nobody explains": (
        added({"t": 0.0, "op": "log", "type": "note", "level": "error",
               "event": "delivery failed", "count": 2}),
        {"complained"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_found(name: str) -> None:
    """Each kind of trouble is named for what it is, and for nothing else."""
    plant, kinds = PLANTED[name]
    entries = calm()
    plant(entries)

    assert found(entries) == kinds


def test_every_promise_has_a_planted_violation() -> None:
    """No rule of the checker goes untried."""
    assert {kind for _, kinds in PLANTED.values() for kind in kinds} == set(RULES)


ALLOWED: dict[str, Plant] = {
    "nothing": lambda entries: None,
    "a doubtful answer, delivered": changed("outbox", ANNS, status="unconfirmed", ambiguous=1),
    "a doubtful answer, not delivered": every(
        UNTAKEN, changed("outbox", ANNS, status="unconfirmed", ambiguous=1)
    ),
    "a dead token": every(UNTAKEN, changed("outbox", ANNS, status="parked")),
    "a dead token and a push": every(without("reply", token=token(BEN, 3)), added(pushed(BEN, 3))),
    "a late event": every(
        changed("event", {"key": key(ANN, 3)}, at=1500),
        changed("inbox", {"event_key": key(ANN, 3)}, outcome="late"),
        changed("reply", {"token": token(ANN, 3)}, texts=["3:again"]),
    ),
    "no database at the start": added(ended(code=1, excused=True)),
    "a refused and repeated post": every(
        changed("post", {"type": "ok", "post": 3}, type="fail", status=503),
        added(*posted(9, [key(ANN, 2)])),
    ),
    "a message that asks for no answer": every(
        added(*FOURTH),
        changed("event", {"key": key(ANN, 4)}, silent=True, at=2500),
        changed("person", {"user_key": row(ANN)}, version=4),
        changed("reply", {"token": token(ANN, 3)}, texts=["4:Uann-3"]),
    ),
    "an error the crash explains": added(
        {"t": 0.0, "op": "log", "type": "note", "level": "error",
         "event": "delivery interrupted", "count": 2}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_is_not_called_a_violation(name: str) -> None:
    """A calm history and every harmless trouble pass."""
    entries = calm()
    ALLOWED[name](entries)

    assert check(entries).violations == []


def test_the_counts_tell_what_the_run_was_like() -> None:
    """How much happened, and how much of it ended in doubt."""
    counts = check(calm()).counts

    assert counts["events"] == counts["delivered"] == counts["webhooks"] == 6
    assert (counts["kills"], counts["stops"], counts["server crashes"]) == (1, 1, 1)
    assert counts["seconds to heal"] == 1.5
    assert counts["unconfirmed"] == counts["parked"] == counts["late"] == 0


def test_a_history_reads_as_it_was_written(tmp_path: Path) -> None:
    """Every entry comes back with its time, whatever language it is in."""
    with History(tmp_path / "history.jsonl") as history:
        history.write("event", words="退会")
        history.write("heal", "ok", seconds=0.5)

    first, second = read(history.path)
    assert first.items() >= {"op": "event", "type": "note", "words": "退会"}.items()
    assert second.items() >= {"op": "heal", "type": "ok", "seconds": 0.5}.items()
    assert 0 <= first["t"] <= second["t"]
