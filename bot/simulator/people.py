"""The people who talk with the bot. What they do reaches it as signed webhooks, as from LINE."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from bot.simulator import envelope, happenings
from bot.simulator.chat import Chat
from bot.simulator.done import Deed, Done, Standing
from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.calls import Account
from bot.simulator.happenings import Fields
from bot.simulator.journal import Turn
from bot.simulator.screen import Button, Message
from flows.conversation import Conversation

if TYPE_CHECKING:
    from bot.simulator.session import Session


class Person(Chat):
    """Somebody with LINE on their phone, in a one-to-one chat with the bot.

    What they do returns once the bot's answer is there, with the turn it made. ``done`` is all
    of it, oldest first; what a tap copied is on the ``clipboard``, what it opened in ``opened``.
    """

    def __init__(self, session: Session, account: Account) -> None:
        super().__init__(account.user_id, account.name, session.changed)
        self.account = account
        self.clipboard = ""
        self.opened: list[str] = []
        self.done: list[Done] = []
        self._session = session
        self._waited = session.waited
        self._taken_back: frozenset[str] = frozenset()
        self._last: tuple[WebhookEvent, ...] = ()

    # --- what they do ------------------------------------------------------------------------

    def follow(self, *, unblocked: bool = False) -> Turn:
        """Add the bot as a friend, or unblock it."""
        done = self._begin("follow")
        unblocked = unblocked or self.account.blocked
        self.account.friend, self.account.blocked = True, False
        return self._do(done, happenings.follow(unblocked=unblocked))

    def unfollow(self) -> Turn:
        """Block the bot."""
        done = self._begin("unfollow")
        self.account.friend, self.account.blocked = False, True
        return self._do(done, happenings.unfollow())

    def say(self, words: str) -> Turn:
        """Write *words*."""
        happening = happenings.text(words, self._session.mint)
        return self._do(self._begin("say", words), happening, ("text", words))

    def send(self, kind: str) -> Turn:
        """Send a sticker, image, …: one of `happenings.SENDABLE`. Raises ValueError for another."""
        happening = happenings.sent(kind, self._session.mint)
        return self._do(self._begin("send", kind), happening, (kind, ""))

    def tap(
        self, label: str, of: str | None = None, times: int = 1, nth: int | None = None
    ) -> Turn | None:
        """Tap the button that reads *label*; see `Chat.find` for *of* and *nth*, else `press`."""
        return self.press(*self.find(label, of, nth), times=times)

    def press(self, message: Message, button: Button, times: int = 1) -> Turn | None:
        """Tap *button* on *message*, *times* before any answer: the taps come in one webhook.

        None where LINE tells the bot nothing: a link is opened, a text is copied. Raises
        ValueError for a kind of action the bot does not use.
        """
        if button.kind not in ("postback", "message", "uri", "clipboard"):
            raise ValueError(f"the simulator does not know how to tap a {button.kind!r} action")
        done = self._begin("tap", self.written(message, button, times))
        if button.passing:
            self.dismiss()
        action = button.action
        match button.kind:
            case "postback":
                said = action.get("displayText")
                mine = ("text", said) if said else None
                return self._do(done, happenings.postback(action["data"]), mine, times=times)
            case "message":
                words = action["text"]
                happening = happenings.text(words, self._session.mint)
                return self._do(done, happening, ("text", words), times=times)
            case "uri":
                self.opened.append(action["uri"])
            case _:
                self.clipboard = action["clipboardText"]
        self._end(done)
        return None

    def postback(self, data: str) -> Turn:
        """Send *data* as if a button carried it: what a forger, or an older release's, would."""
        return self._do(self._begin("postback", data), happenings.postback(data))

    def unsend(self) -> Turn:
        """Take back the last message. Raises LookupError when there is none."""
        mine = [message for message in self.seen if message.mine and not message.unsent]
        if not mine:
            raise LookupError("取り消せるメッセージがありません")
        done = self._begin("unsend")
        mine[-1].unsent = True
        self._taken_back |= {mine[-1].id}
        return self._do(done, happenings.unsend(mine[-1].id))

    def meet(self, name: Literal["beacon", "account_link", "unheard_of"]) -> Turn:
        """Cause one of the events that are no message."""
        make: Callable[[], Fields] = getattr(happenings, name)
        return self._do(self._begin("meet", name), make())

    def aside(self, words: str) -> Turn:
        """Write *words* while another bot holds the chat (``standby``)."""
        happening = happenings.text(words, self._session.mint)
        return self._do(self._begin("aside", words), happening, ("text", words), mode="standby")

    # --- what LINE does ----------------------------------------------------------------------

    def duplicate(self) -> Turn:
        """LINE delivers the last events once more without saying so (its network does that)."""
        return self._sent_again("duplicate", self._events_so_far())

    def redeliver(self) -> Turn:
        """LINE delivers the last events once more, marked as a redelivery."""
        again = [envelope.redelivered(event) for event in self._events_so_far()]
        return self._sent_again("redeliver", again)

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
            )

    def stand_as(self, other: Person, standing: Standing, done: Sequence[Done]) -> None:
        """Show what *other*'s phone showed at *standing*, after they had *done* so much.

        What the bot remembers is not the phone's to say: see `bot.simulator.travel`.
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
            self.done = list(done)

    # --- inside ------------------------------------------------------------------------------

    def _begin(self, name: str, value: str | Mapping[str, Any] | None = None) -> Done:
        """Note that something is done, and where it finds them; before anything changes."""
        waited, self._waited = self._session.waited - self._waited, self._session.waited
        done = Done(Deed(name, value), self.standing, waited, self._session.catalog)
        self.done.append(done)
        return done

    def _end(self, done: Done) -> None:
        done.after, done.state = self.conversation, self.state

    def _sent_again(self, how: str, events: Sequence[WebhookEvent]) -> Turn:
        done = self._begin(how)
        self.acted()
        return self._deliver(done, events)

    def _events_so_far(self) -> Sequence[WebhookEvent]:
        if not self._last:
            raise LookupError("まだ何も送っていません")
        return self._last

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
        events = [
            self._session.event(happening, envelope.person(self.id), self.id, mode=mode)
            for _ in range(times)
        ]
        self._last = tuple(events)
        if shown:
            kind, words = shown
            id = happening.get("message", {}).get("id") or self._session.mint.message_id()
            self.show(Message(id, True, kind, words, self._session.clock.now()))
        self.acted()
        return self._deliver(done, events)

    def _deliver(self, done: Done, events: Sequence[WebhookEvent]) -> Turn:
        def begun(turn: Turn) -> None:
            done.turn = turn

        try:
            return self._session.deliver(events, begun)
        finally:
            self._end(done)
