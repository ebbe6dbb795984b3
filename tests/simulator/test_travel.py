"""Going back: what a person did is undone on their phone and in the bot's memory alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.simulator import travel
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.settling import UnsettledError


def texts(person: Person) -> list[str]:
    """Everything that stands on the screen, taken back or not."""
    return [message.text for message in person.seen]


def test_undo_brings_back_screen_and_memory(session: Session, hanako: Person) -> None:
    """Exactly those of before: the same messages with the same ids, the same conversation."""
    hanako.follow()
    hanako.tap("ある")
    seen, remembered = [message.id for message in hanako.seen], hanako.conversation
    hanako.say("やあ")

    back = travel.undo(session, hanako)

    assert [message.id for message in back.seen] == seen
    assert back.conversation == remembered
    assert back.state == "choosing_service"
    assert [done.deed.name for done in back.done] == ["follow", "tap"]
    assert session.person(hanako.name) is back


def test_after_undoing_one_goes_on_as_if_nothing_had_been(session: Session, hanako: Person) -> None:
    """The quick replies that the tap took away are there again; the bot counts on from there."""
    hanako.follow()
    hanako.tap("ある")

    back = travel.undo(session, hanako)
    back.tap("ない")

    assert [message.text for message in back.answer] == ["いいえ1"]
    assert back.conversation is not None
    assert back.conversation.turn == 2


def test_the_very_first_deed_can_be_undone(session: Session, hanako: Person) -> None:
    """Then the bot has never heard of the person, and there is nothing more to undo."""
    hanako.follow()

    back = travel.undo(session, hanako)

    assert (back.seen, back.conversation, back.account.friend) == ((), None, False)
    with pytest.raises(LookupError, match="取り消せることがありません"):
        travel.undo(session, back)


def test_what_was_forgotten_is_remembered_again(session: Session, hanako: Person) -> None:
    """An erasure can be undone like anything else."""
    hanako.say("やあ")
    hanako.say("さようなら")
    assert hanako.conversation is None

    back = travel.undo(session, hanako)

    assert back.conversation is not None
    assert back.conversation.turn == 1


def test_a_block_and_an_unsent_message_come_back(session: Session, hanako: Person) -> None:
    """What is on the phone besides messages: friendship, what was taken back, the clipboard."""
    hanako.follow()
    hanako.say("やあ")
    hanako.tap("文面をコピー")
    hanako.unsend()
    hanako.unfollow()

    before_block = travel.undo(session, hanako)
    before_unsend = travel.back(session, before_block, 3)
    before_copy = travel.back(session, before_block, 2)

    assert before_block.account.friend
    assert not before_block.account.blocked
    assert [message.unsent for message in before_block.seen if message.mine] == [True]
    assert [message.unsent for message in before_unsend.seen if message.mine] == [False]
    assert (before_unsend.clipboard != "", before_copy.clipboard) == (True, "")


def test_going_back_does_not_depend_on_how_long_it_took(session: Session, hanako: Person) -> None:
    """Nothing is done again, so days between two deeds change nothing; time itself goes on."""
    hanako.follow()
    session.wait(timedelta(days=3))
    hanako.say("やあ")
    before, welcome = session.clock.now(), texts(hanako)[:1]

    back = travel.undo(session, hanako)

    assert texts(back) == welcome
    assert session.clock.now() >= before


def test_two_go_on_apart_after_a_fork(session: Session, hanako: Person) -> None:
    """The one beside has done the same until then; what either does from there is their own."""
    hanako.follow()
    hanako.say("やあ")

    beside = travel.fork(session, hanako, "beside", 1)
    beside.tap("ある")
    hanako.tap("はい")

    assert [message.text for message in beside.answer] == ["はい1"]
    assert [message.text for message in hanako.answer] == ["2"]
    assert texts(hanako)[1] == "やあ"
    assert "やあ" not in texts(beside)
    assert session.person(hanako.name) is hanako


def test_a_fork_without_a_number_stands_where_the_person_stands(
    session: Session, hanako: Person
) -> None:
    """All was done by both."""
    hanako.follow()
    hanako.say("やあ")

    beside = travel.fork(session, hanako, "beside")

    assert texts(beside) == texts(hanako)
    assert beside.conversation == hanako.conversation


def test_nobody_can_go_where_they_have_not_been(session: Session, hanako: Person) -> None:
    """Neither beyond what was done nor before the beginning; and nobody new appears for it."""
    hanako.follow()
    for deeds in (2, -1):
        with pytest.raises(LookupError, match="戻れる"):
            travel.back(session, hanako, deeds)

    assert session.person(hanako.name) is hanako


def test_a_message_that_comes_late_does_not_reach_who_went_back(
    session: Session, hanako: Person
) -> None:
    """LINE's ids belong to the account one left; the answer to what was undone is not shown."""
    hanako.follow()
    session.line.faults.inject("500", 50)
    session.patience = 0.3
    try:
        with pytest.raises(UnsettledError):
            hanako.say("やあ")
        back = travel.undo(session, hanako)
    finally:
        session.patience = 20.0
        session.line.faults.clear()
    session.settle()

    assert texts(hanako)[-2] == "やあ、ですね"
    assert len(back.seen) == 1
    with pytest.raises(LookupError):
        back.redeliver()
