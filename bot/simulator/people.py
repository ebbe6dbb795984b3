"""The people who talk with the bot. What they do reaches it as signed webhooks, as from LINE."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.simulator import envelope, happenings
from bot.simulator.calls import Account
from bot.simulator.chat import Chat
from bot.simulator.envelope import WebhookEvent
from bot.simulator.happenings import Fields
from bot.simulator.journal import Turn
from bot.simulator.screen import Button, Message
from flows.conversation import Conversation

if TYPE_CHECKING:
    from bot.simulator.session import Session


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a person did, so that it can be done again: the name of a method, its arguments."""

    do: str
    args: tuple[Any, ...] = ()


class Person(Chat):
    """Somebody with LINE on their phone, in a one-to-one chat with the bot.

    What they do returns once the bot's answer is there, with the turn it made.
    """

    def __init__(self, session: Session, account: Account) -> None:
        super().__init__(account.user_id, account.name, session.changed)
        self.account = account
        self.clipboard = ""
        self.opened: list[str] = []
        self.deeds: list[Deed] = []
        self._session = session
        self._last: tuple[WebhookEvent, ...] = ()

    # --- what they do ------------------------------------------------------------------------

    def follow(self, *, unblocked: bool = False) -> Turn:
        """Add the bot as a friend, or unblock it."""
        unblocked = unblocked or self.account.blocked
        self.account.friend, self.account.blocked = True, False
        return self._do(Deed("follow"), happenings.follow(unblocked=unblocked))

    def unfollow(self) -> Turn:
        """Block the bot."""
        self.account.friend, self.account.blocked = False, True
        return self._do(Deed("unfollow"), happenings.unfollow())

    def say(self, words: str) -> Turn:
        """Write *words*."""
        happening = happenings.text(words, self._session.mint)
        return self._do(Deed("say", (words,)), happening, ("text", words))

    def send(self, kind: str) -> Turn:
        """Send a sticker, image, …: one of `happenings.SENDABLE`. Raises ValueError for another."""
        happening = happenings.sent(kind, self._session.mint)
        return self._do(Deed("send", (kind,)), happening, (kind, ""))

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
        place = self.seen.index(message), (*message.buttons, *message.quick_replies).index(button)
        deed = Deed("press_at", (*place, times))
        if button.passing:
            self.dismiss()
        action = button.action
        match button.kind:
            case "postback":
                said = action.get("displayText")
                mine = ("text", said) if said else None
                return self._do(deed, happenings.postback(action["data"]), mine, times=times)
            case "message":
                words = action["text"]
                happening = happenings.text(words, self._session.mint)
                return self._do(deed, happening, ("text", words), times=times)
            case "uri":
                self.opened.append(action["uri"])
            case "clipboard":
                self.clipboard = action["clipboardText"]
            case kind:
                raise ValueError(f"the simulator does not know how to tap a {kind!r} action")
        self.deeds.append(deed)
        return None

    def press_at(self, message: int, button: int, times: int = 1) -> Turn | None:
        """Tap by position: which message of `seen`, which of its buttons and quick replies."""
        pressed = self.seen[message]
        return self.press(pressed, (*pressed.buttons, *pressed.quick_replies)[button], times)

    def postback(self, data: str) -> Turn:
        """Send *data* as if a button carried it: what a forger, or an older release's, would."""
        return self._do(Deed("postback", (data,)), happenings.postback(data))

    def unsend(self) -> Turn:
        """Take back the last message. Raises LookupError when there is none."""
        mine = [message for message in self.seen if message.mine and not message.unsent]
        if not mine:
            raise LookupError("取り消せるメッセージがありません")
        mine[-1].unsent = True
        return self._do(Deed("unsend"), happenings.unsend(mine[-1].id))

    def meet(self, name: Literal["beacon", "account_link", "unheard_of"]) -> Turn:
        """Cause one of the events that are no message."""
        make: Callable[[], Fields] = getattr(happenings, name)
        return self._do(Deed("meet", (name,)), make())

    def aside(self, words: str) -> Turn:
        """Write *words* while another bot holds the chat (``standby``)."""
        happening = happenings.text(words, self._session.mint)
        return self._do(Deed("aside", (words,)), happening, ("text", words), mode="standby")

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

    def _sent_again(self, how: str, events: Sequence[WebhookEvent]) -> Turn:
        self.deeds.append(Deed(how))
        self.acted()
        return self._session.deliver(events)

    def _events_so_far(self) -> Sequence[WebhookEvent]:
        if not self._last:
            raise LookupError("まだ何も送っていません")
        return self._last

    def _do(
        self,
        deed: Deed,
        happening: Fields,
        shown: tuple[str, str] | None = None,
        *,
        times: int = 1,
        mode: Literal["active", "standby"] = "active",
    ) -> Turn:
        """Do it, show it as one's own if it is a message, and wait for the answer."""
        self.deeds.append(deed)
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
        return self._session.deliver(events)


class Group(Chat):
    """A group that may invite the bot."""

    def __init__(self, session: Session, id: str, name: str) -> None:
        super().__init__(id, name, session.changed)
        self._session = session

    def join(self) -> Turn:
        """Invite the bot."""
        return self._do(happenings.join(), envelope.group(self.id))

    def leave(self) -> Turn:
        """Remove the bot."""
        return self._do(happenings.leave(), envelope.group(self.id))

    def say(self, who: Person, words: str) -> Turn:
        """*who* writes *words* into the group."""
        happening = happenings.text(words, self._session.mint)
        self.show(
            Message(happening["message"]["id"], True, "text", words, self._session.clock.now())
        )
        return self._do(happening, envelope.group(self.id, who.id))

    def _do(self, happening: Fields, source: Fields) -> Turn:
        self.acted()
        return self._session.deliver([self._session.event(happening, source, self.id)])
