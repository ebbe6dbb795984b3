"""What happened, turn by turn: what was sent to the bot, what it asked of LINE, what it meant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator.envelope import WebhookEvent
from bot.simulator.fake_line.calls import Call
from bot.simulator.fake_line.mishaps import Mishap
from bot.simulator.screen import Message
from bot.simulator.watch import Told


@dataclass(slots=True, eq=False)
class Turn:
    """One webhook and all that came of it.

    ``at`` is simulated time. ``status`` is what the app answered and ``seconds`` how long it
    really took; 0 while it has not answered. ``calls`` are the calls it caused, ``messages``
    what was shown because of it, and ``told`` how its events were answered, by webhookEventId.
    ``mishap`` is what happened to it on its way; arriving later, it is another turn.
    """

    number: int
    at: datetime
    events: tuple[WebhookEvent, ...]
    status: int = 0
    seconds: float = 0.0
    calls: list[Call] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    mishap: Mishap | None = None

    @property
    def arrives(self) -> bool:
        """Whether it reached the app at once."""
        return self.mishap is None or self.mishap.arrives

    @property
    def chats(self) -> frozenset[str]:
        """The ids of the people and groups it is about."""
        return frozenset(filter(None, map(chat_of, self.events)))

    @property
    def tokens(self) -> list[str]:
        """The reply tokens it carries."""
        return [event["replyToken"] for event in self.events if "replyToken" in event]


class Journal:
    """Every turn since the session began. Safe to use from several threads."""

    def __init__(self, changed: threading.Condition) -> None:
        """*changed* is held while the journal is written, and notified afterwards."""
        self._changed = changed
        self._turns: list[Turn] = []
        self._by_token: dict[str, Turn] = {}
        self._by_chat: dict[str, list[Turn]] = {}
        self._loose: list[Call] = []
        self._listeners: list[Callable[[], None]] = []

    @property
    def turns(self) -> Sequence[Turn]:
        """All turns, oldest first."""
        with self._changed:
            return tuple(self._turns)

    @property
    def calls(self) -> Sequence[Call]:
        """All calls of the API in their order, also those that belong to no turn."""
        with self._changed:
            every = [call for turn in self._turns for call in turn.calls] + self._loose
            return tuple(sorted(every, key=lambda call: call.at))

    def begin(
        self, at: datetime, events: Sequence[WebhookEvent], mishap: Mishap | None = None
    ) -> Turn:
        """A webhook is about to be sent, and *mishap* happens to it."""
        with self._changed:
            turn = Turn(len(self._turns) + 1, at, tuple(events), mishap=mishap)
            self._turns.append(turn)
            for token in turn.tokens:
                self._by_token[token] = turn
            for chat in turn.chats:
                self._by_chat.setdefault(chat, []).append(turn)
            return turn

    def answered(self, turn: Turn, status: int, seconds: float) -> None:
        """The app answered the webhook of *turn*."""
        with self._changed:
            turn.status, turn.seconds = status, seconds
        self.tell()

    def called(self, call: Call) -> Turn | None:
        """The app called the API. The turn it belongs to, if it belongs to one."""
        with self._changed:
            latest = self._by_chat.get(call.to, ())[-1:]
            turn = self._by_token.get(call.token) or next(iter(latest), None)
            (turn.calls if turn else self._loose).append(call)
            return turn

    def of(self, chat: str) -> Sequence[Turn]:
        """The turns of one person or group, oldest first."""
        with self._changed:
            return tuple(self._by_chat.get(chat, ()))

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call *listener* whenever something happened, from any thread; call the result to stop."""
        with self._changed:
            self._listeners.append(listener)

        def stop() -> None:
            with self._changed:
                self._listeners.remove(listener)

        return stop

    def tell(self) -> None:
        """Something happened: wake whoever waits, and tell the listeners."""
        with self._changed:
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()


def chat_of(event: WebhookEvent) -> str:
    """The id of the person or group *event* is about; "" where it names none."""
    source = event.get("source", {})
    return str(source.get("groupId") or source.get("roomId") or source.get("userId") or "")
