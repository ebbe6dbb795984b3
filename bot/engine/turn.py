"""What one event means for one person: the pure part of a turn, between two rows of the store.

Whatever goes wrong in here is answered, never raised: one person's odd event must not keep
anybody waiting, nor come back for ever. The one exception is a conversation that a newer
program wrote: it is left to a node that can read it.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field

from bot.engine.flow import Flow, LostError, Turn
from bot.engine.letter import MOST_MESSAGES, Letter
from bot.engine.phrases import Phrases, text_message
from bot.engine.vault import CONVERSATION, UnreadableError, Vault
from bot.logs import logger, where
from bot.store.port import Arrival, Change, Decide, Decision, Erase, Keep, Outcome, Save, Situation
from bot.store.rules import CROWD_LIMIT
from flows.conversation import Event, NewerError, Sent

AGAIN = Sent("unknown_button")
"""Stands in for an event that is not acted upon: shows the present question again."""

TRIES = 2
"""Attempts at an event: what failed once may have been the moment's fault, twice is its own."""

FAULTS_BEFORE_FRESH_START = 2
"""The second event in a row that cannot be handled is tried from the beginning: then it is not
the event that is at fault but what we remember."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Makes the decisions. Holds no state of its own and may be asked twice.

    ``push`` says that an answer may be pushed when its reply token dies: only then does the
    user id stay with the answer, sealed, until it is sent.
    """

    flow: Flow
    vault: Vault
    phrases: Phrases
    push: bool = False

    def answer(self, arrival: Arrival, event: Event, reply_token: str, person: str) -> Answering:
        """Decide what *event* of *person* (their LINE user id) changes and how it is answered."""
        return Answering(self, arrival, event, reply_token, person if self.push else "")

    def greet_group(self, arrival: Arrival, reply_token: str) -> Decide:
        """Decide on one polite line; nothing is kept about a group."""

        def decide(situation: Situation) -> Decision:
            letter = Letter(reply_token, b"[%b]" % text_message(self.phrases.group))
            sealed = letter.sealed(self.vault, arrival.user_key, situation.seq, arrival.event_key)
            return Decision(Outcome.APPLIED, Keep(), sealed)

        return decide


def forget(_situation: Situation) -> Decision:
    """Decide to erase whoever left. There is nobody to answer."""
    return Decision(Outcome.ERASED, Erase())


def unreadable(situation: Situation) -> Decision:
    """Decide on an event that was put away and that no key opens any more: nothing can be done."""
    logger().error("event lost", reason="unreadable")
    return Decision(Outcome.QUARANTINED, Keep(situation.faults))


@dataclass(slots=True)
class Answering:
    """A `bot.store.port.Decide` that remembers the letter it decided on last, unsealed.

    Raises `flows.conversation.NewerError`, and nothing else.
    """

    turns: Turns
    arrival: Arrival
    event: Event = field(repr=False)
    reply_token: str = field(repr=False)
    to: str = field(repr=False)
    letter: Letter | None = field(default=None, init=False, repr=False)
    situation: Situation = field(init=False, repr=False)

    def __call__(self, situation: Situation) -> Decision:
        """Decide."""
        self.situation, self.letter = situation, None
        if situation.crowd > CROWD_LIMIT + 1:  # answered already, together with the one before
            return Decision(Outcome.COALESCED, Keep(situation.faults))
        crowded = situation.crowd > CROWD_LIMIT
        event = AGAIN if situation.late or crowded else self.event
        state, lost = self._remembered()
        turn: Turn | None
        try:
            turn = self._turn(state, event)
        except LostError:
            logger().error("conversation lost", reason="damaged")
            turn, lost = self._turn(None, event), True
        if turn is None and state is not None and self._is_the_state_at_fault():
            turn, lost = self._turn(None, event), True
        if turn is None:
            sorry = self._sealed(b"[%b]" % text_message(self.turns.phrases.fallback))
            return Decision(Outcome.QUARANTINED, Keep(situation.faults + 1), sorry)

        letter = self._answer(turn, lost, crowded)
        if situation.late or crowded:  # shown again, and nothing else
            outcome = Outcome.COALESCED if crowded else Outcome.LATE
            return Decision(outcome, Keep() if turn.state is None else self._save(turn), letter)
        if turn.state is None:
            return Decision(Outcome.ERASED, Erase(), letter)
        return Decision(Outcome.APPLIED, self._save(turn), letter)

    def _remembered(self) -> tuple[bytes | None, bool]:
        """The conversation as JSON, None when there is none; and whether one was lost."""
        if self.situation.state is None:
            return None, False
        try:
            return (
                self.turns.vault.open(self.situation.state, CONVERSATION, self.arrival.user_key),
                False,
            )
        except UnreadableError:
            logger().error("conversation lost", reason="unreadable")
            return None, True

    def _answer(self, turn: Turn, lost: bool, crowded: bool) -> bytes | None:
        """The messages of *turn*, sealed, after a word on what is unusual about them."""
        phrases = self.turns.phrases
        if not turn.count:
            return None
        if turn.count >= MOST_MESSAGES or not (lost or crowded):
            return self._sealed(turn.messages, turn.packed)
        word = text_message(phrases.memory_lost if lost else phrases.crowded)
        return self._sealed(b"[%b,%b" % (word, turn.messages[1:]))

    def _turn(self, state: bytes | None, event: Event) -> Turn | None:
        """The turn, None when the flow cannot make it."""
        for _ in range(TRIES):
            try:
                return self.turns.flow.turn(state, event, self.situation.now)
            except (NewerError, LostError):
                raise
            except Exception as error:
                logger().error("event not handled", error=type(error).__name__, where=where(error))
        return None

    def _is_the_state_at_fault(self) -> bool:
        return self.situation.faults + 1 >= FAULTS_BEFORE_FRESH_START

    def _save(self, turn: Turn) -> Change:
        assert turn.state is not None
        return Save(self.turns.vault.seal(turn.state, CONVERSATION, self.arrival.user_key))

    def _sealed(self, messages: bytes, packed: bytes = b"") -> bytes:
        """The letter with *messages*, which is kept in ``letter`` as well."""
        # The retry key is made with the answer: every attempt to push it carries the same.
        key = str(uuid.UUID(bytes=os.urandom(16), version=4)) if self.to else ""
        self.letter = Letter(self.reply_token, messages, self.to, key, packed)
        return self.letter.sealed(
            self.turns.vault, self.arrival.user_key, self.situation.seq, self.arrival.event_key
        )
