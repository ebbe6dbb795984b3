"""Replies over a real socket: what goes out, and what LINE says to it."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import orjson
import pytest

from bot.line.client import Accepted, LineClient, Refused
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


async def test_a_reply_is_one_post_with_what_line_asks_for() -> None:
    """The documented path, headers and body, byte for byte; and never a retry key."""
    async with line_that(answer=http(200, SENT, ID)) as line:
        assert await answer_of(line) == Accepted("6f0a")

    [request] = line.requests
    assert request.line == "POST /v2/bot/message/reply HTTP/1.1"
    assert request.headers["authorization"] == "Bearer !channel-token/+=~"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert "x-line-retry-key" not in request.headers
    assert "cookie" not in request.headers
    assert request.body == orjson.dumps(
        {
            "replyToken": REPLY_TOKEN,
            "messages": orjson.loads(MESSAGES),
            "notificationDisabled": True,
        }
    )


@pytest.mark.parametrize("slashes", ["", "/", "//"])
async def test_a_base_with_a_slash_at_its_end_makes_no_double_one(slashes: str) -> None:
    """LINE asks for the documented path and no other."""
    async with line_that(answer=http(200, SENT)) as line:
        line.base += slashes
        await answer_of(line)

    assert line.requests[0].line.split()[1] == "/v2/bot/message/reply"


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, INVALID, "Invalid reply token"),
        (400, b'{"message":"The request body has 1 error(s)","details":[]}', "The request body"),
        (401, b'{"message":"Authentication failed."}', "Authentication failed."),
        (403, b'{"message":"Not available."}', "Not available."),
        (409, b'{"message":"The retry key is already accepted"}', "The retry key"),
        (413, b"<html>Request Entity Too Large</html>", ""),
        (429, b'{"message":"You have reached your monthly limit."}', "You have reached"),
        (400, b'{"message":5}', ""),
        (400, b"[1]", ""),
        (400, b"", ""),
        (400, b"\xff", ""),
    ],
)
async def test_a_refusal_keeps_lines_own_words(status: int, body: bytes, message: str) -> None:
    """What to do next depends on the status and, for a 400, on the sentence."""
    async with line_that(answer=http(status, body, ID)) as line:
        answer = await answer_of(line)

    assert isinstance(answer, Refused)
    assert (answer.status, answer.request_id) == (status, "6f0a")
    assert answer.message.startswith(message)
    assert bool(answer.message) == bool(message)


async def test_one_connection_serves_reply_after_reply() -> None:
    """A new one for each would cost ten times as much, TLS more."""
    async with (
        line_that(answer=http(200, SENT)) as line,
        LineClient(line.base, TOKEN) as client,
    ):
        for _ in range(5):
            assert await client.reply(REPLY_TOKEN, MESSAGES) == Accepted("")

    assert (line.connections, len(line.requests)) == (1, 5)


async def test_a_hundred_replies_go_out_side_by_side() -> None:
    """None waits for another to end: the server answers nobody before all have arrived."""
    async with (
        line_that(answer=http(200, SENT), together=100) as line,
        LineClient(line.base, TOKEN, timeout=60.0, connect_timeout=60.0) as client,
    ):
        answers = await asyncio.gather(*(client.reply(REPLY_TOKEN, MESSAGES) for _ in range(100)))

    assert answers == [Accepted("")] * 100


async def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replies go to the configured base and nowhere else."""
    async with (
        line_that(answer=http(200, SENT)) as proxy,
        line_that(answer=http(200, SENT)) as line,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.base)
        assert await answer_of(line) == Accepted("")

    assert proxy.requests == []


async def test_cookies_are_not_kept() -> None:
    """Nothing of one reply travels with the next."""
    async with (
        line_that(answer=http(200, SENT, "set-cookie: a=b")) as line,
        LineClient(line.base, TOKEN) as client,
    ):
        await client.reply(REPLY_TOKEN, MESSAGES)
        await client.reply(REPLY_TOKEN, MESSAGES)

    assert "cookie" not in line.requests[1].headers


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "トークン", "a\x7f"])
def test_a_token_no_header_can_carry_is_refused_unseen(token: str) -> None:
    """At start-up, and without a secret in the message."""
    with pytest.raises(ValueError, match="visible ASCII") as refused:
        LineClient("http://127.0.0.1:1", token)

    assert not token or token not in str(refused.value)


async def test_outside_its_lifetime_it_sends_nothing() -> None:
    """A session belongs to one running loop; forgetting ``async with`` is a mistake of ours."""
    client = LineClient("http://127.0.0.1:1", TOKEN)
    for call in (
        client.reply(REPLY_TOKEN, MESSAGES),
        client.push("U", MESSAGES, str(uuid.uuid4())),
        client.bot_user_id(),
    ):
        with pytest.raises(RuntimeError, match="async with"):
            await call

    async with client:
        pass

    with pytest.raises(RuntimeError, match="async with"):
        await client.reply(REPLY_TOKEN, MESSAGES)


async def test_the_access_token_shows_nowhere() -> None:
    """Neither in the client written out nor in an error of its."""
    client = LineClient("http://127.0.0.1:1", TOKEN)
    written = [repr(client), str(client)]
    async with client:
        answer = await client.reply(REPLY_TOKEN, MESSAGES)
        written += [repr(client), repr(answer), repr(client.__dict__["_connections"])]
    with pytest.raises(RuntimeError) as outside:
        await client.reply(REPLY_TOKEN, MESSAGES)

    assert TOKEN not in "".join([*written, repr(outside.value)])
