"""What people do: they write, press, change their minds, leave, come back, and hammer on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from random import Random
from typing import Any

from bot.line.postback import encode
from flows.conversation import Pressed
from tests.simulation.counting import UNMARKED, Kind
from tests.simulation.history import History
from tests.simulation.life import Told, Way
from tests.simulation.line import Line

EPOCH = 1_795_000_000_000
"""The moment at which every world begins, in ms since 1970: a day in November 2026."""

BURST = 0.4
"""Chance that something happens at the very instant of what happened before it."""

TOGETHER = 0.5
"""Chance that LINE tells of what happened at one instant in one body."""

FLOOD = 26
"""Messages of somebody who hammers: more than the engine answers one by one."""

DEEDS: dict[tuple[Way, Kind], int] = {
    (Way.TEXT, Kind.PLAIN): 40,
    (Way.TEXT, Kind.SILENT): 3,
    (Way.TEXT, Kind.POISON): 4,
    (Way.TEXT, Kind.BREAK): 3,
    (Way.TEXT, Kind.ODD): 5,
    (Way.TEXT, Kind.FLAKY): 4,
    (Way.TEXT, Kind.ERASE): 5,
    (Way.PRESS, Kind.PLAIN): 8,
    (Way.PRESS, Kind.ERASE): 2,
    (Way.STICKER, Kind.PLAIN): 3,
    (Way.IMAGE, Kind.PLAIN): 3,
    (Way.FOLLOW, Kind.PLAIN): 2,
    (Way.LEAVE, Kind.PLAIN): 4,
    (Way.UNSEND, Kind.PLAIN): 5,
    (Way.STANDBY, Kind.PLAIN): 2,
    (Way.JOIN, Kind.PLAIN): 1,
}
"""How often each thing is done, in proportion."""


class People:
    """Everybody who writes to the bot."""

    def __init__(
        self, count: int, line: Line, history: History, skew: float, random: Random
    ) -> None:
        """*skew* is how far LINE's clock is ahead, in seconds."""
        self._random = random
        self._skew = skew
        self._line = line
        self._number = 0
        self._messages: dict[str, list[str]] = {}
        self._names = [f"p{number}" for number in range(1, count + 1)]
        for name in [*map(_user, self._names), _group()]:
            history.meet(name)

    async def live(self, seconds: float, deeds: int) -> None:
        """Do about *deeds* things within *seconds*."""
        loop, random = asyncio.get_running_loop(), self._random
        begun, last = loop.time(), loop.time() + seconds
        at_once: list[tuple[Told, dict[str, Any]]] = []
        for _ in range(deeds):
            if random.random() >= BURST:
                self._tell(at_once)
                at_once = []
                await asyncio.sleep(min(random.expovariate(deeds / seconds), last - loop.time()))
            at_once += self._deed(EPOCH + round((loop.time() + self._skew) * 1000))
        self._tell(at_once)
        await asyncio.sleep(max(0.0, begun + seconds - loop.time()))

    def _tell(self, events: list[tuple[Told, dict[str, Any]]]) -> None:
        if self._random.random() < TOGETHER:
            bodies = [events] if events else []
        else:
            bodies = [[event] for event in events]
        for body in bodies:
            self._line.tell(body)

    def _deed(self, at: int) -> Iterator[tuple[Told, dict[str, Any]]]:
        name = self._random.choice(self._names)
        way, kind = self._random.choices(list(DEEDS), list(DEEDS.values()))[0]
        flood = way is Way.TEXT and kind is Kind.PLAIN and self._random.random() < 0.01
        for _ in range(FLOOD if flood else 1):
            yield self._event(name, way, kind, at)

    def _event(self, name: str, way: Way, kind: Kind, at: int) -> tuple[Told, dict[str, Any]]:
        self._number += 1
        mark, number = f"{name}e{self._number}", self._number
        source: dict[str, Any] = {"type": "user", "userId": _user(name)}
        more: dict[str, Any] = {}
        sent = ""
        match way:
            case Way.TEXT | Way.STANDBY:
                self._messages.setdefault(name, []).append(str(number))
                message = {"type": "text", "id": str(number), "text": f"{mark} {kind}"}
                more = {"type": "message", "message": message}
            case Way.STICKER | Way.IMAGE:
                message = {"type": way.value, "id": str(number)}
                more = {"type": "message", "message": message}
            case Way.PRESS:
                data = encode(Pressed("", "", mark, kind.value))
                more = {"type": "postback", "postback": {"data": data}}
            case Way.FOLLOW:
                more = {"type": "follow"}
            case Way.LEAVE:
                more = {"type": "unfollow"}
            case Way.UNSEND:
                sent = self._random.choice(self._messages.get(name, ["unknown"])[-3:])
                more = {"type": "unsend", "unsend": {"messageId": sent}}
            case Way.JOIN:
                source = {"type": "group", "groupId": _group()}
                more = {"type": "join"}
        token = "" if way in (Way.LEAVE, Way.UNSEND) else f"t{number}"
        told = Told(
            event_id=f"01K{number:023}",
            person=_group() if way is Way.JOIN else _user(name),
            mark=UNMARKED if way is Way.IMAGE else way.value if way in GENERIC else mark,
            kind=kind,
            at=at,
            token=token,
            way=way,
            message=sent or more.get("message", {}).get("id", ""),
        )
        event = {
            "mode": "standby" if way is Way.STANDBY else "active",
            "timestamp": at,
            "webhookEventId": told.event_id,
            "source": source,
            "replyToken": token,
        }
        return told, event | more


GENERIC = (Way.STICKER, Way.FOLLOW)
"""What bears no mark of its own: the flow remembers it by its kind."""


def _user(name: str) -> str:
    return f"U{name}"


def _group() -> str:
    return "C1"
