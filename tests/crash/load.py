"""Many people who write to the bot, and LINE carrying it there: in bundles, late, and again."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import aiohttp

from bot.engine.pseudonym import event_key
from bot.store.rules import CROWD_LIMIT, CROWD_WINDOW
from tests.crash.history import History
from tests.crash.line import Line
from tests.crash.until import until
from tests.engine.posting import body, event, signature, user

LINE_WAITS = 2.0
"""Seconds LINE gives a webhook (messaging-api/check-webhook-error-statistics)."""

AGAIN_AFTER = 0.5
"""Seconds, at most, until LINE delivers again what was not answered with 200; then twice as many,
and so on. Its own are not told."""

LONGEST_AGAIN = 4.0
"""Never longer, so that all is over soon."""

DUPLICATES = 0.1
"""Share of the webhooks that LINE delivers again for no reason, also after a 200."""

BELATED = 0.01
"""Share of the events that LINE held back for minutes: their token is dead and they may be old."""

SILENT = 0.1
"""Share of the messages that ask for no answer: nothing but the count tells of them."""

OWN_LIMIT = CROWD_LIMIT // 2
"""Messages of one person in ten seconds: also with all of an outage on top, no crowd."""

Happening = dict[str, Any]


class Load:
    """*people* send *rate* events a second to whatever node *somewhere* names, if any."""

    def __init__(
        self,
        somewhere: Callable[[], str | None],
        line: Line,
        history: History,
        random: Random,
        people: int = 160,
        rate: float = 100.0,
        silent: float = SILENT,
    ) -> None:
        self.unanswered = 0
        self.made = 0
        self._somewhere = somewhere
        self._line = line
        self._history = history
        self._random = random
        self._people = people
        self._pause = 1 / rate
        self._silent = silent
        self._turn = 0.0
        self._stopping = False
        self._posts = itertools.count(1)
        self._numbers: dict[int, int] = defaultdict(int)
        self._newest: dict[int, int] = defaultdict(int)
        self._lately: dict[int, deque[float]] = defaultdict(deque)
        self._outgoing: asyncio.Queue[Happening] = asyncio.Queue()

    def stop(self) -> None:
        """Nobody writes any more; what was written is still delivered."""
        self._stopping = True

    async def run(self) -> None:
        """Write until `stop`, and carry until everything was answered with 200."""
        timeout = aiohttp.ClientTimeout(total=LINE_WAITS)
        connector = aiohttp.TCPConnector(limit=0)
        async with (
            aiohttp.ClientSession(timeout=timeout, connector=connector) as self._session,
            asyncio.TaskGroup() as self._tasks,
        ):
            carrying = self._tasks.create_task(self._carry())
            async with asyncio.TaskGroup() as writing:
                for who in range(1, self._people + 1):
                    writing.create_task(self._write(who))
            await until(lambda: not self.unanswered)
            carrying.cancel()

    # --- people -------------------------------------------------------------------------

    async def _write(self, who: int) -> None:
        """One person: several messages in a row, or one and a look at the answer."""
        while not self._stopping:
            await asyncio.sleep(self._random.expovariate(1.0))
            burst = self._random.random() < 0.3
            count = self._random.randint(2, 5) if burst else 1
            if not await self._may_say(who, count):
                continue
            if burst and self._random.random() < 0.5:  # at the same instant, to every node
                for _ in range(count):
                    self._send([self._say(who)])
                continue
            for _ in range(count):
                made = self._say(who)
                self._outgoing.put_nowait(made)
                await asyncio.sleep(self._random.uniform(0, 0.05))
            if not burst:
                await self._line.heard(str(made["replyToken"]), 3.0)

    async def _may_say(self, who: int, count: int) -> bool:
        """Whether *who* may write *count* messages; waits until it is their turn."""
        loop = asyncio.get_running_loop()
        lately = self._lately[who]
        while lately and lately[0] < loop.time() - CROWD_WINDOW / 1000:
            lately.popleft()
        if len(lately) + count > OWN_LIMIT:
            return False
        self._turn = max(self._turn, loop.time()) + self._pause * count
        await asyncio.sleep(self._turn - loop.time())
        lately.extend([loop.time()] * count)
        return not self._stopping

    def _say(self, who: int) -> Happening:
        """The next message of *who*."""
        self._numbers[who] += 1
        number, words = self._numbers[who], f"{who}-{self._numbers[who]}"
        ago = 0.0
        if self._random.random() < BELATED:
            ago = self._random.uniform(65, 600)
            at = round((time.time() - ago) * 1000)
        else:
            at = self._newest[who] = max(round(time.time() * 1000), self._newest[who] + 1)
        silent = self._random.random() < self._silent
        made = event("だまって" if silent else words, who=who, timestamp=at)
        token = str(made["replyToken"])
        if ago:
            self._line.dead.add(token)
        key = event_key(made["webhookEventId"]).hex()
        what: dict[str, Any] = {"key": key, "user": user(who), "number": number, "at": at}
        self._history.write("event", **what, token=token, words=words, silent=silent)
        self.made += 1
        self.unanswered += 1
        return made

    # --- LINE ---------------------------------------------------------------------------

    async def _carry(self) -> None:
        """Bundle what people write, one to three events at a time."""
        while True:
            bundle = [await self._outgoing.get()]
            for _ in range(self._random.choices((0, 1, 2), (70, 20, 10))[0]):
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        bundle.append(await self._outgoing.get())
            self._send(bundle)

    def _send(self, bundle: list[Happening]) -> None:
        self._tasks.create_task(self._deliver(bundle))
        if self._random.random() < DUPLICATES:
            self._tasks.create_task(self._repeat(bundle))

    async def _deliver(self, bundle: list[Happening]) -> None:
        """Post until it is answered with 200."""
        pause = 0.0
        while not await self._post(bundle, redelivered=pause > 0):
            pause = min(LONGEST_AGAIN, pause * 2 or AGAIN_AFTER)
            await asyncio.sleep(self._random.uniform(0.1, pause))
        self.unanswered -= len(bundle)

    async def _repeat(self, bundle: list[Happening]) -> None:
        """Post once more, at the same moment or after the 200, said to be again or not."""
        await asyncio.sleep(self._random.choice((0.0, self._random.uniform(0, 3))))
        await until(lambda: self._somewhere() is not None)
        some = self._random.sample(bundle, self._random.randint(1, len(bundle)))
        await self._post(some, self._random.random() < 0.5, duplicate=True)

    async def _post(
        self, bundle: list[Happening], redelivered: bool, duplicate: bool = False
    ) -> bool:
        """Whether it was answered with 200."""
        base = self._somewhere()
        if base is None:
            return False
        if redelivered:  # the token of what is delivered again works again
            self._line.dead -= {happening["replyToken"] for happening in bundle}
        context = {"deliveryContext": {"isRedelivery": redelivered}}
        data = body(*(happening | context for happening in bundle))
        post = next(self._posts)
        keys = [event_key(happening["webhookEventId"]).hex() for happening in bundle]
        what = {"post": post, "node": base, "redelivered": redelivered, "duplicate": duplicate}
        self._history.write("post", "invoke", **what, keys=keys)
        headers = {"X-Line-Signature": signature(data)}
        try:
            async with self._session.post(
                base + "/callback", data=data, headers=headers
            ) as response:
                status = response.status
        except aiohttp.ClientConnectorError:
            self._history.write("post", "fail", post=post, why="refused")
        except (aiohttp.ClientError, TimeoutError) as error:
            self._history.write("post", "info", post=post, why=type(error).__name__)
        else:
            ended = "ok" if status == 200 else "fail"
            self._history.write("post", ended, post=post, status=status)
            return status == 200
        return False
