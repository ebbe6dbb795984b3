"""Many people, each somewhere in the flow, who all do something in the same moment.

One webhook brings it all, so that what is made to go wrong with the answers strikes every one
of them at once, and the wait for the next attempt is waited only once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.engine.pseudonym import event_key
from bot.line.postback import encode
from bot.simulator import envelope, happenings
from bot.simulator.envelope import WebhookEvent
from bot.simulator.explore.invariants import Invariants
from bot.simulator.explore.paths import Edge
from bot.simulator.happenings import Fields
from bot.simulator.journal import Turn
from bot.simulator.people import Person
from bot.simulator.session import Session
from flows.conversation import Event, Pressed, Typed

AT_ONCE = 45
"""People in one webhook: few enough to be decided on in time on a slow machine."""


@dataclass(slots=True)
class Member:
    """One of them: where they begin, what they do, and the webhook event it made."""

    person: Person
    edge: Edge
    event: WebhookEvent | None = None

    @property
    def id(self) -> str:
        """The id of what they did last. Raises LookupError before that."""
        if self.event is None:
            raise LookupError(f"{self.person.name} has done nothing yet")
        return str(self.event["webhookEventId"])


class Crowd:
    """People of one session, one for each of *edges*; each webhook is held against the rules.

    *broken* hears of each rule a webhook breaks.
    """

    def __init__(
        self,
        session: Session,
        edges: Sequence[Edge],
        invariants: Invariants,
        broken: Callable[[str], None],
    ) -> None:
        self.members = [
            Member(session.newcomer(f"{place}人目"), edge) for place, edge in enumerate(edges, 1)
        ]
        self._session, self._invariants, self._broken = session, invariants, broken

    def stand(self) -> None:
        """Put everybody where their edge begins: the app remembers it, and nothing is said."""
        for member in self.members:
            event = self._event(member, happenings.follow())
            self._session.watch.plant(
                event_key(event["webhookEventId"]), member.edge.place.conversation
            )
            member.event = event
        self._session.deliver([member.event for member in self.members if member.event])
        self._invariants.look_away()

    def happen(self, event_of: Callable[[Member], Event]) -> Turn:
        """Everybody does something: what *event_of* says of each."""
        for member in self.members:
            member.person.acted()
            member.event = self._event(member, self._happening(event_of(member)))
        return self.deliver([member.event for member in self.members if member.event])

    def events(self, again: Callable[[WebhookEvent], WebhookEvent]) -> list[WebhookEvent]:
        """What everybody did last, as *again* makes it arrive once more."""
        return [again(member.event) for member in self.members if member.event]

    def made(self, member: Member, event: Event) -> WebhookEvent:
        """*event* of *member*, now, without sending it."""
        return self._event(member, self._happening(event))

    def deliver(self, events: Sequence[WebhookEvent], *, trouble: bool = False) -> Turn:
        """Send *events* in one webhook; *trouble* as in `Invariants.broken`."""
        turn = self._session.deliver(events)
        for sentence in self._invariants.broken(turn, trouble=trouble):
            self._broken(sentence)
        return turn

    def _event(self, member: Member, happening: Fields) -> WebhookEvent:
        person = member.person.id
        return self._session.event(happening, envelope.person(person), person)

    def _happening(self, event: Event) -> Fields:
        match event:
            case Pressed():
                return happenings.postback(encode(event))
            case Typed(text):
                return happenings.text(text, self._session.mint)
        raise ValueError(f"a crowd does not do {event!r}")


def crowds(edges: Sequence[Edge]) -> Iterator[Sequence[Edge]]:
    """*edges* in parts that fit one webhook each."""
    for begin in range(0, len(edges), AT_ONCE):
        yield edges[begin : begin + AT_ONCE]
