"""What is true at every moment of every talk: one rule a function, one sentence a breach.

The rules stand in three files: of the words of an answer, of moves, and of what goes over the
wire. The crawl, the stale taps, the random talks and the written ones are all held against them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bot.simulator.explore import moves, wire, words
from bot.simulator.explore.scene import Scene
from bot.simulator.explore.wire import Exchange, Memories
from bot.simulator.journal import Turn
from bot.simulator.session import Session
from bot.simulator.watch import Step
from content.catalog import Catalog

OF_AN_ANSWER: tuple[Callable[[Scene], Iterator[str]], ...] = (
    *words.RULES,
    *moves.RULES,
)
"""Rules that one step of the flow is judged by."""

OfAnExchange = Callable[[Exchange], Iterator[str]]
"""A rule that one webhook is judged by."""


def broken_by(step: Step, catalog: Catalog) -> Iterator[str]:
    """Every rule that *step* breaks, as a sentence with the place where it happened."""
    scene = Scene(step, catalog)
    for rule in OF_AN_ANSWER:
        for sentence in rule(scene):
            yield f"{sentence}: {scene.where}"


class Breach(NamedTuple):
    """A rule that was broken, in a ``sentence``.

    ``event`` is the webhookEventId of what was done when it was; None where that cannot be told
    of the several things one webhook brought.
    """

    sentence: str
    event: str | None


class Invariants:
    """Holds the turns of a session against all rules, one after the other.

    Made before the first of them; every turn since has to be shown to it, for each is compared
    with the one before. *log* gives what the app logged since it was asked last. With
    *any_flow* only those rules are kept that are true whatever flow answers.
    """

    def __init__(
        self,
        session: Session,
        log: Callable[[], Sequence[str]] = tuple,
        *,
        any_flow: bool = False,
    ) -> None:
        self._session = session
        self._log = log
        self._any_flow = any_flow
        self._rules: tuple[OfAnExchange, ...] = wire.RULES
        if not any_flow:
            self._rules += wire.OF_THE_FLOW
        self._answered: set[str] = set()
        self._before = self._memories()
        self._early = len(session.early)

    def broken(self, turn: Turn, *, trouble: bool = False) -> list[str]:
        """Every rule that *turn* breaks, as a sentence; *trouble* as in `breaches`."""
        return [breach.sentence for breach in self.breaches(turn, trouble=trouble)]

    def breaches(self, turn: Turn, *, trouble: bool = False) -> list[Breach]:
        """Every rule that *turn* breaks. With *trouble*, a refusal or a silence is to be expected:
        something was made to go wrong."""
        after = self._memories()
        exchange = Exchange(
            turn,
            self._before,
            after,
            self._session.line.accounts,
            repeated=frozenset(self._answered),
            early=self._session.early[self._early :],
            log=self._log(),
            trouble=trouble,
        )
        self._before, self._early = after, len(self._session.early)
        found = [
            Breach(sentence, _by_whom(rule, sentence, exchange))
            for rule in self._rules
            for sentence in rule(exchange)
        ]
        for event, told in turn.told.items() if not self._any_flow else ():
            if told.step is not None and event not in self._answered:
                sentences = broken_by(told.step, self._session.catalog)
                found += [Breach(sentence, event) for sentence in sentences]
        self._answered |= turn.told.keys()
        return found

    def look_away(self) -> None:
        """Something happened that is to be judged by nobody: take what is so now for granted."""
        self._before, self._early = self._memories(), len(self._session.early)
        self._log()

    def _memories(self) -> Memories:
        people = self._session.people
        return {person.id: self._session.conversation_of(person) for person in people}


def _by_whom(rule: OfAnExchange, sentence: str, exchange: Exchange) -> str | None:
    """The event of *exchange* that breaks *rule* all by itself, in the same *sentence*."""
    for alone in exchange.one_by_one():
        if sentence in rule(alone):
            return str(alone.turn.events[0]["webhookEventId"])
    return None
