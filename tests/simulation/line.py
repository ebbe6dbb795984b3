"""LINE as it posts webhooks: signed, in two seconds or not at all, once more, or twice.

Semantics from reference/messaging-api and receiving-messages: what was not answered with 200
may be delivered again, by an interval nobody knows, in any order; what was may be, too.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from tests.simulation.history import History
from tests.simulation.life import Told
from tests.simulation.loop import SimLoop
from tests.simulation.messaging import Messaging, Token
from tests.simulation.node import SECRET, Node
from tests.simulation.troubles import LINGER, Luck

WAITS = 2.0
"""Seconds LINE waits for an answer (messaging-api/check-webhook-error-statistics)."""

MOST_DELIVERIES = 8
"""Of one body; in a world at peace the next one gets through."""


class Line:
    """Delivers webhooks to some node. ``pending`` counts bodies that may still be delivered;
    ``bot_returns`` is when all nodes are back that are away together (the loop's seconds)."""

    def __init__(
        self,
        loop: SimLoop,
        nodes: Sequence[Node],
        messaging: Messaging,
        luck: Luck,
        history: History,
    ) -> None:
        self.pending = 0
        self.bot_returns = 0.0
        self._nodes = nodes
        self._messaging = messaging
        self._luck = luck
        self._history = history
        self._loop = loop

    def tell(self, events: Sequence[tuple[Told, dict[str, Any]]]) -> None:
        """People did things; LINE tells the bot of them in one body."""
        for told, _ in events:
            self._history.tell(told)
            if told.token:
                self._messaging.tokens[told.token] = Token(
                    told,
                    born=self._loop.now,
                    delivered=self._loop.now,
                    strict=self._luck.strikes("strict"),
                    picky=self._luck.random.random() < 0.2,
                )
        self.pending += 1
        self._loop.create_task(self._deliver(events))

    async def _deliver(self, events: Sequence[tuple[Told, dict[str, Any]]]) -> None:
        luck, again = self._luck, False
        for attempt in range(MOST_DELIVERIES):
            lingers = LINGER if luck.strikes("lingering") else 0.05
            await asyncio.sleep(luck.seconds(lingers))
            if again or attempt == 0:  # a duplicate by mistake does nothing for the tokens
                self._wind_up(events)
            status = await self._post(events, again)
            if status == 200 and not luck.strikes("twice"):
                break
            if status != 200 and luck.strikes("giving_up"):
                break
            # Also what was taken comes again, marked as such or not.
            again = status != 200 or luck.random.random() < 0.5
            await asyncio.sleep(self._pause())
        self.pending -= 1

    def _pause(self) -> float:
        """Seconds until the next delivery: a few; when the bot is away, just after its return."""
        luck, away = self._luck, self.bot_returns - self._loop.now
        if away > 0 and luck.random.random() < 0.8:
            return away + luck.seconds(3.0)
        return luck.seconds(90.0 if luck.random.random() < 0.02 else 3.0)

    async def _post(self, events: Sequence[tuple[Told, dict[str, Any]]], again: bool) -> int:
        """One delivery to some node; 0 when there was no answer in time."""
        node = self._luck.random.choice(self._nodes)
        body = _body([event | {"deliveryContext": {"isRedelivery": again}} for _, event in events])
        if not node.alive:
            return 0
        begun, process = self._loop.now, node.process
        taking = node.take(body, _signature(body))
        taking.add_done_callback(lambda done: self._hold_to_time(node, process, begun))
        await asyncio.wait([taking], timeout=WAITS)
        if not taking.done():
            return 0
        if (error := taking.exception()) is not None:
            self._history.wrong.append(f"I0: a webhook raised {error!r}")
            return 500
        if taking.result() == 200:
            self._history.acknowledged([told for told, _ in events])
        return taking.result()

    def _wind_up(self, events: Sequence[tuple[Told, dict[str, Any]]]) -> None:
        """The minute of a reply token begins with each delivery."""
        for told, _ in events:
            if told.token:
                self._messaging.tokens[told.token].delivered = self._loop.now

    def _hold_to_time(self, node: Node, process: str, begun: float) -> None:
        took = self._loop.now - begun
        if took > WAITS and not begun < node.disturbed:
            self._history.wrong.append(f"I11: {process} took {took:.3f} s to answer LINE")


def _body(events: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps({"destination": "U" + "0" * 32, "events": events}).encode()


def _signature(body: bytes) -> bytes:
    return base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256))
