"""Looks over the app's shoulder through its own ports: what was meant, and what still waits.

LINE messages carry no ids of ours, and the database keeps only what is sealed. But the app is
given its store and its flow from outside, so the simulator hands it both with a witness
around: every event's answer becomes known as the flow said it, and every answer's end too.
Nothing in the app knows, and nothing is changed on the way.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from bot.app import CatalogStep
from bot.store.port import (
    Accepted,
    Arrival,
    Change,
    Claim,
    Decide,
    Decision,
    Erase,
    Finished,
    Outcome,
    Save,
    Settlement,
    Situation,
    Status,
    Store,
)
from content.catalog import Catalog
from flows.conversation import Conversation, Event, Say


@dataclass(frozen=True, slots=True)
class Step:
    """What the flow was asked, and what it answered; see `flows.step.step`."""

    before: Conversation
    event: Event
    now: datetime
    after: Conversation | None
    says: tuple[Say, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """How one event was answered.

    ``step`` is None where the flow was not asked (a group, an erasure) or failed. ``whose`` is
    the person's key in the store.
    """

    outcome: Outcome
    whose: bytes
    step: Step | None = None

    @property
    def says(self) -> tuple[Say, ...]:
        """What the flow said; nothing where it was not asked."""
        return self.step.says if self.step else ()


@dataclass(frozen=True, slots=True)
class _Decided:
    change: Change
    step: Step | None


class Watch:
    """What the app decided and sent. *changed* is notified of all of it.

    Events go by their key in the store (`bot.engine.pseudonym.event_key`).
    """

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._flow = threading.local()  # what the flow said last, in the store's thread
        self._told: dict[bytes, Told] = {}
        self._remembered: dict[bytes, Conversation | None] = {}
        self._answers: dict[bytes, Status] = {}
        self._planted: dict[bytes, Conversation] = {}

    def told(self, event: bytes) -> Told | None:
        """How *event* was answered; None if it was not."""
        with self._changed:
            return self._told.get(event)

    def remembered(self, whose: bytes) -> Conversation | None:
        """What the app remembers of a person, by their key in the store; None for nobody."""
        with self._changed:
            return self._remembered.get(whose)

    def waiting(self, events: Iterable[bytes] | None = None) -> int:
        """How many answers, to *events* or to all, have not come to an end."""
        with self._changed:
            asked = tuple(self._answers) if events is None else events
            return sum(self._answers.get(event) is Status.WAITING for event in asked)

    def plant(self, event: bytes, conversation: Conversation) -> None:
        """Let *event* lead to *conversation* without a word, whatever the flow would make of it.

        So a person is put where somebody was before: by the app itself, which saves what its
        flow gives it.
        """
        with self._changed:
            self._planted[event] = conversation

    def around_flow(self, step: CatalogStep) -> CatalogStep:
        """*step*, seen."""

        def seen(
            conversation: Conversation, event: Event, catalog: Catalog, now: datetime
        ) -> tuple[Conversation | None, Sequence[Say]]:
            after: Conversation | None
            says: Sequence[Say]
            planted = getattr(self._flow, "planted", None)
            if planted is not None:
                after, says = planted, ()
            else:
                after, says = step(conversation, event, catalog, now)
            self._flow.step = Step(conversation, event, now, after, tuple(says))
            return after, says

        return seen

    def around_store(self, store: Store) -> Store:
        """*store*, seen."""
        return cast(Store, _SeenStore(store, self))

    # --- for the witness around the store ----------------------------------------------------

    def deciding(self, decide: Decide, event: bytes, decided: list[_Decided]) -> Decide:
        """*decide*, noting in *decided* what it decides: the last time it is asked counts."""

        def seen(situation: Situation) -> Decision:
            self._flow.step = None
            self._flow.planted = self._planted.get(event)
            decision = decide(situation)
            decided.append(_Decided(decision.change, self._flow.step))
            return decision

        return seen

    def accepted(self, arrival: Arrival, accepted: Accepted, decided: list[_Decided]) -> None:
        """*arrival* is stored, with what was *decided* on it."""
        if accepted.outcome in (None, Outcome.DUPLICATE):
            return
        last = decided[-1] if decided else None
        with self._changed:
            self._told[arrival.event_key] = Told(
                accepted.outcome, arrival.user_key, last.step if last else None
            )
            match last:
                case _Decided(Save(), step):
                    self._remembered[arrival.user_key] = step.after if step else None
                case _Decided(Erase()):
                    self._remembered[arrival.user_key] = None
                    self._drop_answers(arrival.user_key)
            if accepted.answer_waits:
                self._answers.setdefault(arrival.event_key, Status.WAITING)
            self._changed.notify_all()

    def settled(self, claim: Claim, settlement: Settlement) -> None:
        """An attempt to send an answer has ended."""
        if isinstance(settlement, Finished):
            with self._changed:
                self._answers[claim.event_key] = settlement.status
                self._changed.notify_all()

    def _drop_answers(self, whose: bytes) -> None:
        """An erasure takes along what still waited to be sent to the person."""
        for event, status in self._answers.items():
            if status is Status.WAITING and self._told[event].whose == whose:
                self._answers[event] = Status.PARKED


class _SeenStore:
    """A `bot.store.port.Store` with a witness; what is not witnessed goes straight through."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self._store = store
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def accept(self, arrival: Arrival, decide: Decide, lease: int | None = None) -> Accepted:
        decided: list[_Decided] = []
        watched = self._watch.deciding(decide, arrival.event_key, decided)
        accepted = await self._store.accept(arrival, watched, lease)
        self._watch.accepted(arrival, accepted, decided)
        return accepted

    async def settle(self, claim: Claim, settlement: Settlement) -> bool:
        more = await self._store.settle(claim, settlement)
        self._watch.settled(claim, settlement)
        return more
