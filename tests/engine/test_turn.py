"""One event for one person, between two rows of the store."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

import orjson
import pytest

from bot.engine.flow import Flow
from bot.engine.phrases import Phrases
from bot.engine.turn import AGAIN, TRIES, Turns, forget, unreadable
from bot.store.port import Arrival, Decision, Erase, Keep, Outcome, Save
from bot.store.rules import CROWD_LIMIT
from flows.conversation import Conversation, Event, NewerError, Say, Typed
from tests.engine import standin
from tests.engine.made import PHRASES, START, VAULT, letter_of, situation, step, texts, turns

ARRIVAL = Arrival(b"a" * 16, b"e" * 16, 1)
ANN = "U" + "a" * 32
TURNS = turns()


def decided(
    event: Event = Typed("やあ"),  # noqa: B008 - a frozen value
    state: bytes | None = None,
    by: Turns = TURNS,
    **changes: Any,
) -> Decision:
    """What is decided on *event* in some situation."""
    return by.answer(ARRIVAL, event, "token", ANN)(situation(state=state, **changes))


def remembered(decision: Decision) -> Conversation:
    """The conversation that *decision* saves."""
    assert isinstance(decision.change, Save)
    plain = VAULT.open(decision.change.state, "conversation", ARRIVAL.user_key)
    return Conversation.from_json(orjson.loads(plain))


def said(decision: Decision, seq: int = 1) -> list[str]:
    """The texts that *decision* answers with."""
    letter = letter_of(decision, ARRIVAL.user_key, seq, ARRIVAL.event_key)
    assert letter.reply_token == "token"
    return texts(letter)


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
    expected, _ = step(Conversation(), Typed("やあ"), START)
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
    assert said(decision) == [PHRASES.fallback]


def test_two_odd_events_in_a_row_leave_the_conversation_alone() -> None:
    """The second is tried from the beginning too; it is the event that is odd, not the memory."""
    decision = decided(Typed(standin.POISON), saved(Conversation(turn=3)), faults=1)

    assert (decision.outcome, decision.change) == (Outcome.QUARANTINED, Keep(2))
    assert said(decision) == [PHRASES.fallback]


def test_a_conversation_nobody_can_continue_is_begun_anew() -> None:
    """The second event in a row that fails, and does not from the beginning, starts over."""
    stuck = saved(Conversation(turn=3, meant="broken"))

    first, second = decided(Typed("次"), stuck), decided(Typed("次"), stuck, faults=1)

    assert (first.outcome, first.change) == (Outcome.QUARANTINED, Keep(1))
    assert second.outcome is Outcome.APPLIED
    assert said(second) == [PHRASES.memory_lost, "1:次"]
    assert remembered(second).turn == 1


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"junk that never was sealed",
        VAULT.seal(b"{}", "outbox", ARRIVAL.user_key),
        saved({}),
        saved({**Conversation().to_json(), "v": 0}),
        saved({**Conversation().to_json(), "v": "2"}),
        saved({**Conversation().to_json(), "cases": [1, 2]}),
        VAULT.seal(b"\xff not json", "conversation", ARRIVAL.user_key),
    ],
    ids=["empty", "junk", "moved", "keyless", "version-0", "version-text", "misshapen", "no-json"],
)
def test_a_state_that_cannot_be_read_is_a_fresh_start_with_an_apology(state: bytes) -> None:
    """Damaged, moved, of no version we know: never a fault to the person, never a loop."""
    decision = decided(Typed("やあ"), state)

    assert decision.outcome is Outcome.APPLIED
    assert said(decision) == [PHRASES.memory_lost, "1:やあ"]
    assert remembered(decision).turn == 1


def test_the_apology_never_makes_a_sixth_message() -> None:
    """LINE takes five in one reply and refuses all of six."""
    five = [Say("x", str(number)) for number in range(5)]
    many = turns(flow=Flow(lambda c, e, n: (Conversation(turn=1), five), standin.say, 0))

    assert said(decided(Typed("やあ"), b"junk", many)) == ["0", "1", "2", "3", "4"]


def test_messages_that_cannot_be_written_are_an_odd_event() -> None:
    """A lone surrogate has no UTF-8; the person hears the fallback."""
    odd = Flow(lambda c, e, n: (Conversation(turn=1), [Say("x", "\ud800")]), standin.say, 0)

    assert said(decided(Typed("やあ"), None, turns(flow=odd))) == [PHRASES.fallback]


def test_what_fails_once_is_tried_again() -> None:
    """Twice in all, and the second success counts; what fails twice is put aside."""
    tried: list[Event] = []

    def shaky(conversation: Conversation, event: Event, now: object) -> Any:
        tried.append(event)
        if len(tried) == 1:
            raise MemoryError
        return step(conversation, event, START)

    decision = decided(Typed("やあ"), None, turns(flow=Flow(shaky, standin.say, 0)))
    assert said(decision) == ["1:やあ"]
    assert decision.outcome is Outcome.APPLIED

    tried[:] = []

    def broken(conversation: Conversation, event: Event, now: object) -> Any:
        tried.append(event)
        raise MemoryError

    decision = decided(Typed("やあ"), None, turns(flow=Flow(broken, standin.say, 0)))
    assert decision.outcome is Outcome.QUARANTINED
    assert len(tried) == TRIES == 2


def test_a_conversation_of_a_newer_program_is_left_to_it() -> None:
    """An older node must neither guess nor begin anew; the decision is not taken at all."""
    newer = saved({**Conversation().to_json(), "v": 2})

    with pytest.raises(NewerError):
        decided(Typed("やあ"), newer)
    with pytest.raises(NewerError):
        decided(Typed("やあ"), newer, faults=5)


@pytest.mark.parametrize("crowd", [1, CROWD_LIMIT])
def test_up_to_the_limit_everything_is_answered(crowd: int) -> None:
    """Nobody reads that fast, but nobody is cut short either."""
    decision = decided(Typed("やあ"), None, crowd=crowd)

    assert (decision.outcome, said(decision)) == (Outcome.APPLIED, ["1:やあ"])


def test_the_first_of_a_crowd_is_answered_for_all_that_follow() -> None:
    """With a word on why, and the present question; what it said counts for nothing."""
    state = saved(Conversation(turn=3))

    first = decided(Typed("消して"), state, crowd=CROWD_LIMIT + 1)
    second = decided(Typed("消して"), state, crowd=CROWD_LIMIT + 2, faults=1)

    assert first.outcome is Outcome.COALESCED
    assert said(first) == [PHRASES.crowded, f"4:送った:{AGAIN.kind}"]
    assert remembered(first).turn == 4
    assert second == Decision(Outcome.COALESCED, Keep(1))


def test_a_crowd_of_late_events_is_answered_once_too() -> None:
    """Late or not, two answers to the same screen would be one too many."""
    decision = decided(Typed("やあ"), saved(Conversation(turn=3)), crowd=99, late=True)

    assert decision == Decision(Outcome.COALESCED, Keep())


def test_a_decision_may_be_asked_for_twice() -> None:
    """A commit that failed is tried again from scratch."""
    decide = TURNS.answer(ARRIVAL, Typed("やあ"), "token", ANN)

    assert remembered(decide(situation())) == remembered(decide(situation()))


def test_without_push_no_user_id_stays_with_the_answer() -> None:
    """There is nothing it could be used for."""
    letter = letter_of(decided(), ARRIVAL.user_key, 1, ARRIVAL.event_key)

    assert (letter.to, letter.retry_key) == ("", "")


def test_with_push_the_answer_knows_its_way_and_its_own_key() -> None:
    """The key is a UUID, made with the answer: each attempt to push carries the same."""
    pushing = turns(push=True)

    letters = [
        letter_of(decided(Typed(text), None, pushing), ARRIVAL.user_key, 1, ARRIVAL.event_key)
        for text in ("一", "二", standin.POISON)
    ]

    assert {letter.to for letter in letters} == {ANN}
    keys = [uuid.UUID(letter.retry_key) for letter in letters]
    assert len(set(keys)) == 3
    assert {key.version for key in keys} == {4}


def test_nobody_can_be_read_off_what_is_put_together() -> None:
    """Neither token nor person nor words, should a traceback show them."""
    decision = decided(Typed("ひみつ"), None, turns(push=True))
    letter = letter_of(decision, ARRIVAL.user_key, 1, ARRIVAL.event_key)
    assert isinstance(decision.change, Save)
    assert decision.letter

    shown = repr(letter) + repr(decision) + repr(situation(state=decision.change.state))

    for secret in (ANN, "token'", "ひみつ", letter.retry_key, repr(decision.letter)):
        assert secret not in shown
    assert repr(decision.change.state) not in shown


def test_a_group_gets_one_line_and_is_not_remembered() -> None:
    """Whatever is said there is nobody's conversation; it is never pushed to."""
    decision = turns(push=True).greet_group(ARRIVAL, "token")(situation())

    assert decision.change == Keep()
    assert said(decision) == [PHRASES.group]
    assert letter_of(decision, ARRIVAL.user_key, 1, ARRIVAL.event_key).to == ""


def test_whoever_left_is_forgotten_without_a_word() -> None:
    """There is no reply token on leaving, and nobody to read."""
    decision = forget(situation(state=b"whatever"))

    assert decision == Decision(Outcome.ERASED, Erase(), None)


def test_an_event_no_key_opens_any_more_ends_in_quarantine() -> None:
    """It cannot be answered, for even its token is gone; the count of faults is not its fault."""
    assert unreadable(situation(faults=1)) == Decision(Outcome.QUARANTINED, Keep(1), None)


def test_the_content_must_have_every_sentence() -> None:
    """Started without one, the bot would fall silent in the worst moment."""
    names = ("fallback", "answer_refused", "memory_lost", "crowded", "group")
    own = {name: f"{name}の言葉" for name in names}

    phrases = Phrases.of({**own, "greeting": "関係のない言葉"})

    assert asdict(phrases) == own
    for name in names:
        with pytest.raises(KeyError, match=name):
            Phrases.of({key: text for key, text in own.items() if key != name})
