"""One person too many times, or very many people: nobody else notices."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.clock import millis
from bot.engine.engine import Engine
from bot.engine.pseudonym import Pseudonyms
from bot.line.heard import Heard
from bot.store.rules import CROWD_LIMIT, CROWD_WINDOW
from bot.store.sqlite import SqliteStore
from flows.conversation import Typed
from tests.engine.made import RING, VAULT, HandClock, Mute, turns
from tests.engine.posting import event, tell
from tests.faults.conftest import House
from tests.faults.looking import DEFERRED, WAITING, rows, soon


def flooded(house: House, size: int) -> Sequence[dict[str, Any]]:
    """*size* messages of one person, as fast as they can be posted, ten at a time."""
    happenings = [event(f"{number}") for number in range(size)]
    tens = [happenings[start : start + 10] for start in range(0, size, 10)]
    with ThreadPoolExecutor(4) as hands:
        assert set(hands.map(lambda ten: tell(house.base, *ten), tens)) == {200}
    return happenings


def test_a_thousand_messages_of_one_person(house: House) -> None:
    """Row 34: twenty answers a window and one for all the rest; the others do not wait. Then the
    person is answered again as if nothing had been."""
    with ThreadPoolExecutor(1) as other:
        flood = other.submit(flooded, house, 1_000)
        waits = []
        for who in range(2, 12):
            begun = time.monotonic()
            assert tell(house.base, event("隣", who=who)) == 200
            waits.append(time.monotonic() - begun)
            assert soon(lambda: house.line.texts().count("1:隣") == len(waits))
        flood.result(60)
    assert soon(lambda: not rows(house.path, DEFERRED) and not rows(house.path, WAITING), 20)

    windows = house.line.texts().count("まとめてお答えします")
    assert windows >= 1
    own = len(house.line.delivered) - 10
    assert own <= (CROWD_LIMIT + 1) * (windows + 1)
    outcomes = [outcome for (outcome,) in rows(house.path, "SELECT outcome FROM inbox")]
    assert len(outcomes) == 1_010
    assert set(outcomes) <= {"applied", "coalesced", "late"}
    assert max(waits) < 2.0

    house.clock.move(milliseconds=CROWD_WINDOW)
    assert tell(house.base, event("もういい", ago=-CROWD_WINDOW / 1000)) == 200
    assert house.line.wait_until(lambda: house.line.texts()[-1].endswith(":もういい"))


async def test_a_person_in_a_crowd_loses_nothing_they_had(tmp_path: Path) -> None:
    """Row 34: the conversation goes on where the last answered event left it."""
    clock, line = HandClock(), Mute()
    store = SqliteStore.open(None, clock)
    engine = Engine(store, line, turns(), Pseudonyms(RING), VAULT)
    for number in range(60):
        item = Heard(f"e{number}", clock.ms + number, False, "Ann", f"t{number}", Typed("やあ"))
        await engine.reception.take_all([item])
    await engine.stop()
    [sealed] = [await store.recall(Pseudonyms(RING).person("Ann"))]
    await store.close()

    assert sealed
    assert b'"turn":21' in VAULT.open(sealed, "conversation", Pseudonyms(RING).person("Ann"))


@pytest.mark.parametrize("people", [3_000])
async def test_very_many_people_leave_the_process_as_it_was(tmp_path: Path, people: int) -> None:
    """Row 33: nothing is kept of anybody in memory, and about half a kilobyte on the disk. (What
    a hundred thousand cost is measured by tests/bench.)"""
    clock, line = HandClock(), Mute()
    path = tmp_path / "taikai.db"
    store = SqliteStore.open(path, clock)
    engine = Engine(store, line, turns(), Pseudonyms(RING), VAULT)
    engine.start()

    async def come(start: int, end: int) -> None:
        """Until everybody is answered, which LINE's own pace may hold back."""
        for number in range(start, end, 50):
            await engine.reception.take_all(
                [
                    Heard(f"e{n}", millis(clock.at), False, f"person {n}", f"t{n}", Typed(f"{n}"))
                    for n in range(number, number + 50)
                ]
            )
        async with asyncio.timeout(60):
            while len(line.tokens) < end or engine._deliverer._busy:
                await asyncio.sleep(0.01)

    await come(0, 500)
    before = things()
    await come(500, people)
    grown = things() - before
    await engine.stop()
    await store.close()

    assert len(line.tokens) == people
    assert grown < people / 10, "objects kept for each of them"
    assert path.stat().st_size / people < 1_500
    counted = rows(path, "SELECT count(*) FROM person")
    assert counted == [(people,)]


def things() -> int:
    """How many objects there are."""
    gc.collect()
    return len(gc.get_objects())
