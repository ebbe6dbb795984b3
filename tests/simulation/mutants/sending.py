"""Mistakes in how answers are sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import Random
from typing import Any

from bot.engine import verdict
from bot.engine.accept import Reception
from bot.engine.attempt import Attempts
from bot.engine.deliver import Deliverer
from bot.engine.letter import Letter, unsealed
from bot.line.client import Answer
from bot.store import weighing
from bot.store.port import (
    Accepted,
    Arrival,
    Claim,
    Decide,
    Decision,
    Finished,
    Situation,
    Status,
)
from tests.simulation import operations
from tests.simulation.messaging import Messaging
from tests.simulation.mutants.registry import Patch, mutant
from tests.simulation.node import VAULT
from tests.simulation.rows import Answer as Row
from tests.simulation.rows import Rows


@mutant("I3", seeds=20)
def _send_before_commit(patch: Patch) -> None:
    class Eager:
        def __init__(self, store: Any, line: Any) -> None:
            self.store, self.line = store, line

        def __getattr__(self, name: str) -> Any:
            return getattr(self.store, name)

        async def accept(self, arrival: Arrival, decide: Decide, lease: int | None) -> Accepted:
            def deciding(situation: Situation) -> Decision:
                decision = decide(situation)
                if sealed := decision.letter:
                    place = (arrival.user_key, situation.seq, arrival.event_key)
                    letter = unsealed(VAULT, sealed, *place)
                    reply = self.line.reply(letter.reply_token, letter.messages)
                    asyncio.get_running_loop().create_task(reply)
                return decision

            accepted: Accepted = await self.store.accept(arrival, deciding, lease)
            return accepted

    made = Reception.__init__

    def make(self: Any, store: Any, *args: Any, **rest: Any) -> None:
        made(self, store, *args, **rest)
        self._store = Eager(store, self._deliverer._attempts._line)

    patch.setattr(Reception, "__init__", make)


@mutant("I3", seeds=20)
def _mark_sent_before_send(patch: Patch) -> None:
    async def carry_out(self: Any, claim: Claim, *rest: Any) -> bool:
        more: bool = await self._store.settle(claim, Finished(Status.SENT))
        await self._attempts.make(claim, *rest)
        return more

    patch.setattr(Deliverer, "_carry_out", carry_out)


@mutant("I3", seeds=50)
def _no_order_of_sending_to_a_person(patch: Patch) -> None:
    """Answers are claimed one by one, skipping those that are locked."""

    def free(self: Rows) -> tuple[int, Row] | None:
        waiting = [item for item in self.outbox.items() if item[1].status is Status.WAITING]
        unclaimed = [item for item in waiting if not item[1].claimed]
        return min(unclaimed or waiting, key=lambda item: item[0], default=None)

    patch.setattr(Rows, "oldest", free)


@mutant("I6 I4", seeds=200)
def _reply_to_another_person(patch: Patch) -> None:
    """Now and then an answer goes out by the token of the one before."""
    sent, random, tokens = Attempts._sent, Random(2), [""]

    async def mixed_up(self: Attempts, claim: Claim, letter: Letter) -> Answer:
        token = tokens.pop() if random.random() < 0.05 else letter.reply_token
        tokens.append(letter.reply_token)
        return await sent(self, claim, replace(letter, reply_token=token))

    patch.setattr(Attempts, "_sent", mixed_up)


@mutant("I3", seeds=50)
def _push_after_an_ambiguous_reply(patch: Patch) -> None:
    patch.setattr(verdict, "_token_refused", lambda _claim, _age: verdict.PushInstead())


@mutant("I3", seeds=200, outage=70, strict=1, errors=0.4, quota=0, refusals=0.5)
def _no_retry_key_on_push(patch: Patch) -> None:
    push = Messaging.push

    async def bare(self: Messaging, to: str, messages: bytes, _key: str) -> Answer:
        return await push(self, to, messages, "")

    patch.setattr(Messaging, "push", bare)


@mutant("I3", seeds=100)
def _a_lease_that_ran_out_tells_nothing(patch: Patch) -> None:
    """Whoever takes over from a dead sender believes that nothing was sent."""
    claimed = operations.claimed

    def forgetful(user_key: bytes, lease: int, rows: Rows, now: int) -> Claim | None:
        first = rows.oldest()
        if first is not None and operations.is_due(first[1], now):
            rows.outbox[first[0]] = replace(first[1], claimed=False)
        return claimed(user_key, lease, rows, now)

    patch.setattr(operations, "claimed", forgetful)


@mutant("I3", seeds=100, outage=1195, errors=0.6, giving_up=0)
def _a_token_that_lives_a_minute_whenever_it_comes(patch: Patch) -> None:
    """The end after twenty minutes is forgotten where a redelivery came just before it."""
    patch.setattr(
        weighing,
        "token_born",
        lambda at, received, redelivered: received if redelivered else min(at, received),
    )
