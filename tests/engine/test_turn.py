"""One event for one person, between two rows of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import pytest

from bot.clock import TOKYO
from bot.engine.keys import Keys
from bot.engine.letter import unsealed
from bot.engine.phrases import Phrases
from bot.engine.turn import AGAIN, Turns, forget
from bot.engine.vault import Vault
from bot.store.port import Arrival, Decision, Erase, Keep, Outcome, Save, Situation
from flows.conversation import Conversation, Event, Say, Typed
from tests.engine import standin

VAULT = Vault(Keys.derive(bytes(range(32))).sealing)
PHRASES = Phrases(fallback="だめでした", memory_lost="忘れました", group="1対1で")
NOW = datetime(2026, 11, 22, 12, tzinfo=TOKYO)
ARRIVAL = Arrival(b"a" * 16, b"e" * 16, 1, 1)


def step(
    conversation: Conversation, event: Event, now: datetime
) -> tuple[Conversation | None, Sequence[Say]]:
    return standin.step(conversation, event, standin.catalog(), now)


TURNS = Turns(step, standin.say, VAULT, PHRASES)


def decided(
    event: Event = Typed("やあ"),  # noqa: B008 - a frozen value
    state: bytes | None = None,
    turns: Turns = TURNS,
    **situation: Any,
) -> Decision:
    """What is decided on *event* in some situation."""
    given = {"state": state, "faults": 0, "seq": 1, "late": False} | situation
    return turns.answer(ARRIVAL, event, "token", NOW)(Situation(**given))


def remembered(decision: Decision) -> Conversation:
    """The conversation that *decision* saves."""
    assert isinstance(decision.change, Save)
    plain = VAULT.open(decision.change.state, "conversation", ARRIVAL.user_key)
    return Conversation.from_json(orjson.loads(plain))


def said(decision: Decision, seq: int = 1) -> list[object]:
    """The texts that *decision* answers with."""
    assert decision.letter is not None
    letter = unsealed(VAULT, decision.letter, ARRIVAL.user_key, seq, ARRIVAL.event_key)
    assert letter.reply_token == "token"
    return [message["text"] for message in letter.messages]


def saved(conversation: Conversation | dict[str, Any]) -> bytes:
    """A sealed state."""
    data = conversation if isinstance(conversation, dict) else conversation.to_json()
    return VAULT.seal(orjson.dumps(data), "conversation", ARRIVAL.user_key)


def test_an_event_is_stepped_saved_and_answered() -> None:
    """The state goes through the seal and back, equal in every field."""
    first = decided(Typed("やあ"))
    assert isinstance(first.change, Save)
    second = decided(Typed("また"), first.change.state, seq=2)

    assert (first.outcome, second.outcome) == (Outcome.APPLIED, Outcome.APPLIED)
    assert said(first) == ["1:やあ"]
    assert said(second, seq=2) == ["2:また"]
    expected, _ = step(Conversation(), Typed("やあ"), NOW)
    assert remembered(first) == expected


def test_forgetting_erases_and_still_confirms() -> None:
    """The confirmation is the last thing said."""
    decision = decided(Typed("消して"), saved(Conversation(turn=3)))

    assert (decision.outcome, decision.change) == (Outcome.ERASED, Erase())
    assert said(decision) == ["消しました"]


def test_silence_leaves_nothing_to_send() -> None:
    """The state is saved all the same."""
    decision = decided(Typed("だまって"))

    assert decision.letter is None
    assert remembered(decision).turn == 1


def test_a_late_event_shows_the_present_question_again() -> None:
    """What it said counts for nothing; an erasure asked for before the last word is one too."""
    decision = decided(Typed("消して"), saved(Conversation(turn=3)), late=True)

    assert decision.outcome is Outcome.LATE
    assert said(decision) == [f"4:送った:{AGAIN.kind}"]
    assert remembered(decision).turn == 4


def test_an_event_nobody_can_handle_is_answered_and_put_aside() -> None:
    """The conversation stays where it was, so the next event goes on from there."""
    decision = decided(Typed(standin.POISON), saved(Conversation(turn=3)))

    assert (decision.outcome, decision.change) == (Outcome.QUARANTINED, Keep(1))
    assert said(decision) == ["だめでした"]


def test_two_odd_events_in_a_row_leave_the_conversation_alone() -> None:
    """The second is tried from the beginning too; it is the event that is odd, not the memory."""
    decision = decided(Typed(standin.POISON), saved(Conversation(turn=3)), faults=1)

    assert (decision.outcome, decision.change) == (Outcome.QUARANTINED, Keep(2))
    assert said(decision) == ["だめでした"]


def test_a_conversation_nobody_can_continue_is_begun_anew() -> None:
    """The second event in a row that fails, and does not from the beginning, starts over."""
    stuck = saved(Conversation(turn=3, meant="broken"))

    first, second = decided(Typed("次"), stuck), decided(Typed("次"), stuck, faults=1)

    assert (first.outcome, first.change) == (Outcome.QUARANTINED, Keep(1))
    assert second.outcome is Outcome.APPLIED
    assert said(second) == ["忘れました", "1:次"]
    assert remembered(second).turn == 1


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"junk that never was sealed",
        VAULT.seal(b"{}", "outbox", ARRIVAL.user_key),
        saved({}),
        saved({**Conversation().to_json(), "v": 2}),
        saved({**Conversation().to_json(), "cases": [1, 2]}),
        VAULT.seal(b"\xff not json", "conversation", ARRIVAL.user_key),
    ],
    ids=["empty", "junk", "moved", "keyless", "newer", "misshapen", "no-json"],
)
def test_a_state_that_cannot_be_read_is_a_fresh_start_with_an_apology(state: bytes) -> None:
    """Damaged, moved, of another version: never a fault to the person, never a loop."""
    decision = decided(Typed("やあ"), state)

    assert decision.outcome is Outcome.APPLIED
    assert said(decision) == ["忘れました", "1:やあ"]
    assert remembered(decision).turn == 1


def test_the_apology_never_makes_a_sixth_message() -> None:
    """LINE takes five in one reply and refuses all of six."""
    five = [Say("x", str(number)) for number in range(5)]
    turns = Turns(lambda c, e, n: (Conversation(turn=1), five), standin.say, VAULT, PHRASES)

    assert said(decided(Typed("やあ"), b"junk", turns)) == ["0", "1", "2", "3", "4"]


def test_messages_that_cannot_be_written_are_an_odd_event() -> None:
    """A lone surrogate has no UTF-8; the person hears the fallback."""
    turns = Turns(
        lambda c, e, n: (Conversation(turn=1), [Say("x", "\ud800")]), standin.say, VAULT, PHRASES
    )

    assert said(decided(Typed("やあ"), None, turns)) == ["だめでした"]


def test_a_decision_may_be_asked_for_twice() -> None:
    """A commit that failed is tried again from scratch."""
    decide = TURNS.answer(ARRIVAL, Typed("やあ"), "token", NOW)
    situation = Situation(None, 0, 1, late=False)

    assert remembered(decide(situation)) == remembered(decide(situation))


def test_a_group_gets_one_line_and_is_not_remembered() -> None:
    """Whatever is said there is nobody's conversation."""
    decision = TURNS.greet_group(ARRIVAL, "token")(Situation(None, 0, 1, late=False))

    assert decision.change == Keep()
    assert said(decision) == ["1対1で"]


def test_whoever_left_is_forgotten_without_a_word() -> None:
    """There is no reply token on leaving, and nobody to read."""
    decision = forget(Situation(b"whatever", 0, 1, late=False))

    assert decision == Decision(Outcome.ERASED, Erase(), None)


def test_phrases_come_from_the_content_where_it_has_them() -> None:
    """What the content does not name keeps its own words."""
    phrases = Phrases.of({"fallback": "別の言葉", "greeting": "関係のない言葉"})

    assert phrases == Phrases(fallback="別の言葉")
