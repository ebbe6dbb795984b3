"""Every row of the table is a press somebody can make: none is there for show."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from content.catalog import Catalog
from content.service import Method, ReasonAdvice, Service
from flows.conversation import LOBBY, Conversation, Pressed
from flows.machine import ANYWHERE, SAME
from flows.moves import here
from flows.step import step
from flows.turn import ERASE_DATA
from flows.unshown import unshown
from flows.walk import outlook, presses
from flows.withdrawal import TABLE
from tests.flows.catalogs import with_service
from tests.flows.chat import NOON

Taken = tuple[str, str, str]
WITH_EVERY_REWARD = ("midori-navi", "aozora-scout", "hoshi-works")
"""No reward, a balance, a gift for a found job."""


def taken(catalog: Catalog, before: Conversation, start: Pressed) -> set[Taken]:
    """Source, trigger and destination of every press *start* leads to, words without a button
    included."""
    found: set[Taken] = set()
    waiting, seen = [(before, start)], set()
    while waiting:
        at, press = waiting.pop()
        after, says = step(at, press, catalog, NOON)
        assert after is not None
        turn = here(after, catalog, NOON)
        found.add((press.state, press.trigger, turn.state))
        if outlook(turn) in seen or (not after.service and turn.state == TABLE.initial):
            continue
        seen.add(outlook(turn))
        offered = [choice.press for choice in (*presses(tuple(says)), *unshown(turn))]
        waiting += [(after, press) for press in offered if press.trigger != "back"]
    return found


def variants(service: Service) -> Iterator[dict[str, object]]:
    """The service with one method and with two; its reasons with and without alternatives."""
    method: Method = next(iter(service.methods.values()))
    alternative = next(iter(service.alternatives))
    plain, short_of_leaving = ReasonAdvice(), ReasonAdvice(alternatives=(alternative,))
    known = ("decided_here", "decided_elsewhere", ERASE_DATA, "unsaid")
    all_methods = ({"one": method}, {"one": method, "two": method})
    all_reasons = (
        dict.fromkeys(known, plain),
        dict.fromkeys(known, short_of_leaving),
        {"unsaid": plain},
    )
    for methods, reasons in itertools.product(all_methods, all_reasons):
        yield {"methods": methods, "reasons": reasons}


def test_every_row_of_the_table_is_taken(invented: Catalog) -> None:
    """By somebody, in some service: with or without a reward, a choice, an alternative."""
    found: set[Taken] = set()
    for slug in WITH_EVERY_REWARD:
        start = Pressed(LOBBY, "choosing_service", "choose", slug)
        for changes in variants(invented.services[slug]):
            catalog = with_service(invented, slug, **changes)
            for meant in ("", ERASE_DATA):
                found |= taken(catalog, Conversation(turn=1, meant=meant), start)
    doubtful = Pressed(LOBBY, "choosing_service", "ask_back", "aozora-scout/aozora_id")
    found |= taken(invented, Conversation(turn=1), doubtful)

    rows = {
        (row.source, row.trigger, row.source if row.dest == SAME else row.dest)
        for row in TABLE.rows
        if row.source != ANYWHERE
    }
    assert rows - found == set()
