"""What has to hold of every world, whatever happened in it: functions from lives to complaints.

The numbers are those the promises go by: I1 exactly once, I2 the state is the fold of the past,
I3 answers in order and never twice, I4 only one's own, I5 everything ends, I6 the right person,
I7 what is erased stays erased, I8 no dead end, I9 pushes within their allowance, I10 no growth.
I0 (nothing breaks), I11 (two seconds) and parts of I1 are seen at the moment they happen.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import orjson

from bot.store.port import Outcome, Status
from bot.store.rules import CROWD_WINDOW
from tests.simulation.counting import Kind, Past, fold
from tests.simulation.life import (
    DECIDED,
    Delivered,
    Ended,
    Life,
    Recorded,
    Removed,
    Told,
    Way,
    Written,
)
from tests.simulation.messaging import PLAIN_TEXT
from tests.simulation.node import VAULT

if TYPE_CHECKING:
    from tests.simulation.world import World

NEVER_SHOWN = frozenset({Status.PARKED, Status.DEAD})

NEVER = 2**62
"""Later than any time, in ms."""

WAYS_DECIDED = frozenset(Way) - {Way.UNSEND, Way.STANDBY}


def violations(world: World) -> list[str]:
    """Everything that is wrong with *world*, now that it is quiet."""
    found: list[str] = []
    for life in world.history.lives.values():
        for rule in OF_A_LIFE:
            found += [f"{life.person}: {what}" for what in rule(life)]
    for rule_of_world in OF_A_WORLD:
        found += rule_of_world(world)
    return found


def past(life: Life) -> list[tuple[Recorded, Told]]:
    """The decisions of *life*, in order, with the events they were taken on."""
    return [
        (each, each.told)
        for each in life.happenings
        if isinstance(each, Recorded)
        and each.told is not None
        and each.outcome in DECIDED
        and each.told.way in WAYS_DECIDED
    ]


# --- of a life ----------------------------------------------------------------------------


def once(life: Life) -> Iterator[str]:
    """I1, I2: each event has one outcome, and each decision makes one version."""
    seen: set[str] = set()
    for each in life.happenings:
        if isinstance(each, Recorded) and each.told is not None:
            if each.told.event_id in seen:
                yield f"I1: {each.told.mark} was recorded twice"
            seen.add(each.told.event_id)
    for recorded, told in past(life):
        if recorded.version != 1:
            yield f"I2: {told.mark} made {recorded.version} versions"


def own_words(life: Life) -> Iterator[str]:
    """I4, I6: all that is said to a person is about their own events, and answers the right one."""
    written = {each.told.event_id: each for each in life.happenings if isinstance(each, Written)}
    for each in life.happenings:
        if isinstance(each, Written | Delivered):
            for mark in re.findall(r"(p\d+)e\d+", each.text):
                if f"U{mark}" != life.person:
                    yield f"I4: they were told of {mark}'s events: {each.text!r}"
        if isinstance(each, Delivered):
            letter = written.get(each.told.event_id) if each.told else None
            if letter is None:
                yield f"I6: {each.text!r} answers nothing of theirs"
            elif each.text not in (letter.text, PLAIN_TEXT):
                yield f"I6: {each.text!r} was delivered for {letter.text!r}"


def in_order(life: Life) -> Iterator[str]:
    """I3: committed before delivered, one after the other, nothing twice; and marked truthfully."""
    number: dict[str, int] = {}
    shown: list[int] = []
    fate: dict[int, Ended] = {}
    for each in life.happenings:
        if isinstance(each, Written):
            number[each.told.event_id] = each.seq
        elif isinstance(each, Ended):
            fate[each.seq] = each
        elif isinstance(each, Delivered):
            if each.told is None or each.told.event_id not in number:
                yield f"I3: {each.text!r} was delivered before it was committed"
            else:
                shown.append(number[each.told.event_id])
    for seq in sorted({seq for seq in shown if shown.count(seq) > 1}):
        yield f"I3: answer {seq} was delivered {shown.count(seq)} times"
    doubtful = {seq for seq, ended in fate.items() if ended.status is Status.UNCONFIRMED}
    # What was in the air when its person was erased may land after the confirmation.
    doubtful |= {e.seq for e in life.happenings if isinstance(e, Removed) and e.claimed}
    sure = [seq for seq in shown if seq not in doubtful]
    if sure != sorted(sure):
        yield f"I3: answers were delivered in the order {sure}"
    for seq, ended in fate.items():
        if ended.status is Status.SENT and seq not in shown:
            yield f"I3: answer {seq} is marked as sent and was never delivered"
        if ended.status in NEVER_SHOWN and seq in shown and not ended.pushed:
            yield f"I3: answer {seq} is marked as {ended.status} and was delivered"


def stays_erased(life: Life) -> Iterator[str]:
    """I7: after an erasure nothing older is acted upon, and nothing older is said."""
    erased_at, erasing = -1, ""
    number: dict[int, Told] = {}
    under_way: set[str] = set()
    for each in life.happenings:
        if isinstance(each, Removed) and each.claimed and each.seq in number:
            under_way.add(number[each.seq].event_id)
        elif isinstance(each, Written):
            number[each.seq] = each.told
        elif isinstance(each, Recorded) and each.told is not None:
            told = each.told
            if each.outcome in DECIDED and told.at <= erased_at and told.way in WAYS_DECIDED:
                yield f"I7: {told.mark} was {each.outcome} though it is older than the erasure"
            if each.outcome is Outcome.ERASED:
                erased_at, erasing = max(erased_at, told.at), told.event_id
        elif isinstance(each, Delivered) and each.told is not None:
            allowed = {erasing} | under_way
            if each.told.at <= erased_at and each.told.event_id not in allowed:
                yield f"I7: {each.text!r} was said after the erasure"


def stays_unread(life: Life) -> Iterator[str]:
    """I7: a message that was taken back is not read when it comes after that news."""
    taken_back: dict[str, int] = {}
    for each in life.happenings:
        if isinstance(each, Recorded) and each.told is not None:
            told = each.told
            if told.way is Way.UNSEND:
                taken_back.setdefault(told.message, each.received)
            elif each.outcome in DECIDED and each.received > taken_back.get(told.message, NEVER):
                yield f"I7: {told.mark} was {each.outcome} though it had been taken back"


def answered(life: Life) -> Iterator[str]:
    """I8: whoever did something is answered, or it is known by name why not."""
    ended = {each.seq for each in life.happenings if isinstance(each, Ended | Removed)}
    spoken = 0  # when the last event was received that we had an answer for
    for recorded, told in past(life):
        if told.way is Way.LEAVE:
            spoken = 0
        elif recorded.seq is not None:
            spoken = recorded.received
            if recorded.seq not in ended:
                yield f"I8: the answer to {told.mark} has no end"
        elif recorded.outcome is Outcome.COALESCED and recorded.received - spoken < CROWD_WINDOW:
            continue  # answered together with those before it
        elif told.kind is not Kind.SILENT or recorded.outcome is not Outcome.APPLIED:
            yield f"I8: {told.mark} was {recorded.outcome} and is not answered"


# --- of a world ---------------------------------------------------------------------------


def folded(world: World) -> Iterator[str]:
    """I2, I4: what is remembered of a person is what follows from their events alone."""
    for person, life in world.history.lives.items():
        key = world.history.key(person)
        rows = world.database.people.get(key)
        state = rows.person.state if rows else None
        found = None if state is None else orjson.loads(VAULT.open(state, "conversation", key))
        expected = fold(
            Past(told.mark, told.kind, told.at, recorded.outcome, recorded.seq is not None)
            for recorded, told in past(life)
            if told.way is not Way.JOIN
        )
        if (found and found["meant"]) != expected:
            yield f"I2: {person} should be at {expected!r} and is at {found!r}"


def pushed(world: World) -> Iterator[str]:
    """I9: no more pushes than allowed, and none where none are."""
    if world.messaging.pushes > world.pushes:
        yield f"I9: {world.messaging.pushes} pushes, {world.pushes} were allowed"


def undone(world: World) -> Iterator[str]:
    """I5, I10: what is still to be done, and what a node that has nothing to do remembers."""
    if world.line.pending:
        yield f"{world.line.pending} webhooks are not delivered"
    for user_key, rows in world.database.people.items():
        if rows.oldest() or rows.deferred:
            yield f"{world.history.name(user_key)} waits for {rows.oldest() or rows.deferred}"
    for node in world.nodes:
        if node.is_frozen:
            yield f"{node.process} stands still"
    for locks in (world.database.locks, world.database.order):
        if len(locks):
            yield f"{len(locks)} locks of the database are held"
    for node in world.nodes:
        for name, kept in _collections(node.engine, set()):
            yield f"{node.process} keeps {name}: {kept!r}"


def _collections(thing: object, seen: set[int]) -> Iterator[tuple[str, object]]:
    """Whatever an object of the engine, or one it holds, keeps many of."""
    seen.add(id(thing))
    slots = getattr(type(thing), "__slots__", ())
    for name in (*getattr(thing, "__dict__", ()), *slots):
        value = getattr(thing, name)
        if isinstance(value, dict | set | list | deque) and value and name not in BOUNDED:
            yield f"{type(thing).__name__}.{name}", value
        elif type(value).__module__.startswith("bot.engine") and id(value) not in seen:
            yield from _collections(value, seen)


BOUNDED = {"_turns"}
"""What is kept on purpose, up to a limit that a test of its own holds it to."""

OF_A_LIFE: list[Callable[[Life], Iterator[str]]] = [
    once,
    own_words,
    in_order,
    stays_erased,
    stays_unread,
    answered,
]
OF_A_WORLD: list[Callable[[World], Iterator[str]]] = [folded, pushed]
