"""Every place a person can get to in one service, by every button that is offered.

Pure and quick, so that the content check, the tests and the simulator's crawler can agree on
what "everywhere" is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from content.catalog import Catalog
from flows.conversation import Choice, Conversation, Pressed, Say
from flows.moves import here
from flows.step import step
from flows.turn import Turn


@dataclass(frozen=True)
class Arrival:
    """Somewhere a press led: from which state, to which, and everything that was said there.

    ``path`` is every press since the service's name, the last one included.
    """

    before: str
    press: Pressed | None
    state: str
    conversation: Conversation
    says: tuple[Say, ...]
    path: tuple[Pressed, ...]
    key: tuple[str, ...]


def walk(
    catalog: Catalog, start: Pressed, now: datetime, most: int = 20_000, *, meant: str = ""
) -> Iterator[Arrival]:
    """Every press in every place that *start* leads to, each place entered once.

    *meant* is a reason that was named before it, as in `Conversation`. Raises RuntimeError above
    *most* places: then something in the flow grows without end.
    """
    arrived = _arrive(catalog, Conversation(turn=1, meant=meant), start, (), now)
    waiting, seen = deque([arrived]), {arrived.key}
    yield arrived
    while waiting:
        at = waiting.popleft()
        if len(seen) > most:
            raise RuntimeError(f"more than {most} places; the last was {at.key}")
        for choice in presses(at.says):
            if choice.press.trigger == "back" or choice.press.service != at.conversation.service:
                continue
            arrived = _arrive(catalog, at.conversation, choice.press, at.path, now)
            yield arrived
            in_the_case = arrived.conversation.service == at.conversation.service
            if arrived.key not in seen and in_the_case:
                seen.add(arrived.key)
                waiting.append(arrived)


def presses(says: tuple[Say, ...]) -> list[Choice]:
    """Every press the messages offer: choices first, then the cards' own buttons."""
    found = [choice for say in says for choice in say.choices]
    found += [
        button
        for say in says
        for card in say.cards
        for button in card.buttons
        if isinstance(button, Choice)
    ]
    return list({choice.press: choice for choice in found}.values())


def outlook(turn: Turn) -> tuple[str, ...]:
    """What later screens can still depend on: two turns with one outlook have one future."""
    seen = [turn.slug, turn.state, *turn.preferred_methods] if turn.slug else [turn.state]
    for state in _REMEMBERED.get(turn.state, ()):
        if move := turn.answer(state):
            seen.append(f"{state}={move.trigger}:{move.argument}")
    if turn.meant and not turn.answer("giving_reason"):
        seen.append(f"meant={turn.meant}")
    return (*seen, *(_seen_of_reason(turn) if turn.slug else ()))


def _seen_of_reason(turn: Turn) -> tuple[str, ...]:
    """Of the reason, what screens from here on can still show."""
    if turn.state in _READING_THE_REASON:
        return (turn.reason,)
    if turn.state not in _WRITING_THE_REASON:
        return ()  # letters offered later are those of the steps, in the same words
    service, letters = turn.service, turn.catalog.letters
    passages = [
        passage
        for method in service.methods.values()
        for name in (*method.letters, *service.aftercare.chase.letters)
        for passage in letters[name].passages.values()
    ]
    seen = [turn.reason if any(turn.reason in passage for passage in passages) else ""]
    if turn.state in ("choosing_method", "reviewing_losses"):
        seen += [*turn.advice.methods, *turn.advice.remark, *turn.advice.alternatives]
    return tuple(seen)


_READING_THE_REASON = ("considering_alternative", "trying_alternative", "staying")
_WRITING_THE_REASON = ("choosing_method", "reviewing_losses", "following_steps")

_REMEMBERED = {
    "handling_selection": ("checking_selection", "checking_interview"),
    "stopping_for_reward": ("checking_reward", "checking_job_route"),
    "checking_claim": ("checking_job_route",),
    "claiming_reward": ("checking_job_route",),
    "giving_reason": ("checking_job_route",),
    "trying_alternative": ("considering_alternative",),
    "reviewing_losses": ("choosing_method",),
    "following_steps": ("choosing_method",),
    "regaining_login": ("reviewing_losses",),
    "naming_stuck_step": ("choosing_method",),
    "getting_unstuck": ("choosing_method", "naming_stuck_step"),
    "awaiting_result": ("choosing_method",),
    "chasing_reply": ("choosing_method",),
}
"""Earlier answers that a state's own screen, or the way on from it, reads."""


def _arrive(
    catalog: Catalog,
    before: Conversation,
    press: Pressed,
    path: tuple[Pressed, ...],
    now: datetime,
) -> Arrival:
    after, says = step(before, press, catalog, now)
    if after is None:
        raise RuntimeError("only データを消す forgets a person, and no case offers it")
    turn = here(after, catalog, now)
    return Arrival(
        press.state, press, turn.state, after, tuple(says), (*path, press), outlook(turn)
    )
