"""A server that stands still for longer than all of its time-outs, and then goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from bot.engine.pseudonym import event_key
from tests.crash.database import SqliteFile
from tests.crash.history import History
from tests.crash.node import Node
from tests.crash.until import until
from tests.engine.posting import body, event, signature

NOWHERE = "http://127.0.0.1:9"
"""No LINE is needed."""

AT_ONCE = 40
"""Webhooks that arrive within milliseconds, so that the server stops in the midst of many."""

MOMENTS = (0.002, 0.005, 0.01, 0.015, 0.02, 0.03)
"""Seconds after their arrival at which it stops, one after the other."""

STILL = 1.5
"""Seconds: longer than events are decided on, shorter than LINE waits."""


async def posted(base: str, events: list[dict[str, object]], go: asyncio.Event) -> bytes:
    """Post *events*, holding back the last byte until *go*; what was answered."""
    data = body(*events)
    head = (
        "POST /callback HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"X-Line-Signature: {signature(data)}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    host = urlsplit(base)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    writer.write(head.encode() + data[:-1])
    await writer.drain()
    await go.wait()
    writer.write(data[-1:])
    answer = await reader.read()
    writer.close()
    return answer


async def test_what_a_frozen_server_confirms_it_has_kept(tmp_path: Path) -> None:
    """All time-outs are over at once when it goes on, wherever it stood. What it then answers
    with 200 is in the inbox all the same, be it of one person or of several."""
    database, people, confirmed = SqliteFile(tmp_path), iter(range(10**6)), set[bytes]()
    with History(tmp_path / "history.jsonl") as history:
        given = {"DATABASE_URL": database.url, "LINE_API_BASE": NOWHERE}
        node = Node("node", tmp_path, history, given)
        running = asyncio.create_task(node.run())
        async with asyncio.timeout(20):
            await until(lambda: node.up)
        for moment in MOMENTS:
            go = asyncio.Event()
            bodies = [[event("やあ", who=next(people)) for _ in range(3)] for _ in range(AT_ONCE)]
            posts = [asyncio.create_task(posted(node.base, events, go)) for events in bodies]
            await asyncio.sleep(0.2)
            go.set()
            await asyncio.sleep(moment)
            thaw = node.freeze()
            await asyncio.sleep(STILL)
            thaw()
            for events, answer in zip(bodies, await asyncio.gather(*posts), strict=True):
                if answer.startswith(b"HTTP/1.1 200 "):
                    confirmed |= {event_key(str(each["webhookEventId"])) for each in events}
        await asyncio.sleep(1.0)  # for what was put away
        node.close()
        await running

    rows = await database.rows()
    kept = {bytes.fromhex(row["event_key"]) for row in rows if row["op"] in ("inbox", "deferred")}
    assert len(confirmed) > AT_ONCE
    assert confirmed - kept == set()
