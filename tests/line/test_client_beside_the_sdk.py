"""The client beside LINE's own: both say the same to the same server."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
from linebot.v3.messaging import (
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    PushMessageRequest,
    ReplyMessageRequest,
)

from bot.line.client import LineClient
from bot.line.speak import speak
from tests.line.fake import Request, http, line_that
from tests.line.says import TURN, WORDING

TOKEN = "!channel-token/+=~"
USER = "U" + "0" * 32
KEY = str(uuid.UUID(int=7, version=4))
MESSAGES = speak(TURN, WORDING)
SENT = b'{"sentMessages":[{"id":"1","quoteToken":"q"}]}'
INFO = json.dumps(
    {
        "userId": USER,
        "basicId": "@x",
        "displayName": "x",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }
).encode()


@asynccontextmanager
async def sdk(base: str) -> AsyncIterator[AsyncMessagingApi]:
    async with AsyncApiClient(Configuration(host=base, access_token=TOKEN)) as client:
        yield AsyncMessagingApi(client)


async def sent(
    answer: bytes,
    ours: Callable[[LineClient], Awaitable[object]],
    theirs: Callable[[AsyncMessagingApi], Awaitable[object]],
) -> tuple[Request, Request]:
    """What our client sent and what the SDK did."""
    async with (
        line_that(answer=http(200, answer, "content-type: application/json")) as line,
        LineClient(line.base, TOKEN) as client,
        sdk(line.base) as api,
    ):
        await ours(client)
        await theirs(api)
    first, second = line.requests
    return first, second


def same(one: Request, other: Request) -> None:
    """The same call: what LINE reads of it is equal."""
    assert one.line == other.line
    for name in ("authorization", "x-line-retry-key"):
        assert one.headers.get(name) == other.headers.get(name)
    if one.body or other.body:
        assert one.headers["content-type"] == other.headers["content-type"] == "application/json"


async def test_a_reply_is_the_sdks_but_silent() -> None:
    """Path, token and messages; the SDK's model reads our body and writes it back unchanged."""
    ours, theirs = await sent(
        SENT,
        lambda client: client.reply("0" * 32, orjson.dumps(MESSAGES)),
        lambda api: api.reply_message(
            ReplyMessageRequest.from_dict({"replyToken": "0" * 32, "messages": MESSAGES})
        ),
    )

    same(ours, theirs)
    assert "x-line-retry-key" not in ours.headers
    body = json.loads(ours.body)
    assert body == json.loads(theirs.body) | {"notificationDisabled": True}
    assert ReplyMessageRequest.from_dict(body).to_dict() == body


async def test_a_push_is_the_sdks() -> None:
    """Retry key and all; the same bytes each time, as a retry key demands."""
    ours, theirs = await sent(
        SENT,
        lambda client: client.push(USER, orjson.dumps(MESSAGES), KEY),
        lambda api: api.push_message(
            PushMessageRequest.from_dict({"to": USER, "messages": MESSAGES}), x_line_retry_key=KEY
        ),
    )

    same(ours, theirs)
    assert ours.headers["x-line-retry-key"] == KEY
    assert json.loads(ours.body) == json.loads(theirs.body)


async def test_who_we_are_is_asked_as_the_sdk_asks() -> None:
    """And the answer is read alike."""
    answers: list[str | None] = []

    async def ours(client: LineClient) -> None:
        answers.append(await client.bot_user_id())

    async def theirs(api: AsyncMessagingApi) -> None:
        answers.append((await api.get_bot_info()).user_id)

    one, other = await sent(INFO, ours, theirs)

    same(one, other)
    assert answers == [USER, USER]
