"""The fake LINE's other calls: push, profile, loading animation, validation, and none besides."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
    ValidateMessageRequest,
)

from bot.line.client import LineClient
from bot.simulator.fake_line.api import ACCESS_TOKEN
from bot.simulator.session import Session
from tests.simulator.served import HELLO, Served, served


@pytest.fixture(scope="module")
def line() -> Iterator[Served]:
    with served() as running:
        yield running


def test_a_repeated_retry_key_is_told_which_request_was_accepted(line: Served) -> None:
    """409 with the id and the messages of the first; nothing is sent a second time."""
    to, key = line.somebody().user_id, str(uuid.uuid4())

    first = line.push(to, key)
    again = line.push(to, key)

    assert again.status_code == 409
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert again.json()["sentMessages"] == first.json()["sentMessages"]
    assert not line.calls[-1].accepted


def test_a_retry_key_is_forgotten_after_a_day(line: Served) -> None:
    """Then the same key is a new request."""
    to, key = line.somebody().user_id, str(uuid.uuid4())

    line.push(to, key)
    line.clock.advance(timedelta(hours=24, seconds=1))

    assert line.push(to, key).status_code == 200


def test_a_retry_key_that_is_no_uuid_is_refused(line: Served) -> None:
    """LINE's keys are UUIDs."""
    assert line.push(line.somebody().user_id, "again").status_code == 400


def test_a_push_to_somebody_who_blocked_is_accepted_and_not_shown(line: Served) -> None:
    """LINE answers 200 and delivers nothing."""
    somebody = line.somebody(friend=False)

    assert line.push(somebody.user_id).status_code == 200
    assert line.calls[-1].accepted
    assert not line.calls[-1].shown


def test_a_push_to_what_is_no_id_is_refused(line: Served) -> None:
    """The shape of an id is checked, whether or not anybody has it."""
    answer = line.push("hanako")

    assert answer.status_code == 400
    assert answer.json()["details"][0]["property"] == "to"


def test_a_profile_is_shown_of_friends_only(line: Served) -> None:
    """404 for strangers and for who blocked the account."""
    friend, stranger = line.somebody(), line.somebody(friend=False)

    assert line.http.get(f"/v2/bot/profile/{friend.user_id}").json() == {
        "displayName": "花子",
        "userId": friend.user_id,
        "language": "ja",
    }
    assert line.http.get(f"/v2/bot/profile/{stranger.user_id}").status_code == 404
    assert line.http.get("/v2/bot/profile/U0").status_code == 404


def test_the_bot_is_told_who_it_is(line: Served) -> None:
    """The id that its webhooks name as their destination; nobody else is told."""
    answer = line.http.get("/v2/bot/info")
    stranger = line.http.get("/v2/bot/info", headers={"authorization": "Bearer x"})

    assert (answer.status_code, answer.json()["userId"]) == (200, line.line.bot_id)
    assert answer.headers["x-line-request-id"]
    assert (stranger.status_code, stranger.json().get("userId")) == (401, None)


async def test_the_client_of_the_bot_is_told_the_same(line: Served) -> None:
    """By the client that asks when a server starts."""
    async with LineClient(line.url, ACCESS_TOKEN) as client:
        assert await client.bot_user_id() == line.line.bot_id


def test_a_session_s_webhooks_are_for_that_bot() -> None:
    """Otherwise the bot would rightly ignore them all."""
    session = Session(seed=7)

    assert session.destination == session.line.bot_id == Session(seed=7).destination


def test_asking_who_the_bot_is_moves_no_other_id() -> None:
    """The same seed makes the same ids, whenever the bot asks."""
    ids = []
    for asks in (0, 3):
        with served() as running:
            for _ in range(asks):
                running.http.get("/v2/bot/info")
            ids.append((running.line.bot_id, running.mint.user_id()))

    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("seconds", "status"), [(5, 202), (60, 202), (7, 400), (65, 400), (True, 400), ("5", 400)]
)
def test_the_loading_animation_takes_multiples_of_five(
    line: Served, seconds: object, status: int
) -> None:
    """5, 10, … 60 seconds (#display-a-loading-indicator)."""
    body = {"chatId": line.somebody().user_id, "loadingSeconds": seconds}

    assert line.post("/v2/bot/chat/loading/start", body).status_code == status


def test_the_loading_animation_is_not_for_groups(line: Served) -> None:
    """LINE shows it in one-to-one chats only."""
    body = {"chatId": line.mint.group_id()}

    assert line.post("/v2/bot/chat/loading/start", body).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/bot/message/broadcast"),
        ("GET", "/v2/bot/followers/ids"),
        ("POST", "/v2/bot/richmenu/batch"),
        ("POST", "/v2/bot/message/reply/"),
        ("GET", "/v2/bot/message/reply"),
    ],
)
def test_a_call_it_does_not_play_is_answered_501(line: Served, method: str, path: str) -> None:
    """Never a false 200; and never a redirect from a path that is nearly right."""
    answer = line.http.request(method, path)

    assert answer.status_code == 501
    assert path in answer.json()["message"]


def test_the_sdk_finds_it_indistinguishable_from_line(line: Served) -> None:
    """LINE's own client speaks to it: bodies, errors and headers have the shapes it expects."""
    somebody = line.somebody()
    configuration = Configuration(host=line.url, access_token=ACCESS_TOKEN)
    text, key = TextMessage(text="やあ"), str(uuid.uuid4())
    reply = ReplyMessageRequest(replyToken=line.token(somebody), messages=[text])
    push = PushMessageRequest(to=somebody.user_id, messages=[text])
    with ApiClient(configuration) as client:
        api = MessagingApi(client)

        assert api.reply_message(reply).sent_messages[0].quote_token
        api.validate_reply(ValidateMessageRequest(messages=[text]))
        assert api.get_profile(somebody.user_id).display_name == "花子"
        assert api.get_bot_info().user_id == line.line.bot_id
        api.show_loading_animation(
            ShowLoadingAnimationRequest(chatId=somebody.user_id, loadingSeconds=5)
        )
        api.push_message(push, x_line_retry_key=key)
        with pytest.raises(ApiException) as repeated:
            api.push_message(push, x_line_retry_key=key)
        with pytest.raises(ApiException) as refused:
            api.reply_message(reply)

    assert repeated.value.status == 409
    assert repeated.value.headers["x-line-accepted-request-id"]
    assert (refused.value.status, "Invalid reply token" in refused.value.body) == (400, True)


def test_validating_sends_nothing(line: Served) -> None:
    """200 for good messages, 400 for bad ones, and nobody sees either."""
    good = line.post("/v2/bot/message/validate/reply", {"messages": [HELLO]})
    bad = line.post("/v2/bot/message/validate/reply", {"messages": [{"type": "text"}]})

    assert (good.status_code, bad.status_code) == (200, 400)
    assert not any(call.accepted for call in line.calls[-2:])
