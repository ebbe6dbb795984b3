"""LINE's Messaging API as it treats a caller: tokens, retry keys, quotas, and bad days.

Semantics from reference/messaging-api: a reply token works once, for a minute after LINE's last
delivery of its event (longer is "not guaranteed"), and never twenty minutes after the event; a
retry key accepted before is answered 409 for a day, and never accepted on a reply.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass

from bot.line.client import TIMEOUT, Accepted, Answer, Refused, Unknown
from tests.simulation.counting import Kind
from tests.simulation.history import History, said
from tests.simulation.life import Told
from tests.simulation.loop import NODE
from tests.simulation.troubles import Luck

TOKEN_PROMISED, TOKEN_END = 60.0, 20 * 60.0
KEY_LIFE = 24 * 3600.0

MISHAPS = ("refused", "500 before", "500 after", "no answer before", "no answer after")
MORE_MISHAPS = ("reset before", "reset after", "garbage after", "slow")

PLAIN_TEXT = "plainly"
"""What the bot says in place of an answer that LINE refuses."""


@dataclass(slots=True)
class Token:
    """A reply token. ``delivered`` is when LINE last handed it over, in the loop's seconds.

    ``strict``: it dies after the minute that is promised. ``picky``: LINE does not even take
    the plain text.
    """

    told: Told
    born: float
    delivered: float
    strict: bool
    picky: bool
    used: bool = False

    def is_alive(self, now: float) -> bool:
        """Whether LINE takes it at *now*."""
        if self.used or now - self.born > TOKEN_END:
            return False
        return now - self.delivered <= TOKEN_PROMISED or not self.strict


class Messaging:
    """The API, for all nodes. ``pushes`` counts those accepted."""

    def __init__(self, luck: Luck, history: History, now: Callable[[], float]) -> None:
        self.luck = luck
        self.tokens: dict[str, Token] = {}
        self.pushes = 0
        self.refusing: Refused | None = None
        self.quota = luck.random.randint(0, 2) if luck.strikes("quota") else 1_000_000
        self.taken: Callable[[str], None] = lambda process: None  # whose call had its effect
        self._keys: dict[str, float] = {}
        self._history = history
        self._now = now
        self._checks_messages_first = luck.random.random() < 0.5

    async def reply(self, token: str, messages: bytes) -> Answer:
        """As `LineClient.reply`."""
        return await self._call(lambda: self._replied(token, messages))

    async def push(self, to: str, messages: bytes, retry_key: str) -> Answer:
        """As `LineClient.push`."""
        return await self._call(lambda: self._pushed(to, messages, retry_key))

    # --- what LINE does --------------------------------------------------------------------

    def _replied(self, name: str, messages: bytes) -> Answer:
        token, text = self.tokens.get(name), said(messages)
        picky = token is not None and token.picky
        bad = text.startswith(Kind.ODD.value) or (picky and text == PLAIN_TEXT)
        refused = Refused(400, "A message (messages[0]) in the request body is invalid", "r")
        if bad and self._checks_messages_first:
            return refused
        if token is None or not token.is_alive(self._now()):
            return Refused(400, "Invalid reply token", "r")
        if bad:
            return refused
        token.used = True
        self._history.delivered(token.told, "", "", text, self._now())
        return Accepted("r")

    def _pushed(self, to: str, messages: bytes, key: str) -> Answer:
        now, text = self._now(), said(messages)
        if key and now - self._keys.get(key, -KEY_LIFE) < KEY_LIFE:
            return Accepted("r")  # 409, with the id of the request that was accepted
        if text.startswith(Kind.ODD.value):
            return Refused(400, "A message (messages[0]) in the request body is invalid", "r")
        if self.pushes >= self.quota:
            return Refused(429, "You have reached your monthly limit.", "r")
        self._keys[key] = now
        self.pushes += 1
        self._history.delivered(None, key or "none", to, text, now)
        return Accepted("r")

    # --- how it gets there and back ----------------------------------------------------------

    async def _call(self, effect: Callable[[], Answer]) -> Answer:
        """Make a call: it goes out, has its *effect* at LINE, and comes back, or does not.

        What has left the caller takes effect whether the caller lives to hear of it or not.
        """
        loop, random = asyncio.get_running_loop(), self.luck.random
        mishap = random.choice(MISHAPS + MORE_MISHAPS) if self.luck.strikes("errors") else ""
        if mishap == "refused":
            return Unknown("no connection", left=False)
        there, back = self.luck.seconds(0.2), self.luck.seconds(0.2)
        if mishap == "slow":
            there = random.random() * TIMEOUT
        if mishap == "no answer after":
            there, back = random.random() * TIMEOUT, TIMEOUT
        heard: asyncio.Future[Answer] = loop.create_future()
        process = NODE.get()
        self._history.note(f"{process} calls LINE; mishap: {mishap or 'none'}")

        def arrive() -> None:
            answer: Answer | None = self.refusing
            if answer is None and not mishap.endswith("before"):
                answer = effect()
                self.taken(process)
            told = _as_heard(mishap, answer)
            if told is not None:
                loop.call_later(back, hear, told, context=Context())

        def hear(answer: Answer) -> None:
            if not heard.done():
                heard.set_result(answer)

        loop.call_later(there, arrive, context=Context())
        try:
            async with asyncio.timeout(TIMEOUT):
                return await heard
        except TimeoutError:
            return Unknown("timeout")


def _as_heard(mishap: str, answer: Answer | None) -> Answer | None:
    """What the caller hears when LINE said *answer* and *mishap* came between; None: nothing."""
    kind = mishap.partition(" ")[0]
    match kind:
        case "500":
            return Unknown("status 500")
        case "reset":
            return Unknown("connection lost")
        case "garbage":
            return Unknown("unreadable answer")
        case "no":
            return None
    return answer
