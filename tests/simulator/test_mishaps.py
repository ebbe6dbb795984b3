"""What goes wrong with a webhook on its way to the bot: it comes late, twice, or never."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.simulator import travel
from bot.simulator.fake_line.mishaps import Mishap
from bot.simulator.jump import jump
from bot.simulator.mail import LATE_BY
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.store.port import Outcome
from content.catalog import Catalog


@pytest.fixture(scope="module")
def real(catalog: Catalog) -> Iterator[Session]:
    """The real app with the real flow."""
    with Session(catalog=catalog, seed=3) as session:
        yield session


def heard(person: Person) -> list[str]:
    """What the bot has understood somebody to say, in its order."""
    texts = [message.text for message in person.seen if message.say_id == "heard"]
    return [text.removesuffix("、ですね") for text in texts]


def outcomes(person: Person) -> list[Outcome]:
    """What became of each webhook of the last two deeds."""
    turns = [done.turn for done in person.done[-2:] if done.turn]
    return [told.outcome for turn in turns for told in turn.told.values()]


def test_two_swapped_events_arrive_the_second_first(session: Session, hanako: Person) -> None:
    """The first right behind the second, which makes it late: the bot only asks again."""
    session.troubles.inject("swap")

    held = hanako.say("一つめ")
    assert (held.mishap, held.status, hanako.answer) == (Mishap.SWAP, 0, ())
    hanako.say("二つめ")

    assert [done.deed.name for done in hanako.done] == ["say", "say", "arrive"]
    assert heard(hanako)[0] == "二つめ"
    assert outcomes(hanako) == [Outcome.APPLIED, Outcome.LATE]
    assert hanako.mail.held == ()


def test_a_delayed_event_arrives_when_it_is_told_to(session: Session, hanako: Person) -> None:
    """Until then the bot knows nothing of it; then it is an event like any other."""
    session.troubles.inject("delay")
    held = hanako.say("やあ")

    assert (held.calls, hanako.conversation) == ([], None)
    assert hanako.mail.unread == {hanako.seen[0].id}
    arrived = hanako.arrive()

    assert arrived.events == held.events
    assert (arrived.status, heard(hanako), hanako.mail.unread) == (200, ["やあ"], frozenset())
    with pytest.raises(LookupError, match="届く途中のものはありません"):
        hanako.arrive()


def test_what_is_late_arrives_by_itself_as_time_passes(session: Session, hanako: Person) -> None:
    """Not before its time; how long it really took to get there makes no difference."""
    session.troubles.inject("delay", 2)
    hanako.say("一つめ")
    hanako.say("二つめ")

    session.wait(LATE_BY - timedelta(seconds=1))
    assert (heard(hanako), len(hanako.mail.held)) == ([], 2)
    session.wait(timedelta(seconds=1))

    assert heard(hanako) == ["一つめ", "二つめ"]
    assert [message.text for message in hanako.answer][::2] == ["一つめ、ですね", "二つめ、ですね"]
    assert [done.by_itself for done in hanako.done] == [False, False, True, True]


def test_a_dropped_event_is_redelivered(session: Session, hanako: Person) -> None:
    """Marked as what it is, with the id it had; for the bot it is the first it hears of it."""
    session.troubles.inject("drop")
    dropped = hanako.say("やあ")
    arrived = hanako.arrive()

    [first], [again] = dropped.events, arrived.events
    assert again["webhookEventId"] == first["webhookEventId"]
    assert again["deliveryContext"] == {"isRedelivery": True}
    assert heard(hanako) == ["やあ"]


def test_a_lost_event_never_arrives(session: Session, hanako: Person) -> None:
    """Whatever time passes. Delivered again by hand, it is found."""
    session.troubles.inject("lose")
    hanako.say("やあ")
    session.wait(timedelta(days=1))

    assert (hanako.mail.held, heard(hanako)) == ((), [])
    assert hanako.mail.unread == {hanako.seen[0].id}
    hanako.say("おい")
    assert heard(hanako) == ["おい"]
    assert len(hanako.mail.unread) == 1


def test_a_slow_webhook_is_answered_and_delivered_again(session: Session, hanako: Person) -> None:
    """LINE did not wait for the 200: the bot has done its work, and the repeat changes nothing."""
    session.troubles.inject("slow")
    turn = hanako.say("やあ")

    assert (turn.mishap, turn.status, heard(hanako)) == (Mishap.SLOW, 200, ["やあ"])
    assert hanako.mail.unread == frozenset()
    before = hanako.conversation
    again = hanako.arrive()

    assert again.events[0]["deliveryContext"] == {"isRedelivery": True}
    assert (again.status, again.calls, hanako.conversation) == (200, [], before)


def test_what_arrives_a_day_late_is_not_answered(session: Session, hanako: Person) -> None:
    """Its reply token is dead and the bot would not push: it is stored, and nothing is said."""
    session.troubles.inject("delay")
    hanako.say("やあ")

    session.wait(timedelta(hours=25))

    assert (outcomes(hanako), hanako.answer) == ([Outcome.STALE], ())


def test_what_is_held_up_can_be_delivered_twice(session: Session, hanako: Person) -> None:
    """LINE delivers it again before the first has arrived: one answer all the same."""
    session.troubles.inject("delay")
    hanako.say("やあ")
    hanako.redeliver()
    assert (heard(hanako), hanako.mail.unread) == (["やあ"], frozenset())

    late = hanako.arrive()

    assert (late.status, late.calls, heard(hanako)) == (200, [], ["やあ"])


def test_nobody_else_meets_it(session: Session, hanako: Person) -> None:
    """Mishaps strike what people do: not what LINE repeats, nor the way to a state."""
    hanako.say("やあ")
    session.troubles.inject("lose")

    assert hanako.duplicate().status == 200
    assert session.group().join().status == 200
    assert session.troubles.waiting == ((Mishap.LOSE, 1),)
    assert hanako.say("おい").mishap is Mishap.LOSE


def test_mending_lets_everything_through_but_what_is_held_up(
    session: Session, hanako: Person
) -> None:
    """That is on its way, and still arrives."""
    session.troubles.inject("delay", 5)
    hanako.say("一つめ")
    session.troubles.clear()
    hanako.say("二つめ")

    assert heard(hanako) == ["二つめ"]
    assert len(hanako.mail.held) == 1


# --- going elsewhere with something on its way ---------------------------------------------------


def test_undo_takes_back_what_was_on_its_way(session: Session, hanako: Person) -> None:
    """It was never sent; nothing of it reaches the new account."""
    hanako.say("やあ")
    session.troubles.inject("delay")
    hanako.say("消えるもの")

    back = travel.undo(session, hanako)
    session.wait(LATE_BY)

    assert (back.mail.held, heard(back)) == ((), ["やあ"])


def test_undoing_the_arrival_puts_it_on_its_way_again(session: Session, hanako: Person) -> None:
    """In the new account's name, so that it arrives as something the bot has not had."""
    hanako.say("やあ")
    session.troubles.inject("delay")
    hanako.say("遅れたもの")
    hanako.arrive()

    back = travel.undo(session, hanako)
    assert (heard(back), len(back.mail.held)) == (["やあ"], 1)
    assert back.mail.unread == {back.seen[-1].id}
    turn = back.arrive()

    assert heard(back) == ["やあ", "遅れたもの"]
    assert [told.outcome for told in turn.told.values()] == [Outcome.APPLIED]
    assert turn.events[0]["source"]["userId"] == back.id


