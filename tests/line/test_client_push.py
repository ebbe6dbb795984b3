"""Pushes, and the question who we are, over a real socket."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
import pytest

from bot.line.client import Accepted, LineClient, Refused, Unknown
from bot.line.speak import speak
from tests.line.fake import http, line_that
from tests.line.says import TURN, WORDING

TOKEN = "!channel-token/+=~"
USER = "U" + "0123456789abcdef" * 2
KEY = "123E4567-e89b-42d3-a456-426614174000"
MESSAGES = orjson.dumps(speak(TURN, WORDING))
SENT = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
ID = "x-line-request-id: 6f0a"


async def pushed(line: Any, **settings: Any) -> Any:
    async with LineClient(line.base, TOKEN, **settings) as client:
        return await client.push(USER, MESSAGES, KEY)


async def test_a_push_is_one_post_with_its_retry_key() -> None:
    """The documented path, headers and body, byte for byte."""
    async with line_that(answer=http(200, SENT, ID)) as line:
        assert await pushed(line) == Accepted("6f0a")

    [request] = line.requests
    assert request.line == "POST /v2/bot/message/push HTTP/1.1"
    assert request.headers["authorization"] == "Bearer !channel-token/+=~"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-line-retry-key"] == KEY.lower()
    assert request.body == orjson.dumps(
        {"to": USER, "messages": orjson.loads(MESSAGES), "notificationDisabled": False}
    )


async def test_a_second_try_is_the_same_request() -> None:
    """A retry key protects only the same body (#retry-api-request)."""
    async with (
        line_that(answer=http(500, b"{}")) as line,
        LineClient(line.base, TOKEN) as client,
    ):
        for _ in range(2):
            assert await client.push(USER, MESSAGES, KEY) == Unknown("status 500")

    first, second = line.requests
    assert (first.line, first.headers, first.body) == (second.line, second.headers, second.body)


async def test_a_push_taken_before_is_taken() -> None:
    """409: the messages have arrived once, by the request that is named."""
    body = b'{"message":"The retry key is already accepted","sentMessages":[]}'
    answer = http(409, body, ID, "x-line-accepted-request-id: 5e9b")
    async with line_that(answer=answer) as line:
        assert await pushed(line) == Accepted("6f0a", "5e9b")


async def test_a_409_without_a_name_is_taken_too() -> None:
    """The status says it all."""
    async with line_that(answer=http(409, b"")) as line:
        assert await pushed(line) == Accepted("", "")


@pytest.mark.parametrize(
    ("status", "message"),
    [(400, "The property, 'to', is invalid"), (429, "You have reached your monthly limit.")],
)
async def test_a_refused_push_keeps_lines_own_words(status: int, message: str) -> None:
    """Only the sentence tells the month's end from a busy second."""
    async with line_that(answer=http(status, orjson.dumps({"message": message}), ID)) as line:
        assert await pushed(line) == Refused(status, message, "6f0a")


async def test_a_push_nobody_answers_is_unknown() -> None:
    """The same key may be used again."""
    async with line_that(answer=http(200, SENT), hang=30.0) as line:
        assert await pushed(line, timeout=0.5) == Unknown("timeout", left=True)


@pytest.mark.parametrize("key", ["", "again", "123E4567\r\nx: y", "123e4567"])
async def test_a_push_without_a_good_key_is_not_sent(key: str) -> None:
    """It could not be repeated without being said twice."""
    async with line_that(answer=http(200, SENT)) as line, LineClient(line.base, TOKEN) as client:
        with pytest.raises(ValueError, match="UUID"):
            await client.push(USER, MESSAGES, key)

    assert line.requests == []


async def test_one_retry_key_does_not_stay_for_the_next_reply() -> None:
    """LINE refuses a reply that carries one."""
    async with line_that(answer=http(200, SENT)) as line, LineClient(line.base, TOKEN) as client:
        await client.push(USER, MESSAGES, str(uuid.uuid4()))
        await client.reply("0" * 32, MESSAGES)

    assert "x-line-retry-key" not in line.requests[1].headers


async def test_line_tells_who_we_are() -> None:
    """One GET, with the access token and nothing else."""
    answer = http(200, orjson.dumps({"userId": USER, "displayName": "退会ナビ"}))
    async with line_that(answer=answer) as line, LineClient(line.base, TOKEN) as client:
        assert await client.bot_user_id() == USER

    [request] = line.requests
    assert request.line == "GET /v2/bot/info HTTP/1.1"
    assert request.headers["authorization"] == "Bearer !channel-token/+=~"
    assert request.body == b""


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (200, b'{"userId":5}'),
        (200, b'{"userId":"hanako"}'),
        (200, b'{"userId":"U0123456789ABCDEF0123456789ABCDEF"}'),
        (200, b"[]"),
        (200, b"<html>"),
        (200, b'{"userId":"' + USER.encode() + b'","x":"' + b"x" * 70_000 + b'"}'),
        (401, b'{"message":"Authentication failed."}'),
        (500, b'{"userId":"' + USER.encode() + b'"}'),
    ],
)
async def test_an_answer_that_is_not_lines_tells_nothing(status: int, body: bytes) -> None:
    """A wrong id would make the bot deaf to its own webhooks."""
    async with line_that(answer=http(status, body)) as line, LineClient(line.base, TOKEN) as client:
        assert await client.bot_user_id() is None


@pytest.mark.parametrize(
    "behaviour", [{"hang": 30.0}, {"reset": True}], ids=["silence", "broken line"]
)
async def test_trouble_on_the_way_is_not_raised(behaviour: dict[str, Any]) -> None:
    """The server starts all the same."""
    async with (
        line_that(answer=b"", **behaviour) as line,
        LineClient(line.base, TOKEN, timeout=0.5) as client,
    ):
        assert await client.bot_user_id() is None
