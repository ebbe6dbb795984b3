"""Troubles on every edge: whatever goes wrong on the wire, nobody's answer is lost or doubled.

Each edge of a service is taken by somebody again and again, through the real webhook, each time
with something else going wrong. What has to come of it is known beforehand: what the flow makes
of the edge when all goes well.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.simulator.envelope import redelivered
from bot.simulator.explore.crowd import Crowd, Member, crowds
from bot.simulator.explore.ground import Ground
from bot.simulator.explore.invariants import Invariants
from bot.simulator.explore.layer import Layer
from bot.simulator.explore.paths import (
    Edge,
    buttons,
    edges,
    places,
    representatives,
    standing,
)
from bot.simulator.fake_line.faults import Fault
from bot.simulator.journal import Turn
from bot.simulator.kept_log import KeptLog
from bot.simulator.session import Session
from flows.conversation import Conversation, Event, Say, Typed
from flows.step import step
from flows.walk import presses

NAME = "配信の乱れ"

SEED = 1
"""Of the samples: the same every time."""

SAMPLE = 15
"""Edges tried of a service whose shape another one stands for."""

STALE = 60
"""Old buttons pressed over the wire too; `.stale` puts all of them to the flow."""

STRIKES = (
    Fault.ERROR,
    Fault.ERROR_AFTER,
    Fault.RESET,
    Fault.RESET_AFTER,
    Fault.RATE_LIMIT,
    Fault.TIMEOUT_AFTER,
)
"""What strikes an answer that is sent again afterwards. RESET is also what the next process
sees of a crash between saving and sending: an answer in the store that nobody has."""

ONCE_FOR_ALL = frozenset({Fault.RATE_LIMIT})
"""Faults after which nothing is sent for a while, to anybody: the first stands for all."""


def troubles(slug: str, ground: Ground) -> Layer:
    """Take the edges of the service *slug* with every trouble there is."""
    layer, log = Layer(NAME), KeptLog()
    catalog, found = ground.catalog, ground.arrivals(slug)
    log.start()
    chosen = random.Random(SEED)  # noqa: S311 - samples, no secrets
    taken = edges(catalog, found)
    if slug not in representatives(catalog):
        taken = chosen.sample(taken, min(SAMPLE, len(taken)))
    own, everywhere = buttons(catalog, found, ground.now), places(found)
    stale = [
        Edge(place, "", pressed)
        for place, pressed in zip(
            chosen.choices(everywhere, k=STALE), chosen.choices(own, k=STALE), strict=True
        )
    ]
    with Session(catalog=catalog, start=ground.now) as session:
        invariants = Invariants(session, log.taken)
        for part in crowds(taken):
            Trial(session, part, invariants, layer).every_trouble()
        for part in crowds(stale):
            Trial(session, part, invariants, layer).as_usual()
    layer.counts["辺"] += len(taken)
    return layer.ended()


class Trial:
    """A crowd that goes through one trouble after the other."""

    def __init__(
        self, session: Session, edges: Sequence[Edge], invariants: Invariants, layer: Layer
    ) -> None:
        self._session, self._layer = session, layer
        self._trouble = ""
        self._crowd = Crowd(session, edges, invariants, self._is_broken)

    def every_trouble(self) -> None:
        """All there is, one after the other, each from where the edges begin; what arrives a
        second time is what was done when nothing went wrong."""
        self.as_usual()
        self._again("黙って二度届く", copy.deepcopy)
        self._again("再送", redelivered)
        for fault in STRIKES:
            self._struck(fault)
        self._too_late()
        self._swapped()
        self._overtaken()

    def as_usual(self) -> None:
        """Nothing goes wrong: everybody arrives where the flow alone would take them."""
        self._trouble = "何も起きない"
        self._crowd.stand()
        self._check(self._crowd.happen(_deed))

    # --- one trouble each -----------------------------------------------------------------------

    def _again(self, trouble: str, again: Callable[..., dict[str, object]]) -> None:
        """What was done arrives a second time; the rule about repeats looks at what comes of it."""
        self._trouble = trouble
        turn = self._crowd.deliver(self._crowd.events(again))
        self._layer.counts["試した回数"] += len(self._crowd.members)
        if turn.messages:
            self._is_broken("二度目の配信で、メッセージが届きました")

    def _struck(self, fault: Fault) -> None:
        """The answers are struck on their way; each arrives once all the same."""
        self._trouble = f"LINEの障害 {fault.value}"
        self._crowd.stand()
        times = 1 if fault in ONCE_FOR_ALL else len(self._crowd.members)
        self._session.line.faults.inject(fault, times)
        self._check(self._crowd.happen(_deed))
        if len(self._session.line.faults):
            self._is_broken("返信が試されませんでした")
            self._session.line.faults.clear()

    def _too_late(self) -> None:
        """No reply token works any more: nothing arrives, and the next word is answered."""
        self._trouble = "返信のトークンが切れている"
        self._crowd.stand()
        events = []
        for member in self._crowd.members:
            member.person.acted()
            member.event = self._crowd.made(member, member.edge.event)
            token = member.event["replyToken"]
            self._session.line.tokens.issue(token, member.person.id)
            self._session.line.tokens.spend(token)
            events.append(member.event)
        turn = self._crowd.deliver(events, trouble=True)
        self._check(turn, shown=False)
        before = [standing(member.person.conversation) for member in self._crowd.members]
        help_ = Typed(self._session.catalog.words.help[0])
        self._crowd.happen(lambda _: help_)
        after = [standing(member.person.conversation) for member in self._crowd.members]
        if before != after:
            self._is_broken("届かなかった返事のあとで、場所が変わりました")

    def _swapped(self) -> None:
        """Two things done one after the other come in one webhook, the second first."""
        self._trouble = "続けて押した二つが、逆の順で一度に届く"
        self._crowd.stand()
        firsts, seconds = self._in_a_row()
        turn = self._crowd.deliver([*reversed(seconds), *firsts])
        self._layer.counts["試した回数"] += len(self._crowd.members)
        for member in self._crowd.members:
            at = member.edge.place.conversation
            for event in (member.edge.event, self._next(member)):
                at = self._made(at, event, turn.at)[0] or Conversation()
            if standing(member.person.conversation) != standing(at):
                self._is_broken("逆の順で届いたら、別の場所に着きました", member)

    def _overtaken(self) -> None:
        """The second arrives in a webhook of its own before the first: each is answered."""
        self._trouble = "続けて押した二つの、あとの方が先に届く"
        self._crowd.stand()
        firsts, seconds = self._in_a_row()
        for events in (seconds, firsts):
            for member in self._crowd.members:
                member.person.acted()
            self._crowd.deliver(events)
        self._layer.counts["試した回数"] += len(self._crowd.members)

    def _in_a_row(self) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        """Everybody's edge, and what they do after it: made in this order."""
        firsts = [self._crowd.made(member, member.edge.event) for member in self._crowd.members]
        seconds = [self._crowd.made(member, self._next(member)) for member in self._crowd.members]
        return firsts, seconds

    def _next(self, member: Member) -> Event:
        """The first thing the answer to the edge offers; else a word that always works."""
        _, says = self._made(
            member.edge.place.conversation, member.edge.event, self._session.clock.now()
        )
        offered = presses(tuple(says))
        return offered[0].press if offered else Typed(self._session.catalog.words.help[0])

    # --- judging --------------------------------------------------------------------------------

    def _check(self, turn: Turn, *, shown: bool = True) -> None:
        """Everybody stands where they should, and read the whole answer once, or nothing."""
        self._layer.counts["試した回数"] += len(self._crowd.members)
        for member in self._crowd.members:
            place = member.edge.place.conversation
            after, says = self._made(place, member.edge.event, turn.at)
            expected = [say.id for say in says] if shown else []
            token = member.event["replyToken"] if member.event else ""
            read = [message.say_id for message in turn.messages if message.token == token]
            if standing(member.person.conversation) != standing(after):
                self._is_broken("別の場所に着きました", member)
            if read != expected:
                came = "、".join(read) or "なし"
                self._is_broken(f"届くはずの {'、'.join(expected)} が {came} でした", member)

    def _made(
        self, at: Conversation, event: Event, now: datetime
    ) -> tuple[Conversation | None, Sequence[Say]]:
        return step(at, event, self._session.catalog, now)

    def _is_broken(self, sentence: str, member: Member | None = None) -> None:
        how = member.edge.way if member else ""
        self._layer.fault(f"{sentence}: {self._trouble}", how)


def _deed(member: Member) -> Event:
    return member.edge.event
