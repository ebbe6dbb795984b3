"""What may arrive besides words from one person: each is met as LINE's reference asks."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.simulator import envelope, happenings
from bot.simulator.people import Person
from bot.simulator.rhythm import BREATH
from bot.simulator.session import Session
from bot.store.port import Outcome
from bot.store.rules import CROWD_LIMIT


def test_a_badly_signed_or_unsigned_webhook_is_refused(session: Session) -> None:
    """401 from the real route; nothing comes of it."""
    body = envelope.body(session.destination, [])

    assert session.post(body, None) == 401
    assert session.post(body, envelope.sign("somebody else's secret", body)) == 401


def test_lines_check_of_the_url_is_answered_with_200(session: Session) -> None:
    """An envelope without events."""
    assert session.deliver([]).status == 200


def test_several_people_in_one_webhook_are_each_answered(session: Session) -> None:
    """LINE may put events of different people into one body."""
    people = [session.newcomer("taro"), session.newcomer("jiro")]
    words = ("一つ", "二つ")
    events = [
        session.event(happenings.text(word, session.mint), envelope.person(p.id), p.id)
        for p, word in zip(people, words, strict=True)
    ]
    turn = session.deliver(events)

    assert [p.answer[0].text for p in people] == ["一つ、ですね", "二つ、ですね"]
    assert len(turn.calls) == 2


def test_people_do_not_see_each_others_answers(session: Session) -> None:
    """Two at once, each with a screen of their own."""
    people = [session.newcomer(f"p{number}") for number in range(4)]

    threads = [threading.Thread(target=person.say, args=[person.name]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [p.answer[0].text for p in people] == [f"p{n}、ですね" for n in range(4)]


def test_a_group_gets_one_polite_line(session: Session, hanako: Person) -> None:
    """On joining; what is said in it afterwards is not answered."""
    group = session.group()
    group.join()
    assert [message.say_id for message in group.answer] == ["group"]

    group.say(hanako, "やあ")
    assert (group.answer, hanako.seen) == ((), ())


@pytest.mark.parametrize("kind", happenings.SENDABLE)
def test_whatever_is_sent_is_answered(hanako: Person, kind: str) -> None:
    """Also what LINE has not invented yet."""
    hanako.send(kind)

    assert [message.say_id for message in hanako.answer] == [
        f"sent:{'unknown' if kind == 'hologram' else kind}"
    ]


def test_events_nobody_waits_on_are_met_with_silence(hanako: Person) -> None:
    """A beacon, an account link, an unknown event, a chat another bot holds, a recall."""
    hanako.meet("beacon")
    hanako.meet("account_link")
    hanako.meet("unheard_of")
    hanako.aside("もう一人のボットへ")
    hanako.say("だまって")
    turn = hanako.unsend()

    assert turn.events[0]["unsend"]["messageId"] == hanako.seen[-1].id
    assert hanako.seen[-1].unsent
    assert not [message for message in hanako.seen if not message.mine]


def test_the_clock_is_the_apps_clock(session: Session, hanako: Person) -> None:
    """Events bear its time, and a day passes when it is told to."""
    first = hanako.say("やあ").events[0]["timestamp"]
    session.clock.advance(timedelta(days=1))
    second = hanako.say("やあ").events[0]["timestamp"]

    assert 86_400_000 <= second - first < 86_400_000 + 60_000
    assert [message.say_id for message in hanako.answer] == ["heard", "panel"]


def test_no_two_events_of_a_chat_share_a_millisecond(session: Session, hanako: Person) -> None:
    """Even while the clock stands still, what comes later is later."""
    session.clock.freeze()
    words = happenings.text("だまって", session.mint)

    stamps = [
        session.event(words, envelope.person(hanako.id), hanako.id)["timestamp"] for _ in range(3)
    ]

    assert stamps == [stamps[0], stamps[0] + 1, stamps[0] + 2]


def test_people_take_a_breath_between_two_things_they_do(session: Session, hanako: Person) -> None:
    """However fast a test writes: or the bot would take it for a flood, and answer once."""
    session.clock.freeze()
    begun = session.clock.now()

    for _ in range(3 * CROWD_LIMIT):
        hanako.say("やあ")
        assert hanako.answer[0].say_id == "heard"

    assert session.clock.now() - begun == (3 * CROWD_LIMIT - 1) * BREATH


def test_what_comes_at_once_is_a_flood(session: Session, hanako: Person) -> None:
    """The same button a hundred times, in one webhook: one answer to all beyond the limit."""
    hanako.follow()

    turn = hanako.tap("ない", times=100)

    assert turn is not None
    outcomes = [told.outcome for told in turn.told.values()]
    assert outcomes.count(Outcome.COALESCED) == 100 + 1 - CROWD_LIMIT
    assert [message.say_id for message in turn.messages].count("crowded") == 1
    hanako.say("やあ")
    assert hanako.answer[0].say_id == "heard"
