"""Does every piece of work on one SQLite connection, in order, many to a commit.

A commit waits for the disk, so it happens in a thread, and all work that has arrived meanwhile
shares the next one: one at a time 5,200 events a second were measured, fifty at a time 51,000.
The statements themselves take microseconds and run in the event loop: handing each to a thread
and back cost ten times as much as the statement. Nothing waits for company.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import get_ident
from typing import Any, TypeVar

from bot.store.port import StoreDownError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

GROUP = 128
"""At most so many pieces of work in one commit: they take about 20 ms, for which everything else
waits. Twice as many gain 4 % with ten events to a webhook, and nothing with one."""

WAITING = 10_000
"""More work than this is refused at once: it could not be done within LINE's two seconds."""

BUSY_SECONDS = 1.0
"""How long another program's lock is waited for; LINE waits two."""

BUSY_PAUSE = 0.01
"""Seconds between looks whether the lock is gone."""

_DISK_LIES = {sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC}


@dataclass(slots=True)
class _Piece:
    work: Work[Any]
    future: asyncio.Future[Any]
    undo: Callable[[Any], Work[Any] | None] | None = None
    alone: bool = False
    result: Any = None


class Writer:
    """Runs work; each piece is in one transaction, whole or not at all. One event loop at a time.

    The connection is in autocommit mode with no busy time-out of its own, which would block the
    loop. ``on_disk_error`` is called once when the disk fails to make a write durable. From then
    on nothing is certain: the kernel may have dropped what it could not write, and a second sync
    would succeed without it. The only cure is to start again, so all later work is refused.
    """

    def __init__(
        self, connection: sqlite3.Connection, on_disk_error: Callable[[], None] = lambda: None
    ) -> None:
        self._connection = connection
        self._on_disk_error = on_disk_error
        self._broken = False
        self._closing = False
        self._pieces: deque[_Piece] = deque()
        self._runner: asyncio.Task[None] | None = None
        self._thread = 0  # of the runner's loop; quicker to compare than loops are to find
        self._committer = ThreadPoolExecutor(1, "store-commit")

    def do(
        self,
        work: Work[T],
        undo: Callable[[T], Work[Any] | None] | None = None,
        *,
        alone: bool = False,
    ) -> asyncio.Future[T]:
        """The result of *work*, once it is durable. Work must bear being run again from scratch.

        What takes its time or bears no transaction is done *alone*: in none, in the thread that
        commits, between two groups.
        Raises StoreDownError when the database did not take it, and whatever *work* raises.
        Work goes on when the task that waits for it is cancelled; *undo* says what is to be done
        about a result that nobody will then hear of.
        """
        if self._closing or self._broken or len(self._pieces) >= WAITING:
            raise StoreDownError("closed, broken or overrun")
        if self._runner is None:
            self._thread = get_ident()
            self._runner = asyncio.create_task(self._run(), name="store")
        elif self._thread != get_ident():
            raise RuntimeError("a store serves one event loop at a time")
        future: asyncio.Future[T] = self._runner.get_loop().create_future()
        self._pieces.append(_Piece(work, future, undo, alone))
        return future

    async def close(self) -> None:
        """Do what is waiting, then close the connection."""
        self._closing = True
        if self._runner:
            await self._runner
        await asyncio.to_thread(self._committer.shutdown)
        self._connection.close()

    async def _run(self) -> None:
        # Begun in the next turn of the loop, with all that this turn has asked for.
        try:
            while self._pieces:
                await self._do(self._next_group())
        finally:
            self._runner = None
            for piece in self._pieces:  # only when the loop itself is being torn down
                piece.future.cancel()
            self._pieces.clear()

    def _next_group(self) -> list[_Piece]:
        group = [self._pieces.popleft()]
        while self._pieces and len(group) < GROUP and not (group[0].alone or self._pieces[0].alone):
            group.append(self._pieces.popleft())
        return group

    async def _do(self, group: list[_Piece]) -> None:
        try:
            if group[0].alone:
                group[0].result = await self._in_thread(partial(group[0].work, self._connection))
            else:
                await self._in_one_transaction(group)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and _is_down(error):
                self._note(error)
                for piece in group:
                    _fail(piece, StoreDownError(error.sqlite_errorname))
            elif len(group) == 1:
                _fail(group[0], error)
            else:
                for piece in group:  # one of them is odd; it must not harm its neighbours
                    await self._do([piece])
        else:
            for piece in group:
                if not piece.future.done():
                    piece.future.set_result(piece.result)
                elif piece.undo and (work := piece.undo(piece.result)):  # its task was cancelled
                    self._pieces.append(_Piece(work, piece.future.get_loop().create_future()))

    async def _in_one_transaction(self, group: list[_Piece]) -> None:
        connection = self._connection
        await self._begin()
        try:
            before = connection.total_changes
            for piece in group:
                piece.result = piece.work(connection)
            if connection.total_changes == before:
                connection.execute("COMMIT")  # nothing to wait for
            else:
                await self._commit()
        except Exception:
            if connection.in_transaction:  # a full disk may have ended it already
                connection.execute("ROLLBACK")
            raise

    async def _commit(self) -> None:
        await self._in_thread(partial(self._connection.execute, "COMMIT"))

    async def _in_thread(self, call: Callable[[], T]) -> T:
        done = asyncio.get_running_loop().run_in_executor(self._committer, call)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait([done])  # it cannot be called back; end with its end
            raise

    async def _begin(self) -> None:
        """Begin, taking the write lock at once: what is read is then still true when written."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + BUSY_SECONDS
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or loop.time() > give_up:
                    raise
            await asyncio.sleep(BUSY_PAUSE)

    def _note(self, error: sqlite3.Error) -> None:
        if error.sqlite_errorcode in _DISK_LIES and not self._broken:
            self._broken = True
            self._on_disk_error()


def _is_down(error: sqlite3.Error) -> bool:
    """Whether the database as a whole refused: locked, full, read-only, damaged; not one piece."""
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def _fail(piece: _Piece, error: Exception) -> None:
    if not piece.future.done():
        piece.future.set_exception(error)
