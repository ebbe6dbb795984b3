"""The same event again: at once, later, marked or not, on one node or two, or years after."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.engine import retention
from bot.store.port import Outcome
from bot.store.rules import DAY, STALE_AFTER
from bot.store.sqlite import SqliteStore
from tests.engine.posting import body, event, post, signature, tell
from tests.faults.conftest import House, Nodes
from tests.faults.looking import WAITING, rows, soon
from tests.line.unhurried import UNHURRIED_FEW
from tests.store.rows import NOW, HandClock, arrival, never, saying


def at_once(bases: Sequence[str], happenings: Sequence[dict[str, Any]]) -> set[int]:
    """Post *happenings* all at the same time, to each base in turn; the statuses."""
    with ThreadPoolExecutor(len(happenings)) as hands:
        return set(
            hands.map(
                lambda pair: tell(bases[pair[0] % len(bases)], pair[1]), enumerate(happenings)
            )
        )


def again(happening: dict[str, Any], redelivered: bool = True) -> dict[str, Any]:
    """*happening* as LINE sends it again."""
    return {**happening, "deliveryContext": {"isRedelivery": redelivered}}


def test_twenty_copies_at_once_on_two_nodes(two_nodes: Nodes) -> None:
    """Row 6: one is applied, one answer is said, and everybody hears 200."""
    happening = event("やあ")
    copies = [again(happening, bool(number % 3)) for number in range(20)]

    assert at_once(two_nodes.bases, copies) == {200}

    assert two_nodes.line.wait_for(1) == ["1:やあ"]
    assert soon(lambda: two_nodes.rows(WAITING) == [])
    time.sleep(0.5)
    assert len(two_nodes.line.attempts) == 1
    assert two_nodes.rows("SELECT outcome FROM inbox") == [("applied",)]


def test_one_person_on_two_nodes_at_the_same_instant(two_nodes: Nodes) -> None:
    """Row 10: each event rests on the one before, and the answers come in the order of that."""
    now = round(time.time() * 1000)
    happenings = [event(f"{number}", timestamp=now) for number in range(12)]

    assert at_once(two_nodes.bases, happenings) == {200}

    said = two_nodes.line.wait_for(12, 10)
    assert [int(text.partition(":")[0]) for text in said] == list(range(1, 13))
    assert sorted(text.partition(":")[2] for text in said) == sorted(map(str, range(12)))
    assert two_nodes.rows("SELECT version, last_seq FROM person") == [(12, 12)]


def test_sent_again_after_the_200(house: House) -> None:
    """Row 7: nothing happens, however often."""
    happening = event("やあ")
    assert tell(house.base, happening) == 200
    assert house.line.wait_for(1) == ["1:やあ"]
    assert soon(lambda: rows(house.path, WAITING) == [])

    for _ in range(5):
        assert tell(house.base, again(happening)) == 200

    time.sleep(0.4)
    assert len(house.line.attempts) == 1
    assert rows(house.path, "SELECT outcome FROM inbox") == [("applied",)]
    assert rows(house.path, "SELECT version FROM person") == [(1,)]


def test_sent_again_while_its_answer_waits(house: House) -> None:
    """Row 7: LINE gives the token another minute, and so do we."""
    house.line.rule = lambda token, texts: "429"
    happening = event("やあ", ago=30)
    assert tell(house.base, happening) == 200
    assert house.line.wait_until(lambda: bool(house.line.attempts))
    [before] = rows(house.path, "SELECT received, token_born FROM outbox")

    assert tell(house.base, again(happening)) == 200

    [after] = rows(house.path, "SELECT received, token_born FROM outbox")
    assert after[0] >= before[0]
    assert after[1] - before[1] >= 30_000
    house.line.rule = lambda token, texts: None
    assert house.line.wait_for(1) == ["1:やあ"]


def test_not_marked_as_redelivered(house: House) -> None:
    """Row 8: the id tells, not the mark; the body differs and is signed anew."""
    happening = event("やあ")
    for copy in (happening, again(happening, False), again(happening), {**happening, "mode": ""}):
        assert tell(house.base, copy) == 200

    assert house.line.wait_for(1) == ["1:やあ"]
    time.sleep(0.4)
    assert len(house.line.attempts) == 1


def test_out_of_order(house: House) -> None:
    """Row 9: an older message after a newer one is not acted upon: the present is shown again."""
    older = event("消して", ago=10)
    assert tell(house.base, event("新しい", ago=5)) == 200
    assert house.line.wait_for(1) == ["1:新しい"]

    assert tell(house.base, again(older)) == 200

    assert house.line.wait_for(2) == ["1:新しい", "2:送った:unknown_button"]
    assert sorted(rows(house.path, "SELECT outcome FROM inbox")) == [("applied",), ("late",)]
    assert len(rows(house.path, "SELECT 1 FROM person WHERE state IS NOT NULL")) == 1


def test_an_old_body_played_back(house: House) -> None:
    """Row 15: a signature never ends. Within our memory it is known, beyond it it is stale."""
    data = body(event("消して", ago=24 * 3600 + 60))
    assert tell(house.base, event("いま")) == 200
    for _ in range(2):
        assert post(house.base, data, {"X-Line-Signature": signature(data)}) == 200

    assert sorted(rows(house.path, "SELECT outcome FROM inbox")) == [("applied",), ("stale",)]
    assert house.line.wait_for(1) == ["1:いま"]


def test_events_are_remembered_for_longer_than_they_count() -> None:
    """Row 15: or a body could be played back after its id was forgotten and before it is stale."""
    assert retention.TERMS.events > STALE_AFTER
    assert retention.TERMS.tombstones > STALE_AFTER
    assert retention.TERMS.tombstones > retention.TERMS.events


@given(st.integers(0, 30 * DAY), st.integers(0, 30 * DAY))
@UNHURRIED_FEW
async def test_nothing_counts_twice_whenever_it_is_played_back(first: int, wait: int) -> None:
    """Row 15: heard at any age and again at any later one, purged in between, it counts once."""
    clock = HandClock()
    store = SqliteStore.open(None, clock)
    happening = arrival(1, at=NOW - first)
    outcome = (await store.accept(happening, saying("x", "once"))).outcome
    clock.at += wait
    while (await store.purge(retention.TERMS, 100)).total:
        pass

    second = (await store.accept(happening, never)).outcome
    await store.close()

    assert outcome is (Outcome.STALE if first > STALE_AFTER else Outcome.APPLIED)
    assert second in (Outcome.DUPLICATE, Outcome.STALE)
