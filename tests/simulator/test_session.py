"""The real app and the fake LINE together: what is done is answered, and known for what it is."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.settling import UnsettledError
from bot.store.port import Outcome
from content.catalog import Catalog
from tests.simulator.flow import step


def ids(person: Person) -> list[str]:
    """What the latest answer said, by id."""
    return [message.say_id for message in person.answer]


def test_a_message_is_answered_over_real_http(hanako: Person) -> None:
    """One signed webhook, one reply call, and the answer stands on the screen."""
    turn = hanako.say("やあ")

    assert (turn.status, [call.path for call in turn.calls]) == (200, ["/v2/bot/message/reply"])
    assert turn.calls[0].status == 200
    assert ids(hanako) == ["heard", "panel"]
    assert hanako.answer[0].text == "やあ、ですね"
    assert turn.messages == list(hanako.answer)


def test_the_webhook_is_answered_well_within_lines_two_seconds(hanako: Person) -> None:
    """The journal measures it, so that a slow turn can be seen."""
    assert 0 < hanako.say("やあ").seconds < 2


def test_what_the_app_remembers_is_known(hanako: Person) -> None:
    """Conversation and state, though the database holds only sealed bytes."""
    states = [hanako.state]
    hanako.say("やあ")
    states.append(hanako.state)

    assert states == ["", "choosing_service"]
    assert hanako.conversation is not None
    assert hanako.conversation.turn == 1


def test_forgetting_is_known_too(hanako: Person) -> None:
    """After an erasure nothing is remembered, and the goodbye still arrived."""
    hanako.say("やあ")
    turn = hanako.say("さようなら")

    assert ids(hanako) == ["goodbye"]
    assert hanako.conversation is None
    assert [told.outcome for told in turn.told.values()] == [Outcome.ERASED]


def test_blocking_forgets_and_shows_nothing(hanako: Person) -> None:
    """An unfollow is answered by nobody."""
    hanako.say("やあ")

    turn = hanako.unfollow()

    assert (turn.status, turn.calls, hanako.answer) == (200, [], ())
    assert hanako.conversation is None


def test_a_flow_with_nothing_to_say_settles_at_once(hanako: Person) -> None:
    """Waiting for an answer that was never promised would be a hang."""
    begun = time.monotonic()
    turn = hanako.say("だまって")

    assert (turn.calls, hanako.answer) == ([], ())
    assert time.monotonic() - begun < 5


def test_a_flow_that_fails_is_known_by_the_engines_own_words(hanako: Person) -> None:
    """Sentences of the engine have ids as well; the person stays where they were."""
    hanako.say("やあ")
    hanako.say("こわれて")

    assert ids(hanako) == ["fallback"]
    assert hanako.conversation is not None
    assert hanako.conversation.turn == 1


def test_a_message_line_refuses_is_seen_in_the_journal(hanako: Person) -> None:
    """The refusal with its reason, and then the plain sentence that takes its place."""
    turn = hanako.say("長すぎ")

    assert [call.status for call in turn.calls] == [400, 200]
    assert "messages[0].text" in str(turn.calls[0].said)
    assert ids(hanako) == ["answer_refused"]


def test_a_duplicate_changes_nothing_and_says_nothing(hanako: Person) -> None:
    """LINE's network may deliver an event twice without a word."""
    hanako.say("やあ")
    before = hanako.conversation

    turn = hanako.duplicate()

    assert (turn.status, turn.calls, hanako.conversation) == (200, [], before)
    assert turn.events[0]["deliveryContext"] == {"isRedelivery": False}


def test_a_redelivery_is_marked_and_changes_nothing(hanako: Person) -> None:
    """The same event id, so the same event."""
    first = hanako.say("やあ")

    turn = hanako.redeliver()

    assert turn.events[0]["webhookEventId"] == first.events[0]["webhookEventId"]
    assert turn.events[0]["deliveryContext"] == {"isRedelivery": True}
    assert (turn.status, turn.calls) == (200, [])


@pytest.mark.parametrize("fault", ["500", "500-after", "reset", "reset-after"])
def test_settling_waits_until_a_struck_answer_is_through(
    session: Session, hanako: Person, fault: str
) -> None:
    """The person reads the answer exactly once, however the call ended."""
    session.line.faults.inject(fault)

    turn = hanako.say("やあ")

    assert ids(hanako) == ["heard", "panel"]
    assert len(turn.calls) == 2


@pytest.mark.parametrize("fault", ["restart", "restart-after"])
def test_an_answer_outlives_the_app_that_gave_it(
    session: Session, hanako: Person, fault: str
) -> None:
    """Saved, but the app ends before it learns whether it was sent: the next one sees to it."""
    address = session.callback
    session.line.faults.inject(fault)

    hanako.say("やあ")

    assert session.callback != address
    assert ids(hanako) == ["heard", "panel"]
    assert hanako.conversation is not None
    assert hanako.conversation.turn == 1


