"""The least a bot that loses nothing can do, and no more: what this machine allows at best.

No framework, no flow, no encryption, no limits, no log, no retry and nobody's order: a signature,
four statements on SQLite with ``synchronous=FULL``, committed in groups, one reply over our own
HTTP client, and one statement that it was sent. Whatever lies between this and `taikai serve` is
what the product does for people; whatever lies above it, no design can reach here.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack

import orjson
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from bot.line.client import REPLY
from bot.line.connection import Response
from bot.line.http import Connections

TABLES = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE inbox (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE person (id TEXT PRIMARY KEY, turns INTEGER NOT NULL, said TEXT NOT NULL);
    CREATE TABLE outbox (id TEXT PRIMARY KEY, token TEXT NOT NULL, body BLOB);
"""

Work = Callable[[sqlite3.Connection], None]


class Writer:
    """One thread with one connection, which commits together whatever has come by then."""

    def __init__(self, path: str) -> None:
        self._asked = queue.SimpleQueue[tuple[Work, asyncio.Future[None]] | None]()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, args=[path])
        self._thread.start()

    def ask(self, work: Work) -> asyncio.Future[None]:
        """Have *work* done; the result is there once it is on the disk."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._asked.put((work, done))
        return done

    def close(self) -> None:
        """Do what was asked, then end."""
        self._asked.put(None)
        self._thread.join()

    def _run(self, path: str) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript(TABLES)
        asked = self._asked.get()
        while asked is not None:
            group = []
            connection.execute("BEGIN IMMEDIATE")
            while asked is not None:
                work, done = asked
                work(connection)
                group.append(done)
                if self._asked.empty():
                    break
                asked = self._asked.get()
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_all_done, group)
            asked = asked and self._asked.get()
        connection.close()


def _all_done(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


class Bare:
    """The server: an ASGI app."""

    def __init__(self) -> None:
        self._secret = os.environ["LINE_CHANNEL_SECRET"].encode()
        self._closing = AsyncExitStack()
        self._replies = set[asyncio.Task[None]]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI asks."""
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message.get("more_body"):
                break
        status = await self._heard(scope, body) if scope["method"] == "POST" else 200
        await send({"type": "http.response.start", "status": status, "headers": _LENGTH})
        await send({"type": "http.response.body", "body": b"OK"})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
                self._writer = Writer(path)
                token = os.environ["LINE_CHANNEL_ACCESS_TOKEN"]
                headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
                self._line = Connections(
                    os.environ["LINE_API_BASE"], headers, timeout=5, connect=2, limit=512
                )
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.gather(*self._replies)
                await self._line.close()
                self._writer.close()
                return await send({"type": "lifespan.shutdown.complete"})

    async def _heard(self, scope: Scope, body: bytes) -> int:
        made = base64.b64encode(hmac.digest(self._secret, body, hashlib.sha256))
        if not hmac.compare_digest(dict(scope["headers"]).get(b"x-line-signature", b""), made):
            return 401
        stored = []
        for event in orjson.loads(body)["events"]:
            id, user = event["webhookEventId"], event["source"]["userId"]
            token, text = event["replyToken"], event["message"]["text"]
            answer = {"replyToken": token, "messages": [{"type": "text", "text": text}]}
            reply = orjson.dumps(answer)
            stored.append(self._writer.ask(_storing(id, user, token, text, reply)))
            self._replies.add(task := asyncio.create_task(self._reply(id, stored[-1], reply)))
            task.add_done_callback(self._replies.discard)
        await asyncio.gather(*stored)
        return 200

    async def _reply(self, id: str, stored: asyncio.Future[None], reply: bytes) -> None:
        await asyncio.shield(stored)
        answer = await self._line.post(REPLY, reply)
        if isinstance(answer, Response) and answer.status == 200:
            await self._writer.ask(_sent(id))


def _storing(id: str, user: str, token: str, text: str, reply: bytes) -> Work:
    def store(sql: sqlite3.Connection) -> None:
        sql.execute("INSERT INTO inbox VALUES (?) ON CONFLICT DO NOTHING", (id,))
        row = sql.execute("SELECT turns FROM person WHERE id = ?", (user,)).fetchone()
        turns = row[0] + 1 if row else 1
        sql.execute("INSERT OR REPLACE INTO person VALUES (?, ?, ?)", (user, turns, text))
        sql.execute("INSERT INTO outbox VALUES (?, ?, ?)", (id, token, reply))

    return store


def _sent(id: str) -> Work:
    def store(sql: sqlite3.Connection) -> None:
        sql.execute("UPDATE outbox SET body = NULL WHERE id = ?", (id,))

    return store


_LENGTH = [(b"content-length", b"2"), (b"content-type", b"text/plain")]


if __name__ == "__main__":
    uvicorn.run(
        Bare(),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
        access_log=False,
    )
