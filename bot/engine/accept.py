"""Takes in what was heard: one event, one person, one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.deadlines import Deadlines
from bot.engine import turn
from bot.engine.deliver import Deliverer
from bot.engine.metrics import Metrics
from bot.engine.parcel import packed
from bot.engine.pseudonym import Pseudonyms, event_key, message_key
from bot.engine.rekey import Resealer
from bot.engine.turn import Answering, Turns
from bot.engine.vault import Vault
from bot.line.heard import Heard, Ignored, Joined, Left, Unsent, Why
from bot.logs import logger, where
from bot.store.port import Arrival, Decide, Deferred, Outcome, Store, StoreDownError
from flows.conversation import NewerError

Decided = Heard | Left | Joined
"""What a decision is taken on."""

Item = Decided | Unsent | Ignored
"""What is written down."""

DECIDE_SECONDS = 1.2
"""Of LINE's two seconds (messaging-api/check-webhook-error-statistics); what is not decided by
then is only put away, to be decided on at once afterwards."""

DEFER_SECONDS = 0.5
"""For putting away; the rest is for the way and for reading the body."""

RECORDED = {Why.STANDBY: Outcome.STANDBY, Why.OTHER_DESTINATION: Outcome.FOREIGN}
"""Events that are none of our business, but whose receipt is."""


class Reception:
    """Accepts events durably. When `take_all` returns, every event is on the disk."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        pseudonyms: Pseudonyms,
        vault: Vault,
        deliverer: Deliverer,
        metrics: Metrics,
        *,
        decide_within: float | None = None,
    ) -> None:
        """*decide_within* seconds all of a webhook is decided on; `DECIDE_SECONDS` by default."""
        self._store = store
        self._turns = turns
        self._pseudonyms = pseudonyms
        self._vault = vault
        self._deliverer = deliverer
        self._metrics = metrics
        self._deciding = Deadlines(decide_within or DECIDE_SECONDS)
        self._loop = asyncio.get_running_loop()

    async def take_all(self, items: Sequence[Item]) -> None:
        """Take in *items*, each exactly once, the events of a person in the order they happened.

        Raises StoreDownError when one could not even be put away.
        """
        # Whole before anything begins: the time may be over before some work has even started.
        left: dict[bytes, list[Item]] = {}
        for item in items:
            left.setdefault(self._key(item), []).append(item)
        for mine in left.values():
            if len(mine) > 1:
                mine.sort(key=lambda item: item.at)
        works = [self._take_in_order(key, left) for key in left]
        try:
            with self._deciding:
                await asyncio.gather(*works) if len(works) > 1 else await works[0]
        except TimeoutError:
            logger().error("webhook too slow", events=len(items))
        if left:
            await self._put_away([(key, item) for key, mine in left.items() for item in mine])

    async def decide(self, item: Decided, arrival: Arrival) -> Outcome | None:
        """Decide on *item*, which is *arrival* to the store; None when earlier ones must go first.

        Raises StoreDownError, and NewerError where only a newer program can decide.
        """
        match item:
            case Heard():
                decide: Decide = self._turns.answer(
                    arrival, item.event, item.reply_token, item.person
                )
            case Joined():
                decide = self._turns.greet_group(arrival, item.reply_token)
            case Left():
                decide = turn.forget
        since = self._loop.time()
        accepted = await self._store.accept(arrival, decide, self._deliverer.lease)
        if accepted.outcome is not None:
            self._metrics.event(accepted.outcome)
        if accepted.claim is not None:
            letter = decide.letter if isinstance(decide, Answering) else None
            self._deliverer.answer_is_ours(accepted.claim, since, letter)
        elif accepted.answer_waits:
            self._deliverer.answer_waits(arrival.user_key)
        return accepted.outcome

    # --- one person ---------------------------------------------------------------------

    async def _take_in_order(self, key: bytes, left: dict[bytes, list[Item]]) -> None:
        """Take one person's events; what could not be decided on stays in *left*."""
        waiting = left[key]
        try:
            for earlier in self._earlier_keys(waiting[0]):
                await self._store.adopt(earlier, key, Resealer(self._vault, earlier, key))
            while waiting:
                item = waiting[0]
                arrival = self._arrival(item, key)
                if isinstance(item, Ignored | Unsent):
                    await self._record(item, arrival)
                elif await self.decide(item, arrival) is None:
                    return
                del waiting[0]
        except (StoreDownError, NewerError):
            return
        except Exception as error:
            logger().error("event not decided", error=type(error).__name__, where=where(error))
            return
        del left[key]

    async def _record(self, item: Ignored | Unsent, arrival: Arrival) -> None:
        match item:
            case Ignored(reason=reason):
                outcome = await self._store.note(arrival, RECORDED[reason])
            case Unsent():
                outcome = await self._store.unsend(arrival)
        self._metrics.event(outcome)

    async def _put_away(self, late: Sequence[tuple[bytes, Item]]) -> None:
        """Keep what was not decided on; only what is to be decided on can be kept."""
        events: list[Deferred] = []
        for key, item in late:
            if isinstance(item, Decided):
                arrival = self._arrival(item, key)
                parcel = packed(item, self._vault, key, arrival.event_key)
                events.append(Deferred(arrival, parcel))
        try:
            async with asyncio.timeout(DEFER_SECONDS):
                await self._store.defer(events)
        except TimeoutError:
            raise StoreDownError("too slow") from None
        self._metrics.deferred(len(events))
        logger().warning("deferred", events=len(events))
        if len(events) < len(late):
            raise StoreDownError("not recorded")

    # --- names --------------------------------------------------------------------------

    def _key(self, item: Item) -> bytes:
        """The store's key of the person or place *item* is about."""
        if isinstance(item, Joined):
            return self._pseudonyms.place(item.place)
        return self._pseudonyms.person(item.person)

    def _earlier_keys(self, item: Item) -> list[bytes]:
        """What `_key` was under the master keys before; none, but while keys change."""
        if isinstance(item, Joined):
            return self._pseudonyms.earlier_places(item.place)
        return self._pseudonyms.earlier(item.person)

    def _arrival(self, item: Item, key: bytes) -> Arrival:
        message = item.message if isinstance(item, Heard | Unsent) else ""
        return Arrival(
            user_key=key,
            event_key=event_key(item.event_id),
            at=item.at,
            redelivered=isinstance(item, Heard) and item.redelivered,
            leaving=isinstance(item, Left),
            message_key=message_key(message) if message else None,
        )
