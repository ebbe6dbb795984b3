"""What one step did and why: how an event was understood, which row it moved along, which guards
said no. Worked out afterwards from what went in and came out, so the step itself knows nothing
of being watched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from content.catalog import Catalog
from flows.conversation import Answer, Conversation, Event, Followed, Pressed, Sent
from flows.hearing import heard
from flows.machine import Try
from flows.moves import here
from flows.trail import play, take
from flows.turn import TOLD_IN_PLACE, Turn
from flows.understanding import (
    Command,
    NamedLookalike,
    NamedService,
    Picked,
    Reading,
    SeveralServices,
)
from flows.withdrawal import TABLE

LOBBY_STATE = TABLE.initial


@dataclass(frozen=True, slots=True)
class Trace:
    """One step, seen from outside.

    ``event`` is what was done; ``reading`` how words were understood, None where there were none.
    ``before`` and ``after`` are the states, "" for nobody. ``move`` is what was asked of the
    table, if anything was, and ``tries`` the rows it tried, from the top; none where the move is
    not one of the table's, such as going back.
    """

    event: Event
    reading: Reading | None
    before: str
    after: str
    move: Answer | None
    tries: tuple[Try, ...]

    @property
    def fired(self) -> int | None:
        """The number of the row that was taken, None for none."""
        return self.tries[-1].row if self.tries and self.tries[-1].passed else None


def trace(
    before: Conversation,
    event: Event,
    after: Conversation | None,
    catalog: Catalog,
    now: datetime,
) -> Trace:
    """What `flows.step.step` did with *event*, given what it was given and what it gave."""
    turn = here(before, catalog, now)
    stood = turn.state  # making a move moves the turn
    reading: Reading | None = None
    if not isinstance(event, Pressed | Sent | Followed):
        reading = heard(before, turn, event.text)
    stands = "" if after is None else here(after, catalog, now).state
    asked = _asked(turn, event, reading)
    tries: tuple[Try, ...] = ()
    if asked is not None:
        place, move = asked
        tries = _tries(place, move, stands)
    return Trace(event, reading, stood, stands, asked[1] if asked else None, tries)


def _asked(turn: Turn, event: Event, reading: Reading | None) -> tuple[Turn, Answer] | None:
    """The move that *event* asks for, and the place to try it from."""
    match event, reading:
        case Pressed() as pressed, _:
            return _from(turn, pressed.service, _answer(pressed))
        case _, Picked(choice) if choice.press.state == turn.state:
            return _from(turn, choice.press.service, _answer(choice.press))
        case _, Command(name) if name in ("review", "erase"):
            return turn, Answer(turn.state, name)
        case _, NamedService(slug):
            return _from(turn, slug, Answer(LOBBY_STATE, "choose", slug))
        case _, NamedLookalike(slug, key):
            return _from(turn, "", Answer(LOBBY_STATE, "ask_back", f"{slug}/{key}"))
        case _, SeveralServices(slugs):
            return _from(turn, "", Answer(LOBBY_STATE, "ask_back", "+".join(slugs)))
    return None


def _answer(pressed: Pressed) -> Answer:
    return Answer(pressed.state, pressed.trigger, pressed.argument)


def _from(turn: Turn, slug: str, move: Answer) -> tuple[Turn, Answer]:
    """The place where *move* is made: the present one, or the one an older button stood on."""
    if move.state == turn.state and slug == turn.slug:
        return turn, move
    earlier: list[Answer] = []
    if slug == turn.slug:
        for made in turn.trail:
            if made.state == move.state:
                break
            earlier.append(made)
    elif move.trigger == "choose":
        slug = move.argument.split("/")[0]
    return play(turn.catalog, slug, earlier, turn.now, turn.meant, turn.number), move


def _tries(place: Turn, move: Answer, stands: str) -> tuple[Try, ...]:
    """The rows tried for *move*; none if it was not made, for then the step did something else."""
    if place.state != move.state:
        return ()
    tried = Turn(
        place.state,
        place.slug,
        (*place.trail, move),
        place.catalog,
        place.now,
        place.meant,
        place.number,
    )
    tries = TABLE.tries(tried, move.trigger)
    if not take(place, move):
        return ()
    return tries if move.trigger in TOLD_IN_PLACE or place.state == stands else ()
