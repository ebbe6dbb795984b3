"""What a step did, worked out afterwards, agrees with what it did."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.clock import TOKYO
from content.catalog import Catalog, load
from flows.conversation import LOBBY, Conversation, Followed, Pressed, Sent, Typed
from flows.machine import ANYWHERE, SAME
from flows.moves import here
from flows.step import step
from flows.tracing import trace
from flows.turn import ASIDES
from flows.understanding import Picked
from flows.walk import presses
from flows.withdrawal import TABLE

NOW = datetime(2026, 11, 24, 12, tzinfo=TOKYO)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The real content."""
    return load()


@pytest.mark.parametrize("slug", load().services)
def test_every_row_taken_leads_where_the_person_stands(catalog: Catalog, slug: str) -> None:
    """Through every button of a service: the row named has the trigger, the source and the
    destination; rows tried before it have guards that said no; no other row could be meant."""
    fired: set[int] = set()
    waiting = [Conversation(turn=1)]
    seen: set[tuple[object, ...]] = set()
    presses_of = {id(waiting[0]): [Pressed(LOBBY, "choosing_service", "choose", slug)]}
    while waiting:
        before = waiting.pop()
        for press in presses_of[id(before)]:
            after, says = step(before, press, catalog, NOW)
            found = trace(before, press, after, catalog, NOW)
            if press.trigger == "back" or after is None or after.service != slug:
                continue
            assert found.fired is not None, (before, press)
            fired.add(found.fired)
            row = TABLE.rows[found.fired]
            assert row.trigger == press.trigger
            assert row.source in (press.state, ANYWHERE)
            assert here(after, catalog, NOW).state == (
                press.state if row.dest == SAME else row.dest
            )
            assert [each.passed for each in found.tries[:-1]] == [False] * (len(found.tries) - 1)
            assert all(each.guard for each in found.tries[:-1])
            key = (after.trail[-1].state if after.trail else "", found.after, len(after.trail))
            if key not in seen and press.trigger not in ASIDES:
                seen.add(key)
                waiting.append(after)
                presses_of[id(after)] = [choice.press for choice in presses(tuple(says))]

    assert len(fired) > 12


def test_words_are_told_as_they_were_read(catalog: Catalog) -> None:
    """A button's label typed is that button; its row is told like a tap's."""
    before, _ = step(
        Conversation(), Pressed(LOBBY, "choosing_service", "choose", "yakukyari"), catalog, NOW
    )
    assert before is not None
    after, _ = step(before, Typed("ない"), catalog, NOW)

    found = trace(before, Typed("ない"), after, catalog, NOW)

    assert isinstance(found.reading, Picked)
    assert (found.before, found.after) == ("checking_selection", "checking_reward")
    assert [(each.guard, each.passed) for each in found.tries] == [
        ("rewards_a_found_job", False),
        ("rewards_a_balance", True),
    ]


def test_words_without_a_button_take_their_row(catalog: Catalog) -> None:
    """Staying is a row of the table like any other."""
    before: Conversation | None = Conversation(turn=1)
    for text in ("ハタラクティブ", "ない", "連絡・通知が多い"):
        assert before is not None
        before, _ = step(before, Typed(text), catalog, NOW)
    assert before is not None
    after, _ = step(before, Typed("退会したくない"), catalog, NOW)

    found = trace(before, Typed("退会したくない"), after, catalog, NOW)

    assert found.fired is not None
    row = TABLE.rows[found.fired]
    assert (row.source, row.trigger, row.dest) == ("considering_alternative", "settle", "staying")
    assert (found.before, found.after) == (row.source, row.dest)


@pytest.mark.parametrize(
    "event",
    [
        Followed(),
        Sent("sticker"),
        Typed("ぴよ"),
        Typed("戻る"),
        Typed("1"),
        Typed("電話がしつこい"),
    ],
)
def test_what_asks_nothing_of_the_table_has_no_row(
    catalog: Catalog, event: Followed | Sent | Typed
) -> None:
    """Showing again, not understanding, going back and a reason told early are no rows."""
    after, _ = step(Conversation(), event, catalog, NOW)

    found = trace(Conversation(), event, after, catalog, NOW)

    assert (found.move, found.tries, found.fired) == (None, (), None)


def test_a_button_that_does_nothing_any_more_takes_no_row(catalog: Catalog) -> None:
    """An old button of a branch that was left is explained, and moves nobody."""
    before, _ = step(
        Conversation(), Pressed(LOBBY, "choosing_service", "choose", "yakukyari"), catalog, NOW
    )
    assert before is not None
    old = Pressed("yakukyari", "choosing_method", "choose", "mail")
    after, _ = step(before, old, catalog, NOW)

    assert trace(before, old, after, catalog, NOW).fired is None


def test_being_forgotten_leads_nowhere(catalog: Catalog) -> None:
    """Nobody is remembered, so nobody stands anywhere."""
    before, _ = step(Conversation(), Typed("データを消す"), catalog, NOW)
    assert before is not None
    agree = Pressed(LOBBY, "confirming_erasure", "agree")
    after, _ = step(before, agree, catalog, NOW)

    assert after is None
    assert trace(before, agree, after, catalog, NOW).after == ""
