"""Every way a call can go wrong, over a real socket: known, or known to be unknown."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from typing import Any

import orjson
import pytest

from bot.line.client import LineClient, Refused, Unknown
from bot.line.connection import LONGEST_BODY
from bot.line.speak import speak
from tests.line.fake import http, line_that
from tests.line.says import TURN, WORDING

TOKEN = "!channel-token/+=~"
REPLY_TOKEN = "0" * 32
MESSAGES = orjson.dumps(speak(TURN, WORDING))
SENT = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
INVALID = b'{"message":"Invalid reply token"}'
ID = "x-line-request-id: 6f0a"


async def answer_of(line: Any, **settings: Any) -> Any:
    async with LineClient(line.base, TOKEN, **settings) as client:
        return await client.reply(REPLY_TOKEN, MESSAGES)


@pytest.mark.parametrize("status", [201, 202, 204, 300, 500, 502, 503, 504])
async def test_a_status_that_is_not_lines_own_says_nothing_for_certain(status: int) -> None:
    """A reply is answered 200 or 4xx; a server's trouble may have come after the delivery."""
    body = b"" if status == 204 else b'{"message":"x"}'
    async with line_that(answer=http(status, body, ID)) as line:
        assert await answer_of(line) == Unknown(f"status {status}", "6f0a", left=True)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """Neither the token nor the words go anywhere but to LINE."""
    async with line_that(answer=http(200, SENT)) as elsewhere:
        answer = http(status, b"", f"location: {elsewhere.base}/v2/bot/message/reply")
        async with line_that(answer=answer) as line:
            assert await answer_of(line) == Unknown(f"status {status}")

    assert len(line.requests) == 1
    assert elsewhere.requests == []


@pytest.mark.parametrize("body", [b"<html>Log in to the network</html>", b"", b"[]", b"\xff", b"1"])
async def test_a_200_that_is_not_json_is_not_lines(body: bytes) -> None:
    """Something else answered in its place: the same token is tried again, at no risk."""
    async with line_that(answer=http(200, body)) as line:
        assert await answer_of(line) == Unknown("unreadable answer")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirected_question_who_we_are_stays_unanswered(status: int) -> None:
    """The access token goes with a question too."""
    async with line_that(answer=http(200, b'{"userId":"U' + b"0" * 32 + b'"}')) as elsewhere:
        answer = http(status, b"", f"location: {elsewhere.base}/v2/bot/info")
        async with line_that(answer=answer) as line, LineClient(line.base, TOKEN) as client:
            assert await client.bot_user_id() is None

    assert elsewhere.requests == []


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    """64 KB are read, then the connection is given up, long before the time is."""
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n"
    async with line_that(answer=head, drip=True) as line:
        started = time.monotonic()
        assert await answer_of(line, timeout=30.0) == Unknown("unreadable answer")

    assert time.monotonic() - started < 10
    assert line.sent < 100 * LONGEST_BODY


async def test_a_refusal_with_an_answer_without_end_is_a_refusal() -> None:
    """The status came first and says it all."""
    head = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 1000000000\r\n\r\n"
    async with line_that(answer=head, drip=True) as line:
        assert await answer_of(line, timeout=30.0) == Refused(400, "", "")


async def test_the_longest_answer_that_is_read() -> None:
    """At the cap it is read whole; one byte beyond, it is not."""
    edge = b'{"message":"' + b"x" * (LONGEST_BODY - 14) + b'"}'
    async with line_that(answer=http(400, edge)) as line:
        at, line.answer = await answer_of(line), http(400, edge + b" ")
        beyond = await answer_of(line)

    assert (len(at.message), beyond.message) == (LONGEST_BODY - 14, "")


async def test_a_compressed_answer_is_not_unpacked() -> None:
    """We asked for none; whatever it holds cannot swell here."""
    async with line_that(answer=http(200, gzip.compress(SENT), "content-encoding: gzip")) as line:
        assert await answer_of(line) == Unknown("unreadable answer")


async def test_silence_ends_with_the_timeout() -> None:
    """LINE may have it or not."""
    async with line_that(answer=http(200, SENT), hang=30.0) as line:
        started = time.monotonic()
        assert await answer_of(line, timeout=1.0) == Unknown("timeout", left=True)

    assert time.monotonic() - started < 10
    assert len(line.requests) == 1


async def test_an_answer_that_stops_halfway_is_not_known() -> None:
    """Headers came, then nothing."""
    async with line_that(answer=b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{") as line:
        assert await answer_of(line, timeout=1.0) == Unknown("unreadable answer")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", Unknown("connection lost")),
        (b"HTTP/1.1 200 OK\r\ncontent-le", Unknown("connection lost")),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{", Unknown("unreadable answer")),
        (b"HTTP/1.1 400 No\r\ncontent-length: 50\r\n\r\n{", Refused(400, "", "")),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Unknown("connection lost")),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20_000, Unknown("connection lost")),
    ],
    ids=["no answer", "half a header", "half a body", "half a refusal", "not http", "endless"],
)
async def test_a_connection_that_breaks_after_the_request(answer: bytes, expected: object) -> None:
    """The request had left, so only a status that was read says anything for certain."""
    async with line_that(answer=answer, reset=True) as line:
        assert await answer_of(line) == expected

    assert len(line.requests) == 1


async def test_where_nobody_listens_nothing_has_left() -> None:
    """Then a later try cannot be a second one."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with LineClient(f"http://127.0.0.1:{unused.getsockname()[1]}", TOKEN) as client:
            answer = await client.reply(REPLY_TOKEN, MESSAGES)

    assert answer == Unknown("no connection", left=False)


async def test_waiting_for_a_place_in_the_pool_is_not_having_sent() -> None:
    """With every connection busy, a reply gives up early and untouched."""
    async with (
        line_that(answer=http(200, SENT), hang=30.0) as line,
        LineClient(line.base, TOKEN, pool=1, timeout=3.0, connect_timeout=1.0) as client,
    ):
        answers = await asyncio.gather(*(client.reply(REPLY_TOKEN, MESSAGES) for _ in range(3)))

    assert [answer == Unknown("no connection", left=False) for answer in answers].count(True) == 2
    assert len(line.requests) == 1


async def test_a_cancelled_reply_is_cancelled() -> None:
    """A shutdown is not network trouble."""
    async with (
        line_that(answer=http(200, SENT), hang=30.0) as line,
        LineClient(line.base, TOKEN) as client,
    ):
        task = asyncio.create_task(client.reply(REPLY_TOKEN, MESSAGES))
        await line.enough.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