def test_a_refused_message_is_said_plainly_once(session: Session, hanako: Person) -> None:
    """LINE takes nothing else of it; refused too, the plain sentence is given up."""
    session.troubles.inject("400")
    turn = hanako.say("やあ")
    assert ([call.status for call in turn.calls], ids(hanako)) == ([400, 200], ["answer_refused"])

    session.troubles.inject("400", 2)
    turn = hanako.say("やあ")
    assert ([call.status for call in turn.calls], ids(hanako)) == ([400, 400], [])
    assert hanako.conversation is not None
    assert hanako.conversation.turn == 2


def test_an_expired_token_silences_one_answer_and_loses_nothing(
    session: Session, hanako: Person
) -> None:
    """The bot may not push on its own: it tries once, and answers the next thing."""
    session.troubles.inject("expired")
    turn = hanako.say("やあ")

    assert ([call.status for call in turn.calls], ids(hanako)) == ([400], [])
    assert hanako.conversation is not None
    assert hanako.conversation.turn == 1
    hanako.say("おい")
    assert ids(hanako) == ["heard", "panel"]


def test_lines_own_test_of_the_webhook_reaches_the_app(session: Session) -> None:
    """Signed as everything is, and answered with 200."""
    assert session.line.webhook.knock is not None
    assert session.line.webhook.knock(b'{"destination":"x","events":[]}') == 200


def test_an_answer_that_never_ends_is_reported(session: Session, hanako: Person) -> None:
    """With what was waited for and the last calls; and it arrives when LINE is back."""
    session.line.faults.inject("500", 50)
    session.patience = 0.5
    try:
        with pytest.raises(UnsettledError, match=r"/v2/bot/message/reply → 500"):
            hanako.say("やあ")
    finally:
        session.patience = 20.0
        session.line.faults.clear()

    session.settle()
    assert len(hanako.answer) == 2


def test_an_erasure_ends_what_was_still_waiting(session: Session, hanako: Person) -> None:
    """An answer that could not be sent before is forgotten with the person, not sent after."""
    session.line.faults.inject("500", 50)
    session.patience = 0.3
    try:
        for words in ("やあ", "さようなら"):
            with pytest.raises(UnsettledError):
                hanako.say(words)
    finally:
        session.patience = 20.0
        session.line.faults.clear()

    session.settle()
    assert [message.text for message in hanako.seen if not message.mine] == ["記録を消しました"]


def test_time_can_be_made_to_pass_for_everybody(session: Session, hanako: Person) -> None:
    """What was due in it happens, and how much was waited in all is known."""
    before, waited = session.clock.now(), session.waited

    session.wait(timedelta(hours=3))

    assert session.clock.now() - before >= timedelta(hours=3)
    assert session.waited - waited == timedelta(hours=3)
    with pytest.raises(ValueError, match="backwards"):
        session.wait(timedelta(seconds=-1))


def test_the_app_goes_on_with_other_content_where_everybody_is(
    session: Session, hanako: Person, catalog: Catalog
) -> None:
    """As after a release: another app, the same database, nothing forgotten."""
    hanako.say("やあ")
    address = session.callback

    session.talk_about(replace(catalog, phrases={**catalog.phrases, "group": "もう一度"}))
    try:
        group = session.group()
        group.join()
        hanako.say("やあ")
        assert [message.text for message in group.answer] == ["もう一度"]
    finally:
        session.talk_about(catalog)

    assert session.callback != address
    assert hanako.conversation is not None
    assert hanako.conversation.turn == 2


def test_whoever_listens_hears_of_every_turn(session: Session, hanako: Person) -> None:
    """And no longer than they want to."""
    heard: list[int] = []
    stop = session.journal.listen(lambda: heard.append(len(hanako.seen)))
    hanako.say("やあ")
    stop()
    hanako.say("やあ")

    assert max(heard) == 3
    assert session.journal.turns[-1] in session.journal.of(hanako.id)


def test_nothing_is_left_when_a_session_ends(catalog: Catalog) -> None:
    """No thread, no socket; and the next one starts from nothing."""
    before = {thread.name for thread in threading.enumerate()}
    with Session(catalog=catalog, step=step, seed=9) as first:
        first.person("hanako").say("やあ")
        during = {thread.name for thread in threading.enumerate()}
    with Session(catalog=catalog, step=step, seed=9) as second:
        assert second.person("hanako").conversation is None

    assert {"app", "fake-line"} <= during
    assert {thread.name for thread in threading.enumerate()} <= before
