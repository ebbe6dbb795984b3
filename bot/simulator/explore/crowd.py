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
from bot.simulator.screen import Message
from bot.simulator.session import Session
from flows.conversation import Conversation, Event, Followed, Pressed, Sent, Typed

AT_ONCE = 67
"""People in one webhook: few enough to be decided on in time on a slow machine, so many that the
edges of any service make two crowds. Each crowd waits ten seconds for LINE to be well again."""


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

    def read(self, turn: Turn) -> list[Message]:
        """What of *turn* answered what they did last."""
        token = self.event.get("replyToken") if self.event else None
        return [message for message in turn.messages if token and message.token == token]


Broken = Callable[[str, Member | None], None]
"""Hears of each rule that is broken, and by whose deed, where that can be told."""


class Crowd:
    """People of one session, one for each of *edges*; each webhook is held against the rules."""

    def __init__(
        self,
        session: Session,
        edges: Sequence[Edge],
        invariants: Invariants,
        broken: Broken,
    ) -> None:
        self.members = [
            Member(session.newcomer(f"{place}人目"), edge) for place, edge in enumerate(edges, 1)
        ]
        self._session, self._invariants, self._broken = session, invariants, broken

    def stand(self) -> None:
        """Put everybody where their edge begins: the app remembers it, and nothing is said.

        Whose edge begins with nothing remembered is left alone.
        """
        for member in self.members:
            if member.edge.place.conversation == Conversation():
                continue
            event = self._event(member, happenings.follow())
            self._session.watch.plant(
                event_key(event["webhookEventId"]), member.edge.place.conversation
            )
            member.event = event
        if standing := [member.event for member in self.members if member.event]:
            self._session.deliver(standing)
            self._invariants.look_away()

    def happen(self, event_of: Callable[[Member], Event | None]) -> Turn:
        """Everybody does something: what *event_of* says of each, nothing where it says None."""
        events = []
        for member in self.members:
            if (event := event_of(member)) is not None:
                member.person.acted()
                member.event = self.made(member, event)
                events.append(member.event)
        return self.deliver(events)

    def events(self, again: Callable[[WebhookEvent], WebhookEvent]) -> list[WebhookEvent]:
        """What everybody did last, as *again* makes it arrive once more."""
        return [again(member.event) for member in self.members if member.event]

    def made(self, member: Member, event: Event) -> WebhookEvent:
        """*event* of *member*, now, without sending it."""
        return self._event(member, self._happening(event))

    def deliver(self, events: Sequence[WebhookEvent], *, trouble: bool = False) -> Turn:
        """Send *events* in one webhook; *trouble* as in `Invariants.breaches`."""
        turn = self._session.deliver(events)
        for breach in self._invariants.breaches(turn, trouble=trouble):
            by = (each for each in self.members if each.event and each.id == breach.event)
            self._broken(breach.sentence, next(by, None))
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
            case Sent(kind):
                return happenings.sent(kind, self._session.mint)
            case Followed():
                return happenings.follow()


def crowds(edges: Sequence[Edge]) -> Iterator[Sequence[Edge]]:
    """*edges* in parts that fit one webhook each."""
    for begin in range(0, len(edges), AT_ONCE):
        yield edges[begin : begin + AT_ONCE]
