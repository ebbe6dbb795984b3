"""The fake LINE keeps the account: its month's messages, its webhook, what people sent it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from linebot.v3 import messaging
from linebot.v3.messaging import (
    MulticastRequest,
    PushMessageRequest,
    SetWebhookEndpointRequest,
    TextMessage,
    ValidateMessageRequest,
)

from bot.simulator import happenings
from bot.simulator.fake_line.pictures import size
from bot.simulator.fake_line.sending import VALIDATED
from tests.simulator.sdk import Refusal, sdk
from tests.simulator.served import HELLO, Served, served

TEXT = TextMessage(text="やあ")
ENDPOINT = "https://example.jp/callback"
PING = messaging.TestWebhookEndpointRequest(endpoint=ENDPOINT)  # pytest takes the name for a test's


@pytest.fixture
def line() -> Iterator[Served]:
    with served() as running:
        yield running


# --- many at once --------------------------------------------------------------------------


async def test_a_multicast_reaches_each_friend_once(line: Served) -> None:
    """Named twice or not; who is no friend is not shown it. It is noted person by person."""
    hanako, taro = line.somebody().user_id, line.somebody().user_id
    stranger = line.somebody(friend=False).user_id
    async with sdk(line) as (api, _):
        to = [hanako, taro, hanako, stranger]
        await api.multicast(MulticastRequest(to=to, messages=[TEXT, TEXT]))

    assert [(call.to, call.shown) for call in line.calls] == [
        (hanako, True),
        (taro, True),
        (stranger, False),
    ]
    assert all(len(call.messages) == 2 for call in line.calls)
    assert len({sent.id for call in line.calls for sent in call.messages}) == 6
    assert len({call.request_id for call in line.calls}) == 1


async def test_a_repeated_multicast_is_not_sent_again(line: Served) -> None:
    """409 under the same retry key, with no word of the messages: those LINE tells of pushes."""
    key, to = "123e4567-e89b-12d3-a456-426614174000", [line.somebody().user_id]
    async with sdk(line) as (api, _):
        request = MulticastRequest(to=to, messages=[TEXT])
        await api.multicast(request, x_line_retry_key=key)
        with Refusal() as again:
            await api.multicast(request, x_line_retry_key=key)

    assert again.status == 409
    assert [call.accepted for call in line.calls] == [True, False]


@pytest.mark.parametrize(
    ("to", "where"),
    [
        (["hanako"], "to[0]"),
        ([7], "to[0]"),
        (["C" + "0" * 32], "to[0]"),
        ([], "to"),
        (["U" + "0" * 32] * 501, "to"),
    ],
)
def test_a_multicast_to_no_people_is_refused(line: Served, to: list[Any], where: str) -> None:
    """Groups are not people; nobody and more than 500 are refused."""
    answer = line.post("/v2/bot/message/multicast", {"to": to, "messages": [HELLO]})

    assert answer.status_code == 400
    assert [each["property"] for each in answer.json()["details"]] == [where]
    assert not line.calls[-1].accepted


async def test_the_messages_of_every_way_to_send_can_be_validated(line: Served) -> None:
    """Good ones and bad ones, by each of the SDK's calls; nothing is sent."""
    good, bad = [TEXT], [TextMessage(text="")]
    async with sdk(line) as (api, _):
        for way in VALIDATED:
            validate = getattr(api, f"validate_{way}")
            await validate(ValidateMessageRequest(messages=good))
            with Refusal() as refused:
                await validate(ValidateMessageRequest(messages=bad))
            assert (refused.status, refused.properties) == (400, ("messages[0].text",))

    assert not any(call.accepted for call in line.calls)


# --- the month -----------------------------------------------------------------------------


async def test_people_reached_count_in_the_month_and_replies_do_not(line: Served) -> None:
    """Not who blocked the account, not the second message of one push, not a repetition."""
    hanako, stranger = line.somebody(), line.somebody(friend=False).user_id
    key = "123e4567-e89b-12d3-a456-426614174000"
    line.reply(line.token(hanako))
    line.push(hanako.user_id, key)
    line.push(hanako.user_id, key)
    line.push(stranger)
    async with sdk(line) as (api, _):
        await api.multicast(MulticastRequest(to=[hanako.user_id, stranger], messages=[TEXT] * 2))
        used = (await api.get_message_quota_consumption()).total_usage
        quota = await api.get_message_quota()

    assert used == 2
    assert (quota.type, quota.value) == ("limited", 200)


async def test_when_the_month_is_used_up_pushes_are_refused_until_the_next(line: Served) -> None:
    """429 in LINE's words; the month is Japan's."""
    hanako = line.somebody()
    line.line.quota.limit = 1
    async with sdk(line) as (api, _):
        push = PushMessageRequest(to=hanako.user_id, messages=[TEXT])
        await api.push_message(push)
        with Refusal() as refused:
            await api.push_message(push)
        assert line.reply(line.token(hanako)).status_code == 200

        line.clock.advance(timedelta(days=29, hours=13, minutes=59))  # April 1st, 10:00 in Japan
        with Refusal():
            await api.push_message(push)
        line.clock.advance(timedelta(minutes=1))
        await api.push_message(push)

    assert (refused.status, refused.message) == (429, "You have reached your monthly limit.")


# --- the webhook ---------------------------------------------------------------------------


