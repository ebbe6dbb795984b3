"""One step of the conversation: what was done, and what is answered. Pure, like all of flows/.

`step` is the only function the world calls. It reads an event into a move, makes the move if
it is offered, and shows where it leads. The rules for moves that the table cannot express,
because they work on the moves themselves, are here and in flows/moves.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from content.catalog import Catalog
from flows.cases import settled, still_known
from flows.conversation import LOBBY, Answer, Conversation, Event, Followed, Pressed, Say, Sent
from flows.hearing import heard
from flows.moves import (
    Outcome,
    arrive,
    here,
    mean_reason,
    mean_service,
    move,
    press,
    restart,
    start,
    stay,
    tell_apart,
    undo,
)
from flows.offers import offers
from flows.screens import again, screen
from flows.telling import line, phrase, saying
from flows.trail import take
from flows.turn import OTHER, Turn
from flows.understanding import (
    Command,
    Distress,
    ErasureAtService,
    Greeting,
    NamedLookalike,
    NamedService,
    PersonalData,
    Picked,
    SeveralServices,
    Unsupported,
)

AWAY = timedelta(hours=6)
"""After so long a silence an answer begins with a line of recap. Ours: about half a day."""

MOST_SAYS = 5
"""Messages in one reply (LINE reference, #send-reply-message)."""


def step(
    before: Conversation, event: Event, catalog: Catalog, now: datetime
) -> tuple[Conversation | None, list[Say]]:
    """Answer *event*: the conversation as it is now, and what to say.

    ``None`` instead of a conversation means: remember nothing about this person. *now* is
    aware and in Japan time. Never raises for anything a person can do.
    """
    before = still_known(before, catalog)
    turn = here(before, catalog, now)
    # Made now, because answering moves the turn on.
    recap = saying(turn, "welcome_back") if _was_away(before, now) else None
    outcome, missed = _answer(before, turn, event)
    says = list(outcome.says)
    if outcome.conversation is None:
        return None, says
    if before.turn == 0 and not isinstance(event, Pressed):
        says.insert(0, Say("greeting", catalog.phrases["greeting"]))
    elif recap and outcome.conversation.service == before.service and len(says) < MOST_SAYS:
        says.insert(0, recap)
    misses = before.misses + 1 if missed else 0
    after = replace(outcome.conversation, turn=before.turn + 1, misses=misses, last_seen=now)
    return after, says


def _was_away(before: Conversation, now: datetime) -> bool:
    """Whether somebody in the middle of a case comes back after a long silence."""
    seen = before.last_seen
    return seen is not None and now - seen >= AWAY and before.service != LOBBY


def _answer(before: Conversation, turn: Turn, event: Event) -> tuple[Outcome, bool]:
    """What comes of *event*, and whether it was not understood."""
    match event:
        case Followed():
            return Outcome(before, tuple(screen(turn))), False
        case Pressed():
            return press(before, turn, event), False
        case Sent(kind):
            key = f"sent_{kind}"
            key = key if key in turn.catalog.phrases else "sent_unknown"
            return stay(before, turn, saying(turn, key)), False
        case _:
            outcome = _read(before, turn, event.text)
            return outcome or _missed(before, turn), outcome is None


def _read(before: Conversation, turn: Turn, text: str) -> Outcome | None:
    """Words, read as a move; None if they mean nothing here."""
    catalog, now = turn.catalog, turn.now
    match heard(before, turn, text):
        case Picked(choice):
            if choice.press.state in ("choosing_service", "telling_apart"):
                return press(before, turn, choice.press)
            if choice.press.state != turn.state:  # only a reason is taken before it is asked for
                return mean_reason(before, turn, choice.press.argument)
            return move(before, turn, choice.press)
        case Command(name):
            return _command(before, turn, name)
        case NamedService(slug):
            return start(before, slug, catalog, now)
        case NamedLookalike(slug, key):
            return tell_apart(before, f"{slug}/{key}", catalog, now)
        case SeveralServices(slugs):
            return tell_apart(before, "+".join(slugs), catalog, now)
        case Unsupported():
            return start(before, OTHER, catalog, now, saying(turn, "unsupported"))
        case ErasureAtService(slug):
            return mean_service(before, catalog, now, slug)
        case Distress():
            return stay(before, turn, _distress(turn))
        case PersonalData():
            return stay(before, turn, saying(turn, "personal_data"))
        case Greeting():
            return stay(before, turn)
        case _:
            return None


def _command(before: Conversation, turn: Turn, name: str) -> Outcome:
    """A word that works everywhere."""
    if name == "back":
        return undo(before, turn)
    if name == "restart":
        return restart(before, turn.catalog, turn.now)
    if name == "help":
        return stay(before, turn, saying(turn, "help"))
    before = settled(before)  # 状況 and データを消す do not stand on one another
    turn = here(before, turn.catalog, turn.now)
    if name == "review" and turn.slug == LOBBY:
        return stay(before, turn, _begun(before, turn))
    if take(turn, Answer(turn.state, name)):
        return arrive(before, turn)
    return stay(before, turn)


def _begun(before: Conversation, turn: Turn) -> Say:
    """状況 in the list of services: the cases that wait, or that there is none."""
    waiting = [turn.catalog.services[slug].name for slug in before.cases if slug != LOBBY]
    if not waiting:
        return Say("nothing_started", line(turn, "reviewing_answers", "nothing"))
    return Say(
        "cases_waiting",
        "\n".join(line(turn, "choosing_service", "continue", service=name) for name in waiting),
    )


def _missed(before: Conversation, turn: Turn) -> Outcome:
    """Not understood: other words, then examples, then a way out; never twice the same."""
    times = before.misses + 1
    number = times if times <= 3 else 4 + times % 2
    said = saying(turn, f"miss_{number}")
    if number == 1:
        return stay(before, turn, said)
    if number == 2:
        return Outcome(before, (said, again(turn, reworded=False)))
    return Outcome(before, (replace(said, choices=tuple(offers(turn))),))


def _distress(turn: Turn) -> Say:
    """A short human line with public desks; the task waits."""
    lines = [
        phrase(turn, "desk", name=desk.name, phone=desk.phone, hours=desk.hours)
        for desk in turn.catalog.desks.values()
        if desk.purpose == "distress"
    ]
    lines.append(phrase(turn, "desk_age"))
    return saying(turn, "distress", desks="\n".join(lines))