def test_what_was_overtaken_stays_so_after_a_fork(session: Session, hanako: Person) -> None:
    """For the one beside it is as late as it is for the first."""
    hanako.say("やあ")
    session.troubles.inject("delay")
    hanako.say("一つめ")
    hanako.say("二つめ")

    beside = travel.fork(session, hanako, "beside")

    for person in (hanako, beside):
        [told] = person.arrive().told.values()
        assert told.outcome is Outcome.LATE


def test_a_redelivery_of_what_is_done_does_not_follow_into_another_account(
    session: Session, hanako: Person
) -> None:
    """There it would be new, and be done a second time."""
    session.troubles.inject("slow")
    hanako.say("やあ")

    beside = travel.fork(session, hanako, "beside")

    assert (len(hanako.mail.held), beside.mail.held) == (1, ())


def test_a_jump_goes_its_way_and_leaves_the_mishap_for_later(real: Session) -> None:
    """All that was arranged meets what is done there."""
    real.troubles.inject("delay")

    person = jump(real, "jumper", "checking_reward", "yakukyari")

    assert person.state == "checking_reward"
    assert person.tap("残っている") is not None
    assert (person.state, len(person.mail.held)) == ("checking_reward", 1)
    real.troubles.clear()


def test_other_content_is_talked_about_when_what_was_held_up_arrives(real: Session) -> None:
    """A new release in between changes nothing for who waits."""
    person = real.newcomer("waiting")
    person.follow()
    real.troubles.inject("drop")
    person.say("薬キャリ")

    real.talk_about(real.catalog)
    person.arrive()

    assert person.state == "checking_selection"


def test_time_that_passed_before_an_undo_is_waited_for_in_a_talk(
    session: Session, hanako: Person
) -> None:
    """It stays passed, so whoever holds the talk has to let it pass too."""
    hanako.follow()
    session.wait(timedelta(days=3))
    hanako.say("取り消す")

    back = travel.undo(session, hanako)
    back.say("やあ")

    assert back.done[-1].waited == timedelta(days=3)


@pytest.mark.parametrize(
    ("word", "times", "sentence"),
    [
        ("dely", 1, "「dely」という故障はありません。delay のことですか。"),
        ("404", 1, "使えるもの：400・expired・401"),
        ("delay", 0, "回数は1以上"),
    ],
)
def test_what_there_is_not_cannot_be_arranged(
    session: Session, word: str, times: int, sentence: str
) -> None:
    """The sentence tells what there is, and what was probably meant."""
    with pytest.raises(ValueError, match=r"故障|回数") as refused:
        session.troubles.inject(word, times)

    assert sentence in str(refused.value)
    assert session.troubles.waiting == ()
