"""What somebody did, written down, is a talk that holds again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.simulator import travel
from bot.simulator.done import Deed
from bot.simulator.mail import LATE_BY
from bot.simulator.people import Person
from bot.simulator.session import Session
from bot.simulator.talk.format import Talk, read_talk
from bot.simulator.talk.holding import TalkFailedError, hold
from bot.simulator.talk.record import step_yaml, talk
from bot.simulator.talk.replay import replayed


def read(text: str, folder: Path, session: Session) -> Talk:
    """The one talk that *text* is."""
    path = folder / "recorded.talk.yaml"
    path.write_text(text, encoding="utf-8")
    [found] = read_talk(path, folder, session.catalog)
    return found


def test_a_recorded_conversation_holds_again(
    tmp_path: Path, session: Session, hanako: Person
) -> None:
    """Taps, words YAML could take for something else, stale buttons, repetitions."""
    hanako.follow()
    hanako.tap("ある")
    for words in ("no", "10:30", "えらんで"):
        hanako.say(words)
    hanako.tap("これにする", nth=2)
    hanako.tap("はい", of="panel", times=2)
    hanako.tap("文面をコピー", of="panel")
    hanako.send("sticker")
    hanako.unsend()
    hanako.redeliver()

    found = read(talk("記録: 一つめ", hanako.done), tmp_path, session)
    hold(found, session)

    assert found.title == "記録: 一つめ"
    assert [step.deed for step in found.steps if step.bot is None] == [
        *("follow", "tap", "say", "say", "say", "tap", "tap", "tap"),
        *("send", "unsend", "redeliver"),
    ]


def test_it_begins_at_the_hour_it_began_at(
    tmp_path: Path, session: Session, hanako: Person
) -> None:
    """What is said can depend on it."""
    turn = hanako.follow()

    found = read(talk("時刻", hanako.done), tmp_path, session)

    assert found.clock == turn.at.replace(microsecond=0)


def test_time_that_was_made_to_pass_is_written_before_the_next_deed(
    session: Session, hanako: Person
) -> None:
    """In the largest unit that tells it; what passes after the last deed matters to nobody."""
    hanako.follow()
    waits = []
    for time in (timedelta(days=2), timedelta(hours=36), timedelta(minutes=90)):
        session.wait(time)
        hanako.say("やあ")
        waits.append(step_yaml(hanako.done[-1]).splitlines()[0])
    session.wait(timedelta(days=1))

    assert waits == ["- wait: 2d", "- wait: 36h", "- wait: 90m"]
    assert "1d" not in talk("時間", hanako.done)


def test_faults_are_written_where_they_struck(session: Session, hanako: Person) -> None:
    """Not where they were arranged: somebody else may have come in between."""
    session.line.faults.inject("500", 2)
    hanako.follow()
    session.line.faults.inject("reset")
    hanako.say("やあ")

    first, second = (step_yaml(done).splitlines()[:2] for done in hanako.done)

    assert first == ["- fault:", '    kind: "500"']
    assert second == ['- fault: "reset"', "- say: やあ"]


def test_what_went_wrong_on_the_way_is_written_and_holds_again(
    tmp_path: Path, session: Session, hanako: Person
) -> None:
    """Held up, swapped, lost, delivered again, by hand and as time passes: each where it was."""
    hanako.follow()
    for word in ("delay", "drop", "lose", "slow"):
        session.troubles.inject(word)
        hanako.say(word)
        if word != "lose":
            hanako.arrive()
    session.troubles.inject("swap")
    hanako.say("一つめ")
    session.troubles.inject("500")
    hanako.say("二つめ")
    session.troubles.inject("delay", 2)
    hanako.say("三つめ")
    hanako.say("四つめ")
    session.troubles.inject("reset")
    session.wait(LATE_BY)
    hanako.tap("ない")

    written = talk("途中", hanako.done)
    found = read(written, tmp_path, session)
    hold(found, session)

    deeds = [step.deed for step in found.steps if step.bot is None]
    assert deeds == [
        "follow",
        *("fault", "say", "arrive", "fault", "say", "arrive", "fault", "say"),
        *("fault", "say", "arrive", "fault", "say", "fault", "say"),
        *("fault", "say", "fault", "say", "fault", "wait", "tap"),
    ]
    wait = next(place for place, step in enumerate(found.steps) if step.wait)
    # Of the two that arrive, the first is cut off with a token a minute old: was it sent or not?
    # What nobody can know the bot does not say again.
    assert found.steps[wait + 1].bot == ("heard", "panel")


def test_a_talk_fails_where_what_arrived_by_itself_is_not_looked_at(
    tmp_path: Path, session: Session, hanako: Person
) -> None:
    """Time that passes may bring answers, and whatever the bot says has to be expected."""
    session.troubles.inject("delay")
    hanako.say("やあ")
    session.wait(LATE_BY)
    written = talk("題", hanako.done)
    kept = written[: written.rindex("- bot:")] + "- say: もう一度\n"

    with pytest.raises(TalkFailedError, match="確かめていません: heard、panel"):
        hold(read(kept, tmp_path, session), session)


def test_what_was_undone_is_not_written(session: Session, hanako: Person) -> None:
    """A talk is what led to where somebody stands."""
    hanako.follow()
    hanako.say("取り消されるもの")

    back = travel.undo(session, hanako)

    assert "取り消される" not in talk("題", back.done)
    assert "follow" in talk("題", back.done)


def test_a_talk_is_held_once_with_somebody_new(session: Session, hanako: Person) -> None:
    """In a session of its own: people, clock and journal of this one are as they were."""
    hanako.follow()
    hanako.tap("ある")
    people, turns, now = len(session.people), len(session.journal.turns), session.clock.now()

    replay = replayed(session, hanako, "確かめる")

    assert (replay.problem, replay.name) == ("", "choosing_service.talk.yaml")
    assert replay.yaml.startswith("talk: 確かめる\n")
    assert (len(session.people), len(session.journal.turns)) == (people, turns)
    assert session.clock.now() >= now


def test_a_talk_that_does_not_hold_says_where(session: Session, hanako: Person) -> None:
    """File, line and reason, as a failing test would; here the label of a button was changed."""
    hanako.follow()
    hanako.tap("ある")
    hanako.done[1].deed = Deed("tap", "どこにもない")

    replay = replayed(session, hanako, "題")

    assert replay.problem.startswith("choosing_service.talk.yaml:7: 題")
    assert "「どこにもない」というボタンはありません" in replay.problem


def test_nothing_is_no_talk(session: Session, hanako: Person) -> None:
    """It says what to do first."""
    with pytest.raises(LookupError, match="話しかけてから"):
        replayed(session, hanako, "題")
