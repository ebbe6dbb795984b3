"""The walk: in every place of one service, every button is pressed by somebody.

Breadth first, and in crowds: whoever tries a button stands where it is shown, presses, looks at
what came back, and goes back with 戻る, which is proved on the way: it has to lead exactly to
where the press was made. Every webhook is held against `bot.simulator.explore.invariants`, and
what the service's file offers has to have been chosen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.simulator.explore.crowd import AT_ONCE, Crowd, Member
from bot.simulator.explore.endless import must_end
from bot.simulator.explore.errand import Errand, Reached, Steps
from bot.simulator.explore.explored import Explored
from bot.simulator.explore.invariants import Invariants
from bot.simulator.journal import Turn
from bot.simulator.session import Session
from flows.conversation import LOBBY, Conversation, Followed, Pressed, Sent, Typed
from flows.moves import here
from flows.turn import TOLD_IN_PLACE
from flows.walk import outlook, presses

ODD = ("sticker", "image", "hologram")
"""What people send that is no answer; tried once in every state of every service."""

NO_WORD = "ﾋﾟﾖﾋﾟﾖ🐤"
"""What means nothing to the bot, in letters it does not often get."""


class Explorer:
    """Everybody who is sent into one service, whose every place is entered once."""

    def __init__(
        self,
        session: Session,
        slug: str,
        explored: Explored,
        log: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """*log* gives what the app logged since it was asked last."""
        self._session, self._slug, self._explored = session, slug, explored
        self._words = session.catalog.words
        self._invariants = Invariants(session, log)
        self._broken: set[str] = set()
        self._waiting: deque[Errand] = deque()
        self._pressed: set[tuple[str, str]] = set()
        self._seen: set[tuple[str, ...]] = set()
        self._tried: set[str] = set()
        self._answered_again: set[tuple[str, str]] = set()

    def walk(self) -> None:
        """From the greeting through the look-alikes and every place of the service.

        Raises EndlessError for a service that has too many of them.
        """
        self._run([Errand(self._arriving())])
        while self._waiting:
            self._run([self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))])
        self._everything_was_chosen()

    # --- what people are sent to do --------------------------------------------------------------

    def _arriving(self) -> Steps:
        """Somebody adds the bot, asks what doubtful names mean, and comes to the service twice.

        The second time they have said first that the service's data should go: their reason is
        known before they are asked.
        """
        choose = Pressed(LOBBY, "choosing_service", "choose", self._slug)
        restart, erase = Typed(self._words.restart[0]), Typed(self._words.erase[0])
        yield Followed()
        for key in self._session.catalog.services[self._slug].lookalikes:
            ask_back = Pressed(LOBBY, "choosing_service", "ask_back", f"{self._slug}/{key}")
            asked = yield ask_back
            for meant in asked.offered:
                yield meant
                yield restart
                yield ask_back
            yield restart
        self._enter((yield choose))
        yield restart
        yield erase
        yield Pressed(LOBBY, "confirming_erasure", "mean_service")
        self._enter((yield choose))

    def _trying(self, at: Reached, pressed: Pressed) -> Steps:
        """Somebody presses a button that is offered *at* a place, and goes back."""
        after = yield pressed
        if pressed.trigger in TOLD_IN_PLACE:
            self._expect(after, at, "文面や話題を見ても同じ場所のまま")
            return
        self._enter(after)
        if len(after.turn.trail) > len(at.turn.trail):
            back = yield Typed(self._words.back[0])
            self._expect(back, at, f"{pressed.trigger} は 戻る で取り消せる")
        elif (at.turn.state, pressed.trigger) not in self._answered_again:
            self._answered_again.add((at.turn.state, pressed.trigger))
            yield from self._answering_again(at, after, pressed)

    def _answering_again(self, at: Reached, after: Reached, pressed: Pressed) -> Steps:
        """What cannot be undone can be answered anew: the same answers lead to the same place.

        Tried once for each kind of button in each state, for it is long.
        """
        trail, kept = at.turn.trail, len(after.turn.trail)
        if after.turn.slug != self._slug or trail[:kept] != after.turn.trail:
            kept = 0
            yield Typed(self._words.restart[0])
            if at.meant:
                yield Typed(self._words.erase[0])
                yield Pressed(LOBBY, "confirming_erasure", "mean_service")
        came = after
        for move in trail[kept:]:
            service = LOBBY if move.state == "choosing_service" else self._slug
            came = yield Pressed(service, move.state, move.trigger, move.argument)
        self._expect(came, at, f"{pressed.trigger} のあとも、同じ答えでもう一度来られる")

    def _disturbing(self, at: Reached) -> Steps:
        """Whatever arrives, the current question is asked again and nothing is lost."""
        came = at
        for kind in ODD:
            came = yield Sent(kind)
        for word in (NO_WORD, self._words.help[0]):
            came = yield Typed(word)
        self._expect(came, at, "関係のないものを送っても同じ場所のまま")
        for word in (self._words.review[0], self._words.erase[0]):
            aside = yield Typed(word)
            self._explored.place(aside.turn, len(self._seen))
            back = yield Typed(self._words.back[0])
            self._expect(back, at, f"「{word}」のあと 戻る で元の場所に戻れる")

    def _enter(self, place: Reached) -> None:
        """Send people into *place*, unless somebody was there or it is outside the service."""
        turn = place.turn
        if turn.slug != self._slug or outlook(turn) in self._seen:
            return
        self._seen.add(outlook(turn))
        self._explored.place(turn, len(self._seen))
        must_end(self._slug, self._seen)
        if turn.state not in self._tried:
            self._tried.add(turn.state)
            self._waiting.append(Errand(self._disturbing(place), place))
        for pressed in place.offered:
            self._waiting.append(Errand(self._trying(place, pressed), place))

    # --- doing and looking -----------------------------------------------------------------------

    def _run(self, errands: Sequence[Errand]) -> None:
        """Let somebody take each of *errands* to its end, all abreast."""
        edges = [errand.edge for errand in errands]
        sent: dict[str, Errand] = {}

        def broken(sentence: str, member: Member | None) -> None:
            self._fault(sentence, sent[member.person.id] if member else None)

        crowd = Crowd(self._session, edges, self._invariants, broken)
        for member, errand in zip(crowd.members, errands, strict=True):
            sent[member.person.id] = errand
        crowd.stand()
        while any(errand.next for errand in errands):
            acting = [each for each in crowd.members if sent[each.person.id].next]
            webhook = crowd.happen(lambda member: sent[member.person.id].act())
            self._explored.seen.turn(webhook, self._session.catalog)
            for member in acting:
                errand = sent[member.person.id]
                errand.led(self._look(errand, member, webhook))

    def _look(self, errand: Errand, member: Member, webhook: Turn) -> Reached:
        """What came of the latest step of *errand*."""
        if errand.next == Typed(self._words.restart[0]):
            errand.begin_anew()
        messages = member.read(webhook)
        self._explored.messages += len(messages)
        if isinstance(errand.next, Pressed):
            self._explored.presses += 1
            self._pressed.add((errand.next.state, errand.next.argument))
        if not messages:
            self._fault("返事がありません", errand)
        for message in messages:
            if message.say is None:
                self._fault(f"何を言ったか分かりません: {message.text[:40]}", errand)
        conversation = member.person.conversation or Conversation()
        offered = [
            choice.press
            for choice in presses(tuple(message.say for message in messages if message.say))
        ]
        turn = here(conversation, self._session.catalog, self._session.clock.now())
        onward = [pressed for pressed in offered if pressed.trigger != "back"]
        return Reached(errand.place(conversation), turn, tuple(onward or offered))

    # --- judging ---------------------------------------------------------------------------------

    def _expect(self, came: Reached, at: Reached, promise: str) -> None:
        if came.turn.trail != at.turn.trail:
            self._explored.fault(f"守られていません: {self._slug}: {at.turn.state} で{promise}")

    def _fault(self, sentence: str, errand: Errand | None) -> None:
        """*sentence*, with the first way on which it was met."""
        if sentence not in self._broken:
            self._broken.add(sentence)
            way = errand.way if errand else "同時に来た何人かのうちの、誰か"
            self._explored.fault(f"{sentence}（{self._slug}: {way}）")

    def _everything_was_chosen(self) -> None:
        """What the service's file names to be picked was picked by somebody: nothing is hidden."""
        service = self._session.catalog.services[self._slug]
        to_pick: Mapping[str, Iterable[str]] = {
            "giving_reason": service.reasons,
            "considering_alternative": service.alternatives,
            "choosing_method": service.methods if len(service.methods) > 1 else (),
            "reviewing_losses": service.topics,
        }
        for state, keys in to_pick.items():
            for key in keys:
                if (state, key) not in self._pressed:
                    self._explored.fault(f"誰も選べません: {self._slug} の {state} の {key}")
