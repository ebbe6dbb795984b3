"""Whose doings reach the bot as webhooks: how one is sent, held up and delivered again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from bot.simulator import envelope
from bot.simulator.chat import Chat
from bot.simulator.done import Deed, Done, Standing
from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.calls import Account
from bot.simulator.fake_line.mishaps import Mishap
from bot.simulator.happenings import Fields
from bot.simulator.journal import Turn
from bot.simulator.mail import Held, Mail
from bot.simulator.screen import Message
from flows.conversation import Conversation

if TYPE_CHECKING:
    from bot.simulator.session import Session


class Correspondent(Chat):
    """Somebody in a one-to-one chat with the bot, as LINE serves them.

    ``done`` is all that was done, oldest first, and ``mail`` what LINE sent of it. Who is
    ``spared`` meets none of the mishaps that are arranged for webhooks.
    """

    def __init__(self, session: Session, account: Account) -> None:
        super().__init__(account.user_id, account.name, session.changed)
        self.account = account
        self.clipboard = ""
        self.opened: list[str] = []
        self.done: list[Done] = []
        self.mail = Mail()
        self.spared = False
        self._session = session
        self._waited = session.waited
        self._taken_back: frozenset[str] = frozenset()

    # --- what LINE does ----------------------------------------------------------------------

    def duplicate(self) -> Turn:
        """LINE delivers the last events once more without saying so (its network does that)."""
        return self._sent_again("duplicate", self._events_so_far())

    def redeliver(self) -> Turn:
        """LINE delivers the last events once more, marked as a redelivery."""
        again = [envelope.redelivered(event) for event in self._events_so_far()]
        return self._sent_again("redeliver", again)

    def arrive(self) -> Turn:
        """What is on its way longest reaches the bot now. Raises LookupError for nothing."""
        held = self.mail.next()
        done = self._begin("arrive")
        self.acted()
        return self._arrive(done, held)

    def arrive_due(self) -> Turn | None:
        """What is due by now reaches the bot, oldest first; the last turn, None for nothing."""
        turn = None
        for held in self.mail.due(self._session.waited):
            done = self._begin("arrive", by_itself=True)
            if turn is None:
                self.acted()
            turn = self._arrive(done, held)
        return turn

    # --- where they are ----------------------------------------------------------------------

    @property
    def conversation(self) -> Conversation | None:
        """What the app remembers of them; None for nobody."""
        return self._session.conversation_of(self)

    @property
    def state(self) -> str:
        """The state their conversation is in; "" when nothing is remembered."""
        return self._session.state_of(self)

    @property
    def standing(self) -> Standing:
        """Where they are now, to come back to with `stand_as`."""
        with self._changed:
            return Standing(
                self.conversation,
                len(self._seen),
                self._answer_from,
                self._latest_from,
                self._dismissed,
                self._taken_back,
                self.account.friend,
                self.account.blocked,
                self.clipboard,
                tuple(self.opened),
                self.mail,
                self._waited,
            )

    def stand_as(self, other: Correspondent, standing: Standing, done: Sequence[Done]) -> None:
        """Show what *other*'s phone showed at *standing*, after they had *done* so much.

        What was on its way is so for this account. What the bot remembers is not the phone's to
        say: see `bot.simulator.travel`.
        """
        with self._changed:
            self._seen = [
                replace(message, unsent=message.id in standing.unsent)
                for message in other._seen[: standing.seen]
            ]
            self._answer_from, self._latest_from = standing.answer_from, standing.latest_from
            self._dismissed, self._taken_back = standing.dismissed, standing.unsent
            self.account.friend, self.account.blocked = standing.friend, standing.blocked
            self.clipboard, self.opened = standing.clipboard, list(standing.opened)
            self.mail = standing.mail.of_another(self.id, self._session.mint)
            self.done, self._waited = list(done), standing.waited

    # --- inside ------------------------------------------------------------------------------

    def _begin(
        self, name: str, value: str | Mapping[str, Any] | None = None, *, by_itself: bool = False
    ) -> Done:
        """Note that something is done, and where it finds them; before anything changes."""
        standing, passed = self.standing, self._session.waited
        waited, self._waited = passed - self._waited, passed
        done = Done(Deed(name, value), standing, waited, self._session.catalog, by_itself=by_itself)
        self.done.append(done)
        return done

    def _end(self, done: Done) -> None:
        done.after, done.state = self.conversation, self.state

    def _do(
        self,
        done: Done,
        happening: Fields,
        shown: tuple[str, str] | None = None,
        *,
        times: int = 1,
        mode: Literal["active", "standby"] = "active",
    ) -> Turn:
        """Do it, show it as one's own if it is a message, and wait for the answer."""
        session, id = self._session, ""
        events = [
            session.event(happening, envelope.person(self.id), self.id, mode=mode)
            for _ in range(times)
        ]
        if shown:
            kind, words = shown
            id = happening.get("message", {}).get("id") or session.mint.message_id()
            self.show(Message(id, True, kind, words, session.clock.now()))
        mishap = None if self.spared else session.troubles.mishaps.take()
        overtaken = self.mail.swapped
        self.mail = self.mail.posted(events, id, mishap, session.waited)
        self.acted()
        turn = self._deliver(done, events, mishap)
        for held in overtaken if turn.arrives else ():
            self._arrive(self._begin("arrive", by_itself=True), held)
        return turn

    def _arrive(self, done: Done, held: Held) -> Turn:
        self.mail = self.mail.without(held)
        return self._deliver(done, held.events)

    def _sent_again(self, how: str, events: Sequence[WebhookEvent]) -> Turn:
        done = self._begin(how)
        self.mail = self.mail.delivered_again()
        self.acted()
        return self._deliver(done, events)

    def _events_so_far(self) -> Sequence[WebhookEvent]:
        if self.mail.last:
            return self.mail.last
        if self.done:  # undone, or brought here: LINE's events are those of another account
            raise LookupError(
                "戻った先は新しいアカウントで、まだ何も送っていません。"
                "何か一つ送ってから、もう一度届けてください"
            )
        raise LookupError("まだ何も送っていません。何か一つ送ってから、もう一度届けてください")

    def _deliver(
        self, done: Done, events: Sequence[WebhookEvent], mishap: Mishap | None = None
    ) -> Turn:
        def begun(turn: Turn) -> None:
            done.turn = turn

        try:
            return self._session.deliver(events, begun, mishap)
        finally:
            self._end(done)
