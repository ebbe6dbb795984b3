"""One step of the flow laid out for judging: who stood where, what they did, what came of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.simulator.watch import Step
from content.catalog import Catalog
from flows.cases import still_known
from flows.conversation import Answer, Call, Card, Choice, Conversation, Copy, Pressed, Say
from flows.moves import here
from flows.offers import answers
from flows.turn import Turn
from flows.walk import presses


@dataclass(frozen=True)
class Scene:
    """A step and the content it was made with."""

    step: Step
    catalog: Catalog

    @cached_property
    def before(self) -> Conversation:
        """What was remembered, without services that have left the content."""
        return still_known(self.step.before, self.catalog)

    @property
    def after(self) -> Conversation | None:
        """What is remembered now; None for nobody."""
        return self.step.after

    @cached_property
    def stood(self) -> Turn:
        """Where the person stood."""
        return here(self.before, self.catalog, self.step.now)

    @cached_property
    def stands(self) -> Turn | None:
        """Where the person stands now; None when they were forgotten."""
        return None if self.after is None else here(self.after, self.catalog, self.step.now)

    @property
    def says(self) -> tuple[Say, ...]:
        """The answer."""
        return self.step.says

    @cached_property
    def worded(self) -> tuple[tuple[Say, str], ...]:
        """Each message of the answer, with all its `words`."""
        return tuple((say, words(say)) for say in self.says)

    @cached_property
    def ids(self) -> frozenset[str]:
        """What the messages of the answer are called."""
        return frozenset(say.id for say in self.says)

    @cached_property
    def offered(self) -> list[Choice]:
        """Every press the answer offers."""
        return presses(self.says)

    @property
    def pressed(self) -> Pressed | None:
        """The button that was tapped; None for anything else."""
        return self.step.event if isinstance(self.step.event, Pressed) else None

    @cached_property
    def move(self) -> Answer | None:
        """The tapped button as a move."""
        at = self.pressed
        return Answer(at.state, at.trigger, at.argument) if at else None

    @cached_property
    def fresh(self) -> bool:
        """Whether the tapped button is one of those the present question has."""
        at = self.pressed
        return at is not None and any(
            (at.service, at.state, at.trigger, at.argument)
            == (own.service, own.state, own.trigger, own.argument)
            for own in (choice.press for choice in answers(self.stood))
        )

    @property
    def where(self) -> str:
        """The service and the state somebody is in now, or was in when they were forgotten."""
        turn = self.stands or self.stood
        return f"{turn.slug} {turn.state}".strip()


def wordings(say: Say) -> Iterator[str]:
    """Every text of *say* that a person reads, dials or copies."""
    if say.text:
        yield say.text
    for card in say.cards:
        yield from _of_card(card)
    yield from (choice.label for choice in say.choices)


def _of_card(card: Card) -> Iterator[str]:
    yield from (text for text in (card.title, card.text, *card.items, card.note) if text)
    for button in card.buttons:
        yield button.label
        match button:
            case Copy(text=text):
                yield text
            case Call(number=number):
                yield number


def words(say: Say) -> str:
    """All of `wordings` as one text."""
    return "\n".join(wordings(say))


@lru_cache(maxsize=8192)  # the same screens come again and again
def hit(patterns: tuple[str, ...], text: str) -> str:
    """The first words in *text* that one of *patterns* finds, whatever width; "" for none."""
    normal = unicodedata.normalize("NFKC", text)
    found = (re.search(pattern, normal) for pattern in patterns)
    return next((match[0] for match in found if match), "")
