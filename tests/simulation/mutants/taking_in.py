"""Mistakes in how events are taken in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from bot.engine import flow
from bot.engine.accept import Reception
from bot.store.port import (
    Accepted,
    Arrival,
    Decide,
    Outcome,
)
from bot.store.rules import crowd
from bot.store.weighing import Known, Taken
from flows.conversation import Conversation, NewerError
from tests.simulation import operations
from tests.simulation.database import Database
from tests.simulation.locks import Locks
from tests.simulation.mutants.registry import Patch, mutant
from tests.simulation.rows import Rows
from tests.simulation.store import ModelStore


@mutant("I1", seeds=20)
def _acknowledge_before_storing(patch: Patch) -> None:
    take_all = Reception.take_all

    async def later(self: Reception, items: Any) -> None:
        asyncio.get_running_loop().create_task(take_all(self, items))

    patch.setattr(Reception, "take_all", later)


@mutant("I7", seeds=50)
def _erase_keeps_the_outbox(patch: Patch) -> None:
    write = operations.write

    def careless(rows: Rows, arrival: Arrival, taken: Taken, lease: int) -> None:
        write(rows, arrival, replace(taken, erase=False), lease)

    patch.setattr(operations, "write", careless)


@mutant("I7", seeds=50)
def _no_tombstone(patch: Patch) -> None:
    write = operations.write

    def traceless(rows: Rows, arrival: Arrival, taken: Taken, lease: int) -> None:
        if taken.person is not None:
            taken = replace(taken, person=replace(taken.person, erased_at=None))
        write(rows, arrival, taken, lease)

    patch.setattr(operations, "write", traceless)


@mutant("I1 I2 I3 I7", seeds=100)
def _no_lock_for_a_person(patch: Patch) -> None:
    class Open(Locks):
        async def acquire(self, key: Any) -> None:
            """Everybody at once."""

        def release(self, key: Any) -> None:
            """Nobody waits."""

        def hand_over(self, key: Any) -> None:
            """Nobody holds it."""

    made = Database.__init__

    def make(self: Database, *args: Any) -> None:
        made(self, *args)
        self.locks, self.order = Open(), Open()

    patch.setattr(Database, "__init__", make)


@mutant("I1 I2 I3", seeds=300)
def _dedupe_outside_the_transaction(patch: Patch) -> None:
    """Whether an event is known is asked first, in a transaction of its own."""
    accept, known = ModelStore.accept, operations.known

    async def hasty(
        self: ModelStore, arrival: Arrival, decide: Decide, lease: int | None = None
    ) -> Accepted:
        await self._ready()
        if arrival.event_key in self.database.people.get(arrival.user_key, Rows()).inbox:
            return Accepted(Outcome.DUPLICATE)
        return await accept(self, arrival, decide, lease)

    def unasked(rows: Rows, arrival: Arrival, now: int) -> Known:
        return replace(known(rows, arrival, now), heard=False)

    patch.setattr(ModelStore, "accept", hasty)
    patch.setattr(operations, "known", unasked)


@mutant("I2 I3", seeds=300)
def _what_was_put_away_waits_while_others_pass(patch: Patch) -> None:
    """An event is decided on though earlier ones of the person are still deferred."""
    known = operations.known

    def impatient(rows: Rows, arrival: Arrival, now: int) -> Known:
        return replace(known(rows, arrival, now), behind=False)

    patch.setattr(operations, "known", impatient)


@mutant("I7", seeds=300)
def _what_was_taken_back_is_read_all_the_same(patch: Patch) -> None:
    known = operations.known

    def curious(rows: Rows, arrival: Arrival, now: int) -> Known:
        return replace(known(rows, arrival, now), unsent=False)

    patch.setattr(operations, "known", curious)


@mutant("I2", seeds=100, newer=0.6, kills=1.0)
def _an_older_program_begins_anew_what_a_newer_one_wrote(patch: Patch) -> None:
    read = flow._read

    def begun_anew(state: bytes | None) -> Conversation:
        try:
            return read(state)
        except NewerError:
            return Conversation()

    patch.setattr(flow, "_read", begun_anew)


@mutant("I8", seeds=600)
def _a_crowd_outlives_its_erasure(patch: Patch) -> None:
    """Its one answer is erased with everything else, its count is not."""
    write = operations.write

    def counted_on(rows: Rows, arrival: Arrival, taken: Taken, lease: int) -> None:
        if taken.erase and taken.person is not None:
            on = crowd(rows.person.crowd, taken.received)
            taken = replace(taken, person=replace(taken.person, crowd=on))
        write(rows, arrival, taken, lease)

    patch.setattr(operations, "write", counted_on)