async def test_the_webhooks_address_is_told_once_it_is_set(line: Served) -> None:
    """404 until then."""
    async with sdk(line) as (api, _):
        with Refusal() as unset:
            await api.get_webhook_endpoint()
        with Refusal() as untested:
            await api.test_webhook_endpoint()
        await api.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint=ENDPOINT))
        told = await api.get_webhook_endpoint()

    assert {(each.status, each.message) for each in (unset, untested)} == {
        (404, "Webhook endpoint not found")
    }
    assert (told.endpoint, told.active) == (ENDPOINT, True)


@pytest.mark.parametrize(
    "endpoint", ["http://example.jp/", "https://", "example.jp", "https://[", ENDPOINT.ljust(501)]
)
def test_an_address_line_sends_nothing_to_is_refused(line: Served, endpoint: str) -> None:
    """Neither without TLS nor without a host, nor longer than 500 characters."""
    answer = line.http.put("/v2/bot/channel/webhook/endpoint", json={"endpoint": endpoint})

    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid webhook endpoint URL")
    assert line.line.webhook.endpoint == ""


def refuses(body: bytes) -> int:
    raise ConnectionRefusedError


def sleeps(body: bytes) -> int:
    raise TimeoutError


@pytest.mark.parametrize(
    ("knock", "told"),
    [
        (lambda body: 200, (True, 200, "OK", "200")),
        (lambda body: 500, (False, 500, "ERROR_STATUS_CODE", "500")),
        (refuses, (False, 0, "COULD_NOT_CONNECT", "Failure to connect")),
        (sleeps, (False, 0, "REQUEST_TIMEOUT", "Request timeout")),
        (None, (False, 0, "COULD_NOT_CONNECT", "Failure to connect")),
    ],
)
async def test_a_test_of_the_webhook_tells_what_became_of_it(
    line: Served, knock: Any, told: tuple[bool, int, str, str]
) -> None:
    """In LINE's words; where nobody answers, nobody is asked."""
    line.line.webhook.knock = knock
    async with sdk(line) as (api, _):
        found = await api.test_webhook_endpoint(PING)

    assert (found.success, found.status_code, found.reason, found.detail) == told
    assert found.timestamp == line.clock.now()


async def test_a_test_of_the_webhook_is_a_body_without_events(line: Served) -> None:
    """For the bot, and for nobody else."""
    seen: list[bytes] = []

    def hears(body: bytes) -> int:
        seen.append(body)
        return 200

    line.line.webhook.knock = hears
    async with sdk(line) as (api, _):
        await api.test_webhook_endpoint(PING)

    assert [orjson.loads(body) for body in seen] == [
        {"destination": line.line.bot_id, "events": []}
    ]


# --- what people sent ----------------------------------------------------------------------


def sent(line: Served, kind: str) -> str:
    """Somebody sends something of *kind*; the message's id."""
    event = happenings.sent(kind, line.mint)
    line.line.contents.take(event)
    return str(event["message"]["id"])


@pytest.mark.parametrize(
    ("kind", "begins", "type"),
    [
        ("image", b"\x89PNG", "image/png"),
        ("video", b"\0\0\0\x14ftyp", "video/mp4"),
        ("audio", b"\0\0\0\x14ftypM4A", "audio/x-m4a"),
        ("file", b"%PDF-", "application/pdf"),
    ],
)
async def test_what_somebody_sent_can_be_fetched(
    line: Served, kind: str, begins: bytes, type: str
) -> None:
    """On the path LINE has on its data host, with its type."""
    id = sent(line, kind)
    async with sdk(line) as (_, blob):
        answer = await blob.get_message_content_with_http_info(id)

    assert bytes(answer.data).startswith(begins)
    assert answer.headers["content-type"] == type


async def test_pictures_and_films_have_a_preview(line: Served) -> None:
    """Nothing else has."""
    async with sdk(line) as (_, blob):
        for kind in ("image", "video"):
            preview = await blob.get_message_content_preview(sent(line, kind))
            assert size(bytes(preview), "image/png") == (240, 180)
        with Refusal() as refused:
            await blob.get_message_content_preview(sent(line, "audio"))

    assert (refused.status, refused.message) == (400, "The content can not be previewed")


async def test_films_and_recordings_are_ready(line: Served) -> None:
    """For anything else there is nothing to get ready."""
    async with sdk(line) as (_, blob):
        for kind in ("video", "audio"):
            found = await blob.get_message_content_transcoding_by_message_id(sent(line, kind))
            assert found.status == "succeeded"
        with Refusal() as refused:
            await blob.get_message_content_transcoding_by_message_id(sent(line, "image"))

    assert refused.message == "Transcoding status doesn't support this type of content"


async def test_there_is_no_content_of_words_stickers_and_what_was_unsent(line: Served) -> None:
    """404 where there never was any, 410 where there was."""
    words = happenings.text("やあ", line.mint)
    line.line.contents.take(words)
    image = sent(line, "image")
    async with sdk(line) as (_, blob):
        for id in (words["message"]["id"], sent(line, "sticker"), "1"):
            with Refusal() as never:
                await blob.get_message_content(id)
            assert (never.status, never.message) == (404, "not found")
        line.line.contents.take(happenings.unsend(image))
        line.line.contents.take(happenings.unsend("1"))
        with Refusal() as gone:
            await blob.get_message_content(image)

    assert (gone.status, gone.message) == (410, "The content is gone")
