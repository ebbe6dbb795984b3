"""The benchmark's own honesty: what it posts, what it counts, what it refuses to overlook."""

from __future__ import annotations

import asyncio
import json
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from linebot.v3 import WebhookParser

from content.catalog import load
from flows.conversation import Conversation, Typed
from flows.moves import here
from flows.step import step
from tests.bench import load as loading
from tests.bench.fake_line import REPLY, FakeLine
from tests.bench.figures import Result, Row, percentile
from tests.bench.load import Generator, LostError
from tests.bench.plot import drawn
from tests.bench.traffic import SECRET, STEPS, WALKS, Traffic

content = cache(load)

Answers = Callable[[int], int]
"""How often the server replies to its n-th event."""


@asynccontextmanager
async def loaded(answers: Answers, status: int = 200) -> AsyncIterator[Generator]:
    """A generator, and a small server that replies as often as *answers* says."""
    numbers = iter(range(1, 10_000))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await head_of(reader):
            length = int(head.lower().partition("content-length:")[2].split()[0])
            body = json.loads(await reader.readexactly(length))
            for event in body["events"]:
                for _ in range(answers(next(numbers))):
                    await reply(line.port, event["replyToken"])
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status)
        writer.close()

    async with FakeLine() as line:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        generator = Generator(server.sockets[0].getsockname()[1], line)
        try:
            yield generator
        finally:
            generator.close()
            server.close()
            await asyncio.sleep(0.01)  # so that the connections' tasks end before the loop


async def head_of(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return ""


async def reply(port: int, token: str) -> None:
    """Reply as a server would, on a connection of its own."""
    body = json.dumps({"replyToken": token, "messages": []}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {REPLY.decode()} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await reader.readuntil(b"}")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("per_body", [1, 10])
async def test_every_event_with_one_reply_is_counted(per_body: int) -> None:
    """Ten in a body are ten events, and each waits for a reply of its own."""
    async with loaded(lambda _: 1) as generator:
        load = await generator.closed(Traffic().posts(20, per_body), connections=4)

    assert load.events == len(load.replied) == 20 * per_body
    assert len(load.answered) == 20
    assert load.rate == pytest.approx(load.events / load.seconds)


async def test_a_missing_reply_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says 200 and forgets the seventh event has not done its work."""
    monkeypatch.setattr(loading, "PATIENCE", 0.2)
    async with loaded(lambda number: int(number != 7)) as generator:
        with pytest.raises(LostError, match="1 answers or replies are missing"):
            await generator.closed(Traffic().posts(20), connections=4)


async def test_a_doubled_reply_ends_the_run() -> None:
    """Nobody waits for a token a second time."""
    async with loaded(lambda number: 2 if number == 7 else 1) as generator:
        with pytest.raises(LostError, match="1 replies nobody waited for"):
            await generator.closed(Traffic().posts(20), connections=4)


async def test_a_refused_webhook_ends_the_run() -> None:
    """A refusal is quick; it must not look like speed."""
    async with loaded(lambda _: 1, status=503) as generator:
        with pytest.raises(LostError, match="20 webhooks refused"):
            await generator.closed(Traffic().posts(20), connections=4)


async def test_an_open_load_counts_from_when_an_event_was_due() -> None:
    """A server that stands still for 0.2 s made the events behind it wait, too: all of them."""
    calls = iter(range(1000))

    def answers(_: int) -> int:
        if next(calls) == 0:
            time.sleep(0.2)  # the loop itself stands still, generator and all
        return 1

    async with loaded(answers) as generator:
        load = await generator.open(Traffic().posts(20), rate=100)

    assert len([seconds for seconds in load.answered if seconds > 0.04]) >= 15


def test_percentiles_are_values_that_were_measured() -> None:
    """The smallest value that so many of them do not exceed; none of nothing."""
    hundred = [float(number) for number in range(1, 101)]

    assert percentile(hundred, 0.5) == 50
    assert percentile(hundred, 0.99) == 99
    assert percentile(hundred[:10], 0.99) == 10
    assert percentile([3.0], 0.5) == 3
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_ratio_is_of_the_same_round() -> None:
    """When the machine slows down between two rounds, it slows both contestants down."""
    ours = Row("taikai", "", "", {"rate": [1000.0, 100.0, 300.0]})
    echo = Row("echo", "", "", {"rate": [100.0, 10.0, 25.0]})
    result = Result("throughput", "", "", "rate", "echo", [echo, ours])

    assert result.ratio(ours) == 10
    assert ours.median("rate") == 300
    assert ours.median("memory") is None


def test_the_picture_is_well_formed_and_says_everything() -> None:
    """Labels in both languages, values and ratios; signs of XML in them do no harm."""
    echo = Row("echo", "エコー", "echo <sdk> & co", {"rate": [100.0]})
    ours = Row("taikai", "退会ナビ", "taikai", {"rate": [1234.0]})
    picture = drawn([Result("x", "件数", "Throughput", "rate", "echo", [echo, ours])], ["注意"])

    texts = ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - ours
    words = {text.text for text in texts}
    assert {"件数", "エコー", "echo <sdk> & co", "退会ナビ", "1,234（× 12.3）", "注意"} <= words
    assert "prefers-color-scheme: dark" in picture


def test_what_is_posted_is_what_line_posts() -> None:
    """Signed, read by the SDK's own parser, every id and token new, one person in order."""
    parser = WebhookParser(SECRET)
    ids, tokens, said = Counter[str](), Counter[str](), dict[str, list[str]]()
    traffic = Traffic(people=100, group=10)
    for post in traffic.posts(200, per_body=5):
        head, _, body = post.request.decode().partition("\r\n\r\n")
        signature = head.partition("X-Line-Signature: ")[2].split("\r\n")[0]
        events = parser.parse(body, signature)
        assert [event.reply_token.encode() for event in events] == list(post.tokens)
        assert len({event.source.user_id for event in events}) == 5
        for event in events:
            ids[event.webhook_event_id] += 1
            tokens[event.reply_token] += 1
            said.setdefault(event.source.user_id, []).append(event.message.text)

    assert max(ids.values()) == max(tokens.values()) == 1
    assert len(ids) == len(tokens) == 1000
    for words in said.values():
        assert any(words[:STEPS] == list(walk[: len(words)]) for walk in WALKS)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk[1])
def test_every_walk_is_understood_and_gets_far(walk: tuple[str, ...]) -> None:
    """The work measured is the work of guiding people, not of saying "pardon?" to them."""
    catalog, now = content(), datetime.now(ZoneInfo("Asia/Tokyo"))
    conversation, states = Conversation(), list[str]()
    for words in (*walk, *walk):
        after, _ = step(conversation, Typed(words), catalog, now)
        assert after is not None
        conversation = after
        assert conversation.misses == 0, words
        states.append(here(conversation, catalog, now).state)

    assert len(walk) == STEPS
    assert states[:STEPS] == states[STEPS:]
    assert states[-1] == "choosing_service"
    assert "reviewing_losses" in states
