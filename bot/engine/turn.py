"""What one event means for one person: the pure part of a turn, between two rows of the store.

Whatever goes wrong in here is answered, never raised: one person's odd event must not keep
anybody waiting, nor come back for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from bot.engine.letter import MOST_MESSAGES, Letter
from bot.engine.phrases import Phrases, text_message
from bot.engine.vault import UnreadableError, Vault
from bot.logs import logger, where
from bot.store.port import Arrival, Change, Decide, Decision, Erase, Keep, Outcome, Save, Situation
from flows.conversation import Conversation, Event, Say, Sent

Step = Callable[[Conversation, Event, datetime], tuple[Conversation | None, Sequence[Say]]]
"""The flow: where a person is and what they did → where they are now and what we say.
None for the conversation asks to forget the person."""

Speak = Callable[[Sequence[Say]], Sequence[dict[str, object]]]
"""What we say → LINE messages."""

AGAIN = Sent("unknown_button")
"""Stands in for an event that came too late to count: shows the present question again."""

FAULTS_BEFORE_FRESH_START = 2
"""The second event in a row that cannot be handled is tried from the beginning: then it is not
the event that is at fault but what we remember."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Makes the decisions. Holds no state of its own and may be asked twice."""

    step: Step
    speak: Speak
    vault: Vault
    phrases: Phrases

    def answer(self, arrival: Arrival, event: Event, reply_token: str, now: datetime) -> Decide:
        """Decide what *event* changes and how it is answered."""

        def decide(situation: Situation) -> Decision:
            return _Turn(self, arrival, reply_token, now, situation).taken(event)

        return decide

    def greet_group(self, arrival: Arrival, reply_token: str) -> Decide:
        """Decide on one polite line; nothing is kept about a group."""

        def decide(situation: Situation) -> Decision:
            letter = Letter(reply_token, [text_message(self.phrases.group)])
            sealed = letter.sealed(self.vault, arrival.user_key, situation.seq, arrival.event_key)
            return Decision(Outcome.APPLIED, Keep(), sealed)

        return decide


def forget(_situation: Situation) -> Decision:
    """Decide to erase whoever left. There is nobody to answer."""
    return Decision(Outcome.ERASED, Erase())


@dataclass(frozen=True, slots=True)
class _Turn:
    turns: Turns
    arrival: Arrival
    reply_token: str
    now: datetime
    situation: Situation

    def taken(self, event: Event) -> Decision:
        if self.situation.late:
            event = AGAIN
        conversation = self._remembered()
        lost = conversation is None and self.situation.state is not None
        try:
            return self._stepped(conversation or Conversation(), event, lost)
        except Exception as error:
            logger().error("event not handled", error=type(error).__name__, where=where(error))
        if conversation is not None and self.situation.faults + 1 >= FAULTS_BEFORE_FRESH_START:
            try:
                return self._stepped(Conversation(), event, lost=True)
            except Exception as error:
                logger().error("fresh start failed", error=type(error).__name__, where=where(error))
        # Not counted for a person who has no conversation: there is no row to count in.
        return Decision(
            Outcome.QUARANTINED,
            Keep(self.situation.faults + 1),
            self._letter([text_message(self.turns.phrases.fallback)]),
        )

    def _remembered(self) -> Conversation | None:
        """The conversation as stored; None when there is none that can be read."""
        if self.situation.state is None:
            return None
        try:
            plain = self.turns.vault.open(
                self.situation.state, "conversation", self.arrival.user_key
            )
            return Conversation.from_json(orjson.loads(plain))
        except UnreadableError:
            logger().error("conversation lost", reason="unreadable")
        except Exception as error:  # another version's, or damaged before it was sealed
            logger().error("conversation lost", reason=type(error).__name__, where=where(error))
        return None

    def _stepped(self, conversation: Conversation, event: Event, lost: bool) -> Decision:
        after, says = self.turns.step(conversation, event, self.now)
        messages = list(self.turns.speak(says))
        if lost and len(messages) < MOST_MESSAGES:
            messages.insert(0, text_message(self.turns.phrases.memory_lost))
        letter = self._letter(messages) if messages else None
        if self.situation.late:  # shown again, and nothing else
            return Decision(Outcome.LATE, Keep() if after is None else self._save(after), letter)
        if after is None:
            return Decision(Outcome.ERASED, Erase(), letter)
        return Decision(Outcome.APPLIED, self._save(after), letter)

    def _save(self, conversation: Conversation) -> Change:
        plain = orjson.dumps(conversation.to_json())
        sealed = self.turns.vault.seal(plain, "conversation", self.arrival.user_key)
        return Save(sealed)

    def _letter(self, messages: list[dict[str, object]]) -> bytes:
        return Letter(self.reply_token, messages).sealed(
            self.turns.vault, self.arrival.user_key, self.situation.seq, self.arrival.event_key
        )
