"""What is kept of a person is damaged, of a newer program, or of content that is gone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.vault import CONVERSATION
from bot.store.port import Arrival, Outcome
from flows import conversation
from flows.conversation import Conversation, Typed
from tests.engine import made, standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import event, tell
from tests.engine.running import Process
from tests.faults.conftest import House
from tests.faults.looking import DEFERRED, VAULT, WAITING, change, rows, soon

WHO = b"w" * 16


def put(house: House, data: dict[str, Any]) -> None:
    """Let the only person in the house have been left by some program with *data*."""
    [(who,)] = rows(house.path, "SELECT user_key FROM person")
    sealed = VAULT.seal(orjson.dumps(data), CONVERSATION, who)
    change(house.path, "UPDATE person SET state = ?", sealed)


def stored(house: House) -> dict[str, Any]:
    """What is kept of the only person in the house."""
    [(who, sealed)] = rows(house.path, "SELECT user_key, state FROM person")
    data: dict[str, Any] = orjson.loads(VAULT.open(sealed, CONVERSATION, who))
    return data


def test_a_damaged_conversation_in_the_database(house: House) -> None:
    """Row 23: an apology and a fresh start, once; never a 5xx, never a loop."""
    assert tell(house.base, event("一")) == 200
    assert house.line.wait_for(1) == ["1:一"]
    [(sealed,)] = rows(house.path, "SELECT state FROM person")
    for number, damaged in enumerate((sealed[:-1], sealed[1:], b"", b"\x02", bytes(200))):
        change(house.path, "UPDATE person SET state = ?", damaged)
        assert tell(house.base, event(f"二{number}")) == 200
        house.line.wait_for(2 + 2 * number)
        assert house.line.delivered[-1].texts == ("忘れました", f"1:二{number}")
        assert tell(house.base, event(f"三{number}")) == 200
        assert house.line.wait_for(3 + 2 * number)[-1] == f"2:三{number}"

    assert len(house.line.attempts) == 11
    assert {outcome for (outcome,) in rows(house.path, "SELECT outcome FROM inbox")} == {"applied"}


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(max_examples=40, deadline=None)
def test_any_flipped_byte(at: int, by: int) -> None:
    """Row 23: wherever it is, the seal notices, and the person begins anew instead of elsewhere."""
    plain = orjson.dumps(Conversation(turn=9).to_json())
    sealed = bytearray(made.VAULT.seal(plain, CONVERSATION, WHO))
    sealed[at % len(sealed)] ^= by
    arrival = Arrival(WHO, b"e" * 16, 1)
    decide = made.turns().answer(arrival, Typed("やあ"), "t", "Ann")

    decision = decide(made.situation(state=bytes(sealed)))

    assert decision.outcome is Outcome.APPLIED
    letter = made.letter_of(decision, WHO, 1, b"e" * 16)
    assert made.texts(letter) == [made.PHRASES.memory_lost, "1:やあ"]


def test_a_conversation_moved_to_another_person(house: House) -> None:
    """Row 23: even with all rights on the database nobody can be given another's conversation."""
    assert tell(house.base, event("一", who=1), event("二", who=2)) == 200
    assert sorted(house.line.wait_for(2)) == ["1:一", "1:二"]
    assert soon(lambda: rows(house.path, WAITING) == [])
    change(house.path, "UPDATE person SET state = (SELECT max(state) FROM person)")

    assert tell(house.base, event("一", who=1), event("二", who=2)) == 200

    house.line.wait_for(4)
    said = sorted(reply.texts for reply in house.line.delivered[2:])
    assert ("忘れました",) in [texts[:1] for texts in said]
    assert len([texts for texts in said if len(texts) == 2]) == 1


def test_a_conversation_of_a_newer_program(house: House) -> None:
    """Row 25: safe, unanswered, untouched; nobody else waits, and LINE is told 200."""
    assert tell(house.base, event("一")) == 200
    assert house.line.wait_for(1) == ["1:一"]
    newer = {**stored(house), "v": conversation.VERSION + 1, "new_field": ["x"]}
    put(house, newer)
    [before] = rows(house.path, "SELECT state, version FROM person")

    assert tell(house.base, event("二"), event("三"), event("隣", who=2)) == 200

    assert house.line.wait_until(lambda: "1:隣" in house.line.texts())
    time.sleep(0.6)
    assert len(rows(house.path, DEFERRED)) == 2
    [after] = [
        row for row in rows(house.path, "SELECT state, version FROM person") if row == before
    ]
    assert after == before
    assert house.line.texts() == ["1:一", "1:隣"]


def test_a_newer_node_takes_over_what_an_older_one_left(tmp_path: Path) -> None:
    """Row 25: two processes of two versions one after the other, as in a deployment: what the
    newer one wrote the older one leaves alone, and the newer one answers it, in order."""
    with FakeLine() as line:
        with Process(tmp_path, run=newer_version, LINE_API_BASE=line.base) as newer:
            assert tell(newer.base, event("一", ago=3)) == 200
            assert line.wait_for(1) == ["1:一"]
            assert newer.terminate() == 0
        with Process(tmp_path, LINE_API_BASE=line.base) as older:
            assert tell(older.base, event("二", ago=2), event("隣", who=2)) == 200
            assert tell(older.base, event("三", ago=1)) == 200
            assert line.wait_until(lambda: "1:隣" in line.texts())
            assert older.terminate() == 0
        change(tmp_path / "taikai.db", "UPDATE deferred SET next_at = 0")  # seconds have passed
        with Process(tmp_path, run=newer_version, LINE_API_BASE=line.base) as newer:
            assert line.wait_for(4, 10) == ["1:一", "1:隣", "2:二", "3:三"]
            assert tell(newer.base, event("四")) == 200
            assert line.wait_for(5)[-1] == "4:四"
            assert newer.terminate() == 0


def newer_version(given: dict[str, str], log: Path) -> None:
    """The server as the next version of it, which stores conversations in another form."""
    from tests.engine import server

    conversation.VERSION += 1
    server.run(given, log)


def test_a_poisoned_event(house: House) -> None:
    """Row 55: two tries, an apology, 200; the next event is not held up."""
    assert tell(house.base, event("一"), event(standin.POISON), event("二")) == 200

    assert house.line.wait_for(3) == ["1:一", "うまくいきません", "2:二"]
    outcomes = sorted(outcome for (outcome,) in rows(house.path, "SELECT outcome FROM inbox"))
    assert outcomes == ["applied", "applied", "quarantined"]


def test_a_poisoned_conversation(house: House) -> None:
    """Row 55: the second event in a row that fails is taken from the beginning, with an apology."""
    assert tell(house.base, event("壊して")) == 200
    for _ in range(3):
        assert tell(house.base, event("次")) == 200

    house.line.wait_for(4)
    assert [reply.texts for reply in house.line.delivered] == [
        ("壊しました",),
        ("うまくいきません",),
        ("忘れました", "1:次"),
        ("2:次",),
    ]


def test_poison_again_and_again_never_loops(house: House) -> None:
    """Row 55: each is answered once, whatever is remembered of the ones before."""
    times = 5
    for _ in range(times):
        assert tell(house.base, event(standin.POISON)) == 200

    assert house.line.wait_for(times) == ["うまくいきません"] * times
    assert rows(house.path, "SELECT faults FROM person") == [(times,)]
    assert tell(house.base, event("やあ")) == 200
    assert house.line.wait_for(times + 1)[-1] == "1:やあ"
    assert rows(house.path, "SELECT faults FROM person") == [(0,)]
