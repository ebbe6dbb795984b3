"""Takes in what was heard: one event, one person, one transaction."""

from __future__ import annotations

from collections.abc import Callable

from bot.clock import Clock, millis
from bot.engine import turn
from bot.engine.pseudonym import Pseudonyms, event_key
from bot.engine.turn import Turns
from bot.line.heard import Heard, Joined, Left
from bot.store.port import Arrival, Decide, Outcome, Store
from bot.store.rules import believed

Item = Heard | Left | Joined


class Reception:
    """Accepts events durably. When `take` returns, the event is on the disk."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        pseudonyms: Pseudonyms,
        clock: Clock,
        answer_waits: Callable[[bytes], None],
    ) -> None:
        """``answer_waits`` is told the store's key of a person whose answer is ready to go."""
        self._store = store
        self._turns = turns
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._answer_waits = answer_waits

    def key(self, item: Item) -> bytes:
        """The store's key of the person or place *item* is about."""
        if isinstance(item, Joined):
            return self._pseudonyms.place(item.place)
        return self._pseudonyms.person(item.person)

    async def take(self, item: Item, key: bytes | None = None) -> Outcome:
        """Take in *item*, exactly once however often it is delivered. *key* as `key` tells it.

        Raises StoreDownError when it could not be stored.
        """
        now = self._clock.now()
        received = millis(now)
        arrival = Arrival(
            user_key=key or self.key(item),
            event_key=event_key(item.event_id),
            at=believed(item.at, received),
            received=received,
            redelivered=isinstance(item, Heard) and item.redelivered,
            leaving=isinstance(item, Left),
        )
        decide: Decide
        match item:
            case Heard():
                decide = self._turns.answer(arrival, item.event, item.reply_token, now)
            case Joined():
                decide = self._turns.greet_group(arrival, item.reply_token)
            case Left():
                decide = turn.forget
        accepted = await self._store.accept(arrival, decide)
        if accepted.answer_waits:
            self._answer_waits(arrival.user_key)
        return accepted.outcome
