"""A short history in which everything went well, to plant troubles into."""

from __future__ import annotations

from typing import Any

from tests.crash.history import Entry

ANN, BEN = "Uann", "Uben"


def calm() -> list[Entry]:
    """Two people, three messages each, a kill, a stop and a crash; every answer was delivered."""
    entries: list[Entry] = [_note("start", node="node1"), _note("kill", node="node1")]
    entries.append(ended(asked="kill", code=-9))
    post = 0
    for number in (1, 2, 3):
        for user in (ANN, BEN):
            post += 1
            entries += _heard(user, number, post)
            entries += replied(user, number)
    entries += [_note("crash"), _note("mend"), _note("term", node="node1")]
    entries += [ended(asked="term"), _entry("heal", "ok", seconds=1.5)]
    for user in (ANN, BEN):
        entries.append(_entry("person", "row", user_key=row(user), version=3, last_seq=3))
        for number in (1, 2, 3):
            entries += [inbox(user, number), outbox(user, number)]
    return entries


def key(user: str, number: int) -> str:
    """The key of an event."""
    return f"key of {words(user, number)}"


def token(user: str, number: int) -> str:
    """Its reply token."""
    return f"token of {words(user, number)}"


def words(user: str, number: int) -> str:
    """What it says."""
    return f"{user}-{number}"


def row(user: str) -> str:
    """The database's name for a person."""
    return f"row of {user}"


def ended(**changes: Any) -> Entry:
    """A node ended as it should."""
    usual = {"node": "node1", "code": 0, "asked": "", "excused": False, "seconds": 0.4}
    return _note("exit", **(usual | {"claimed": 0} | changes))


def inbox(user: str, number: int, **changes: Any) -> Entry:
    """The row of an event that was applied."""
    usual = {"user_key": row(user), "event_key": key(user, number), "outcome": "applied"}
    return _entry("inbox", "row", **(usual | changes))


def outbox(user: str, number: int, **changes: Any) -> Entry:
    """The row of its answer, which was sent."""
    usual: dict[str, Any] = {"user_key": row(user), "seq": number, "event_key": key(user, number)}
    usual |= {"status": "sent", "ambiguous": 0, "claimed": 0}
    return _entry("outbox", "row", **(usual | changes))


def replied(user: str, number: int, **changes: Any) -> list[Entry]:
    """The call that brought its answer."""
    texts = [f"{number}:{words(user, number)}"]
    usual = {"call": 0, "token": token(user, number), "texts": texts, "took": True} | changes
    return [_entry("reply", "invoke", **usual), _entry("reply", "ok", **usual)]


def pushed(user: str, number: int) -> Entry:
    """The same by push."""
    texts = [f"{number}:{words(user, number)}"]
    return _entry("push", "ok", call=0, to=user, key="k", texts=texts, took=True)


def posted(post: int, keys: list[str]) -> list[Entry]:
    """A webhook answered with 200."""
    what = {"post": post, "node": "node1", "redelivered": False, "duplicate": False}
    return [
        _entry("post", "invoke", **what, keys=keys),
        _entry("post", "ok", post=post, status=200),
    ]


def event(user: str, number: int, **changes: Any) -> Entry:
    """Somebody wrote, in the second of that number."""
    usual = {"key": key(user, number), "user": user, "number": number, "at": number * 1000}
    usual |= {"token": token(user, number), "words": words(user, number), "silent": False}
    return _note("event", **(usual | changes))


def _heard(user: str, number: int, post: int) -> list[Entry]:
    return [event(user, number), *posted(post, [key(user, number)])]


def _note(op: str, **what: Any) -> Entry:
    return _entry(op, "note", **what)


def _entry(op: str, type: str, **what: Any) -> Entry:
    return {"t": 0.0, "op": op, "type": type} | what
