"""From LINE to the screens: who is shown what, which of the flow's words it is, whose memory."""

from __future__ import annotations

from bot.engine.pseudonym import event_key
from bot.simulator import binding, screen
from bot.simulator.chat import Chat
from bot.simulator.fake_line.calls import Call
from bot.simulator.journal import Journal, Turn, chat_of
from bot.simulator.watch import Watch
from content.catalog import Catalog
from flows.conversation import Conversation


class Delivery:
    """Puts what LINE took on the screens of ``chats``, by their LINE ids.

    ``must_restart`` is set when a fault is to end the app. ``early`` are the calls that answered
    an event before it was stored; there should be none.
    """

    def __init__(self, journal: Journal, watch: Watch) -> None:
        self.chats: dict[str, Chat] = {}
        self.early: list[Call] = []
        self._journal, self._watch = journal, watch
        self._whose: dict[str, bytes] = {}
        self.must_restart = False

    def called(self, call: Call) -> None:
        """The fake LINE was called: show what it took to whom it was for."""
        turn = self._journal.called(call)
        if turn and not self._is_stored(turn, call):
            self.early.append(call)
        self.must_restart |= call.fault is not None and call.fault.restarts
        chat = self.chats.get(call.to)
        if chat is not None and call.shown:
            for sent in call.messages:
                message = screen.received(sent.id, sent.json, call.at, call.token)
                chat.show(message)
                if turn:
                    turn.messages.append(message)
        self._journal.tell()

    def understand(self, turn: Turn, catalog: Catalog) -> None:
        """Find out which words of the flow the messages of *turn* are."""
        for event in turn.events:
            told = self._watch.told(event_key(event["webhookEventId"]))
            if told is not None:
                turn.told[event["webhookEventId"]] = told
                self._whose[chat_of(event)] = told.whose
                token = event.get("replyToken")
                messages = [message for message in turn.messages if message.token == token]
                binding.bind(messages, told.says, catalog)

    def remembered(self, chat: str) -> Conversation | None:
        """What the app remembers of whoever has this LINE id; None for nobody."""
        whose = self._whose.get(chat)
        return self._watch.remembered(whose) if whose is not None else None

    def _is_stored(self, turn: Turn, call: Call) -> bool:
        """Whether the event that *call* answers is in the store by now; a push answers none."""
        answered = (event for event in turn.events if event.get("replyToken") == call.token)
        return all(self._watch.told(event_key(event["webhookEventId"])) for event in answered)
