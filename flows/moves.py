"""Moves that work on a person's moves: starting a case, an old button, undoing, changing.

Each takes the conversation as it is and gives an `Outcome`: the conversation as it becomes,
and everything that is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from content.catalog import Catalog
from flows.cases import forget_case, settled, still_known, turned_to, with_trail
from flows.conversation import LOBBY, Answer, Conversation, Pressed, Say
from flows.early_reason import reason_given
from flows.letters import copy_card, hand_over, warnings_before
from flows.offers import is_known, is_offered, offers
from flows.screens import again, anywhere, screen
from flows.screens.after import topic
from flows.screens.question import asked
from flows.telling import line, saying
from flows.trail import play, take
from flows.turn import ERASE_DATA, LOOKS, OVER, TOLD_IN_PLACE, Turn

_BEFORE_THE_REASON = ("choosing_service", "checking_selection", "checking_interview",
                      "handling_selection", "checking_reward", "checking_job_found",
                      "checking_job_route", "checking_claim", "stopping_for_reward",
                      "claiming_reward")  # fmt: skip
"""States whose answers stand, whatever the reason is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The conversation after a move (None: forget the person) and everything that is said."""

    conversation: Conversation | None
    says: tuple[Say, ...]


def here(conversation: Conversation, catalog: Catalog, now: datetime) -> Turn:
    """Where the person stands, by the content of today."""
    conversation = still_known(conversation, catalog)
    return play(
        catalog,
        conversation.service,
        conversation.trail,
        now,
        conversation.meant,
        conversation.turn + 1,
    )


def arrive(conversation: Conversation, turn: Turn, *before: Say) -> Outcome:
    """The person is at *turn* now: say *before*, then show its screen."""
    conversation, turn = reason_given(conversation, turn)
    return Outcome(with_trail(conversation, turn), (*before, *screen(turn)))


def stay(conversation: Conversation, turn: Turn, *before: Say) -> Outcome:
    """Nothing changed: say *before*, then ask the current question again."""
    return Outcome(conversation, (*before, again(turn)))


# --- starting --------------------------------------------------------------------------------


def start(
    conversation: Conversation, argument: str, catalog: Catalog, now: datetime, *before: Say
) -> Outcome:
    """Begin the case of a service ("slug", or "slug/look-alike"), or go on with it."""
    slug = argument.split("/")[0]
    conversation = turned_to(conversation, slug)
    turn = here(conversation, catalog, now)
    if turn.trail and turn.state != OVER:
        return stay(conversation, turn, *before, saying(turn, "resumed"))
    conversation = replace(forget_case(conversation, slug), service=slug)
    turn = here(conversation, catalog, now)
    take(turn, Answer("choosing_service", "choose", argument))
    return arrive(conversation, turn, *before, *anywhere.notice(turn))


def tell_apart(
    conversation: Conversation, named: str, catalog: Catalog, now: datetime, *before: Say
) -> Outcome:
    """A doubtful name: ask which one is meant. The case in hand waits."""
    conversation = settled(conversation)
    asked_back = Answer("choosing_service", "ask_back", named)
    turn = play(catalog, LOBBY, [asked_back], now, conversation.meant, conversation.turn + 1)
    return arrive(conversation, turn, *before)


def restart(conversation: Conversation, catalog: Catalog, now: datetime) -> Outcome:
    """Every answer is cleared."""
    fresh = Conversation(turn=conversation.turn)
    turn = here(fresh, catalog, now)
    return arrive(fresh, turn, saying(turn, "restarted"))


# --- pressing --------------------------------------------------------------------------------


def press(conversation: Conversation, turn: Turn, pressed: Pressed) -> Outcome:
    """A button, of any age: make its move, or resume where it stood, or explain."""
    catalog, now = turn.catalog, turn.now
    if pressed.trigger == "agree" and conversation.turn == 0:
        return Outcome(None, (Say("erased", catalog.phrases["erased"]),))  # a double tap
    if pressed.state in ("choosing_service", "telling_apart") and pressed.service == LOBBY:
        if pressed.trigger == "choose" and pressed.argument.split("/")[0] in catalog.services:
            return start(conversation, pressed.argument, catalog, now)
        if pressed.trigger == "ask_back" and is_known(catalog, pressed.argument):
            return tell_apart(conversation, pressed.argument, catalog, now)
    before: list[Say] = []
    if pressed.service != conversation.service and pressed.service in conversation.cases:
        conversation = turned_to(conversation, pressed.service)
        turn = here(conversation, catalog, now)
        before.append(saying(turn, "old_button_resumes"))
    if pressed.service != conversation.service:
        return stay(conversation, turn, saying(turn, "old_button_gone"))
    if pressed.state == turn.state:
        return move(conversation, turn, pressed, *before)
    return _old(conversation, turn, pressed, *before)


def move(conversation: Conversation, turn: Turn, pressed: Pressed, *before: Say) -> Outcome:
    """A press in the current question."""
    made = Answer(pressed.state, pressed.trigger, pressed.argument)
    match pressed.trigger:
        case "back":
            return undo(conversation, turn)
        case "agree" if turn.state == "confirming_erasure":
            return Outcome(None, (Say("erased", turn.catalog.phrases["erased"]),))
        case "mean_service" if turn.state == "confirming_erasure":
            return mean_service(conversation, turn.catalog, turn.now)
        case "change" if is_offered(turn, made):
            return change(conversation, turn, pressed.argument)
    if not take(turn, made):
        return stay(conversation, turn, saying(turn, "old_button_gone"))
    if pressed.trigger in TOLD_IN_PLACE:
        return aside(conversation, turn, turn, pressed, *before)
    if pressed.trigger == "choose_other":
        fresh = forget_case(conversation, conversation.service)
        return arrive(fresh, here(fresh, turn.catalog, turn.now), *before)
    if conversation.later and made.trigger not in LOOKS:
        for later in conversation.later[1:]:
            take(turn, later)  # what no longer fits belongs to the abandoned branch
        conversation = replace(conversation, later=())
        before = (*before, saying(turn, "changed"))
    return arrive(conversation, turn, *before)


def aside(
    conversation: Conversation, turn: Turn, seen_from: Turn, pressed: Pressed, *before: Say
) -> Outcome:
    """A letter or a topic, looked at without leaving the current question of *turn*."""
    choices = tuple(offers(turn))
    if pressed.trigger == "read_topic":
        says = (*topic(seen_from, pressed.argument), again(turn))
        return Outcome(conversation, (*before, *says))
    card = copy_card(seen_from, pressed.argument, asked(turn, "again"))
    last = Say(turn.state, cards=(card,), choices=choices)
    letter = hand_over(seen_from, pressed.argument, warnings_before(seen_from, pressed.argument))
    return Outcome(conversation, (*before, *letter, last))


def _old(conversation: Conversation, turn: Turn, pressed: Pressed, *before: Say) -> Outcome:
    """A button of a question that was answered before."""
    states = [made.state for made in turn.trail]
    if pressed.state not in states:
        return stay(conversation, turn, saying(turn, "old_button_gone"))
    index = states.index(pressed.state)
    made, again_ = turn.trail[index], Answer(pressed.state, pressed.trigger, pressed.argument)
    if made == again_ or pressed.trigger == "back":
        # The second tap of a double tap, or a late one: the answer stands.
        return stay(conversation, turn, *before, saying(turn, "old_button_kept"))
    past = play(turn.catalog, turn.slug, turn.trail[:index], turn.now, turn.meant, turn.number)
    if pressed.trigger in TOLD_IN_PLACE and take(past, again_):
        return aside(conversation, turn, past, pressed, *before)
    resumed = saying(past, "old_button_resumes")
    if not take(past, again_):
        return stay(conversation, turn, saying(turn, "old_button_gone"))
    return arrive(replace(conversation, later=()), past, *(before or [resumed]))


# --- undoing and changing --------------------------------------------------------------------


def undo(conversation: Conversation, turn: Turn) -> Outcome:
    """One answer back. While an answer is being changed: leave it as it was."""
    looked = bool(turn.trail) and turn.trail[-1].trigger in LOOKS
    if conversation.later and not looked:
        conversation = settled(conversation)
        turn = here(conversation, turn.catalog, turn.now)
        return Outcome(conversation, (saying(turn, "undone"), *screen(turn)))
    if not turn.trail:
        return stay(conversation, turn, saying(turn, "nothing_before"))
    back = play(turn.catalog, turn.slug, turn.trail[:-1], turn.now, turn.meant, turn.number)
    said = () if looked else (saying(turn, "undone"),)
    if not back.trail:
        conversation = forget_case(conversation, turn.slug)
        back = here(conversation, turn.catalog, turn.now)
    return arrive(conversation, back, *said)


def change(conversation: Conversation, turn: Turn, state: str) -> Outcome:
    """Ask *state* again; the answers after it wait, and those that still fit are kept."""
    conversation = settled(conversation)
    trail = conversation.trail
    index = [made.state for made in trail].index(state)
    past = play(turn.catalog, turn.slug, trail[:index], turn.now, turn.meant, turn.number)
    waiting = replace(with_trail(conversation, past), service=turn.slug, later=trail[index:])
    return Outcome(waiting, tuple(screen(past)))


def mean_service(
    conversation: Conversation, catalog: Catalog, now: datetime, slug: str = ""
) -> Outcome:
    """A service's data is meant, not ours: take the person to that reason.

    *slug* is the service that was named with it; without one it is the service in hand.
    """
    conversation = turned_to(conversation, slug) if slug else settled(conversation)
    conversation = replace(conversation, meant=ERASE_DATA)
    answers = [made for made in conversation.trail if made.state in _BEFORE_THE_REASON]
    answers = [made for made in answers if made.trigger not in LOOKS]
    is_new = slug != "" and not answers
    if is_new:
        answers = [Answer("choosing_service", "choose", slug)]
    turn = play(catalog, conversation.service, answers, now, ERASE_DATA, conversation.turn + 1)
    said = saying(turn, "means_service")
    return arrive(conversation, turn, said, *(anywhere.notice(turn) if is_new else ()))


def mean_reason(conversation: Conversation, turn: Turn, reason: str) -> Outcome:
    """*reason* was told before it is asked for: remember it, and ask the current question again."""
    conversation = replace(conversation, meant=reason)
    turn = here(conversation, turn.catalog, turn.now)
    label = turn.catalog.reasons[reason]
    said = Say("means_reason", line(turn, "giving_reason", "meant", reason=label))
    return stay(conversation, turn, said)
