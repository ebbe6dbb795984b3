"""Lets calls of many people that are waiting at the same time share round trips (PostgreSQL).

A round trip costs Python about ten times as much as filling in the values of one more call, and
a commit costs the server a wait for its disk. So whoever calls a statement while others of it
are under way goes with the next group: one message to the server with the statement's name and
the values of each call, one transaction, one answer. Each call stays a statement of its own
that names one person. Nothing waits for company: a group takes what has arrived, and somebody
who is alone goes at once, the way everything else does.

Sharing must be safe for whoever shares. A group that failed did nothing, so each of its calls is
then made alone, with all that this means for attempts and locks; only when the connection broke
nobody knows, and a write is reported as lost, as it would be alone. The calls of a group go in the
order of their people: two groups that need the same rows do not wait in a circle. Statements
made for sharing should pass over a row that is locked (``SKIP LOCKED``) and say so, because the
whole group waits for what one of them waits for. What can still wait is an insertion of a key that
another node is just inserting, and clearing away what another node is just changing; with
`bot.store.postgres_pool.SETTINGS` that ends within a second, and whoever comes later does not wait
for it (`PATIENCE`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.store.port import StoreDownError
from bot.store.postgres_pool import BUDGET_SECONDS, LostError, Pool

GROUP = 64
"""At most so many calls in one group: beyond it the gain is small, the wait is not."""

BYTES = 65_536
"""Nor more than this to send, but for a single call. asyncpg writes up to 128 KiB in one go; more
it writes piece by piece, could not be called back from, and would keep rows locked meanwhile."""

FULL = 16
"""So many that wait make a group worth sending although another one is under way: the server is
busy with one while we fill in the other. By now sharing has saved nine tenths of what it can."""

BESIDE = 3
"""At most so many groups of a statement under way for that reason; three statements are asked for
all the time, and `bot.store.postgres_pool.CONNECTIONS` serve others too."""

PATIENCE = 0.05
"""Seconds; when a group takes longer, the next one goes beside it on another connection."""

_ALONE = object()
"""What a call gets instead of its row when it is to be made again by itself."""


@dataclass(slots=True)
class _Call:
    values: tuple[Any, ...]
    answer: asyncio.Future[Any]

    def size(self) -> int:
        """Bytes to send, but for what is small in every call."""
        return sum([len(value) for value in self.values if isinstance(value, bytes)])


class Groups:
    """Calls of statements, shared where they meet. For one event loop."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._of: dict[str, _Queue] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def row(self, statement: str, *values: object, harmless: bool = False) -> Any:
        """The one row that *statement*, which always has one, returns for *values*.

        The first value is the ``user_key``. Raises StoreDownError and its kinds, after as many
        attempts as `Pool.run` makes. A call goes on when the task that waits for it is
        cancelled, unless it is alone; it cannot be known then whether it was done.
        """
        queue = self._of.get(statement)
        if queue is None:
            queue = self._of[statement] = _Queue(self._pool, statement, harmless, self._tasks)
        row = await queue.shared(values)
        if row is _ALONE:
            row = await self._pool.row(statement, *values, harmless=harmless)
        return row

    async def close(self) -> None:
        """Wait for what is under way, also for callers that have gone."""
        while self._tasks:
            await asyncio.wait(self._tasks)


class _Queue:
    """The calls of one statement.

    Whatever waits is sent by whichever comes first: the end of what is under way, enough company,
    or a timer.
    """

    def __init__(
        self, pool: Pool, statement: str, harmless: bool, tasks: set[asyncio.Task[None]]
    ) -> None:
        self._pool = pool
        self._statement = statement
        self._harmless = harmless
        self._tasks = tasks
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Call] = deque()
        self._under_way = 0
        self._timer: asyncio.TimerHandle | None = None

    async def shared(self, values: tuple[Any, ...]) -> Any:
        """The row for *values*, or `_ALONE`."""
        if self._under_way:
            return await self._joined(values)
        self._under_way += 1
        try:
            await asyncio.sleep(0)  # whoever calls in the same turn of the loop comes along
            if not self._waiting:
                return await self._pool.row(self._statement, *values, harmless=self._harmless)
            answer = self._joined(values)
        finally:
            self._ended()
        return await answer

    def _joined(self, values: tuple[Any, ...]) -> asyncio.Future[Any]:
        loop = self._loop
        call = _Call(values, loop.create_future())
        self._waiting.append(call)
        if len(self._waiting) >= FULL and self._under_way < BESIDE:
            self._send()
        elif self._timer is None:
            self._timer = loop.call_later(PATIENCE, self._send)
        return call.answer

    def _ended(self) -> None:
        self._under_way -= 1
        if self._waiting:
            self._send()

    def _send(self) -> None:
        """Send a group of what waits, beside what is under way."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if group := self._taken():
            self._under_way += 1
            task = self._loop.create_task(self._answer(group), name="store-group")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._waiting:
            self._timer = self._loop.call_later(PATIENCE, self._send)

    def _taken(self) -> list[_Call]:
        group: list[_Call] = []
        size = 0
        while self._waiting and len(group) < GROUP:
            size += self._waiting[0].size()
            if group and size > BYTES:
                break
            call = self._waiting.popleft()
            if not call.answer.done():  # or its task was cancelled
                group.append(call)
        group.sort(key=_person)
        return group

    async def _answer(self, group: list[_Call]) -> None:
        try:
            async with asyncio.timeout(BUDGET_SECONDS):
                rows = await self._pool.once(
                    lambda session: session.many(self._statement, [call.values for call in group])
                )
            _give(group, rows)
        except (LostError, TimeoutError) as error:
            if self._harmless:
                _give(group, [_ALONE] * len(group))
            else:
                _lost(group, str(error) or "out of time")
        except StoreDownError:
            _give(group, [_ALONE] * len(group))
        except BaseException:  # the loop is being torn down
            for call in group:
                call.answer.cancel()
            raise
        finally:
            self._ended()


def _person(call: _Call) -> Any:
    return call.values[0]


def _give(group: list[_Call], answers: Iterable[Any]) -> None:
    for call, answer in zip(group, answers, strict=True):
        if not call.answer.done():
            call.answer.set_result(answer)


def _lost(group: list[_Call], why: str) -> None:
    for call in group:
        if not call.answer.done():
            call.answer.set_exception(LostError(why))
