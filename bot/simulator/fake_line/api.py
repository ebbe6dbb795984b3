"""LINE's Messaging API, played on this machine, stricter than LINE plays it.

Played: reply, push, validate, profile, loading animation and bot info. Every other call is
answered 501: a bot that relies on one must not believe that it works.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.clock import Clock
from bot.simulator.fake_line import checks, refusals
from bot.simulator.fake_line.calls import Account, Call, Delivered
from bot.simulator.fake_line.cuts import cut, keep_waiting
from bot.simulator.fake_line.faults import Fault, Faults
from bot.simulator.fake_line.mint import Mint
from bot.simulator.fake_line.refusals import Detail, RefusalError
from bot.simulator.fake_line.tokens import ReplyTokens, RetryKeys

ACCESS_TOKEN = "a-token-only-the-simulator-takes-0000000001"  # noqa: S105 - opens nothing

RETRY_KEY = "x-line-retry-key"
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]

OUTCOMES: Mapping[Fault, Callable[[], RefusalError]] = {
    Fault.ERROR: refusals.broken_down,
    Fault.ERROR_AFTER: refusals.broken_down,
    Fault.RATE_LIMIT: refusals.rate_limited,
    Fault.MONTHLY_LIMIT: refusals.monthly_limit,
    Fault.UNAUTHORIZED: refusals.unauthorized,
}
"""The faults in which LINE still answers."""


@dataclass(slots=True)
class _Asked:
    """A call while it is carried out: what is asked, and what became known about it."""

    request: Request
    content: bytes
    body: checks.Body = field(default_factory=dict)
    token: str = ""
    to: str = ""
    messages: tuple[Delivered, ...] = ()

    def read(self) -> checks.Body:
        """The body as JSON; its reply token is known from now on, whatever comes of it."""
        self.body = checks.read(self.content, self.request.headers.get("content-type", ""))
        if isinstance(token := self.body.get("replyToken"), str):
            self.token = token
        return self.body


Answer = tuple[int, Mapping[str, Any]]
CarryOut = Callable[[_Asked], Answer]


class FakeLine:
    """LINE for one bot. ``app`` is to be served; the rest is for whoever plays the people.

    ``bot_id`` is the bot's own user id, the destination of its webhooks. ``accounts`` are the
    people LINE knows, by user id. ``tokens`` must be told each reply token a webhook carries.
    ``faults`` strike reply and push. *on_call* hears of every call, from the thread ``app`` is
    served in, before the bot gets its answer.
    """

    def __init__(
        self,
        clock: Clock,
        mint: Mint,
        on_call: Callable[[Call], None],
        *,
        access_token: str = ACCESS_TOKEN,
        second_opinion: bool = False,
    ) -> None:
        """With *second_opinion* the SDK's models judge every message too (1 s to load them)."""
        self.bot_id = mint.user_id()
        self.accounts: dict[str, Account] = {}
        self.tokens = ReplyTokens(clock)
        self.faults = Faults()
        self._keys = RetryKeys(clock)
        self._pushed: dict[str, tuple[Delivered, ...]] = {}
        self._clock, self._mint, self._on_call = clock, mint, on_call
        self._bearer = f"Bearer {access_token}"
        self._second_opinion = second_opinion
        if second_opinion:
            checks.warm_up()
        self.app = FastAPI(openapi_url=None, redirect_slashes=False)
        for method, path, carry_out in (
            ("POST", "/v2/bot/message/reply", self._reply),
            ("POST", "/v2/bot/message/push", self._push),
            ("POST", "/v2/bot/message/validate/reply", self._validate),
            ("POST", "/v2/bot/chat/loading/start", self._start_loading),
            ("GET", "/v2/bot/profile/{user_id}", self._profile),
            ("GET", "/v2/bot/info", self._info),
        ):
            sends = carry_out in (self._reply, self._push)
            self.app.add_api_route(path, self._route(carry_out, sends), methods=[method])
        self.app.add_api_route("/{path:path}", self._route(_unknown, False), methods=METHODS)

    # --- the calls -------------------------------------------------------------------------

    def _reply(self, asked: _Asked) -> Answer:
        if RETRY_KEY in asked.request.headers:  # #retry-api-request: only on the four that push
            raise RefusalError(400, "X-Line-Retry-Key cannot be used with this endpoint")
        body = asked.read()
        known = {"replyToken": str, "messages": list, "notificationDisabled": bool}
        checks.must_be(body, known, ("replyToken", "messages"))
        checks.messages_must_be_valid(body["messages"], second_opinion=self._second_opinion)
        to = self.tokens.whose(asked.token)
        if to is None:
            raise refusals.invalid_token()
        self.tokens.spend(asked.token)
        return self._take(asked, to)

    def _push(self, asked: _Asked) -> Answer:
        body = asked.read()
        known = {"to": str, "messages": list, "notificationDisabled": bool}
        checks.must_be(body, known, ("to", "messages"))
        if not checks.USER_ID.fullmatch(body["to"]):
            raise refusals.invalid([Detail("Must be the id of a user, group or room", "to")])
        checks.messages_must_be_valid(body["messages"], second_opinion=self._second_opinion)
        key = checks.retry_key(asked.request.headers.get(RETRY_KEY))
        if key and (earlier := self._keys.accepted_as(key)):
            raise refusals.accepted_before(earlier, _sent(self._pushed[key]))
        answer = self._take(asked, body["to"])
        if key:
            self._keys.accept(key, asked.request.state.request_id)
            self._pushed[key] = asked.messages
        return answer

    def _take(self, asked: _Asked, to: str) -> Answer:
        asked.to = to
        asked.messages = tuple(
            Delivered(self._mint.message_id(), self._mint.quote_token(), message)
            for message in asked.body["messages"]
        )
        return 200, {"sentMessages": _sent(asked.messages)}

    def _validate(self, asked: _Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"messages": list}, ("messages",))
        checks.messages_must_be_valid(body["messages"], second_opinion=self._second_opinion)
        return 200, {}

    def _start_loading(self, asked: _Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"chatId": str, "loadingSeconds": int}, ("chatId",))
        if not (body["chatId"].startswith("U") and checks.USER_ID.fullmatch(body["chatId"])):
            raise refusals.invalid([Detail("Must be the id of a user", "chatId")])
        if body.get("loadingSeconds", 20) not in range(5, 65, 5):
            raise refusals.invalid([Detail("Must be 5, 10, … 60", "loadingSeconds")])
        return 202, {}

    def _profile(self, asked: _Asked) -> Answer:
        account = self.accounts.get(asked.request.path_params["user_id"])
        if account is None or not account.friend:
            raise refusals.not_found()
        profile = {"displayName": account.name, "userId": account.user_id}
        return 200, {**profile, "language": account.language}

    def _info(self, asked: _Asked) -> Answer:
        known = {"userId": self.bot_id, "basicId": "@taikai", "displayName": "退会ナビ"}
        return 200, {**known, "chatMode": "bot", "markAsReadMode": "auto"}

    # --- around every call -----------------------------------------------------------------

    def _route(self, carry_out: CarryOut, sends: bool) -> Callable[[Request], Any]:
        """What FastAPI calls; faults strike where it *sends* something."""

        async def route(request: Request) -> Response:
            # A bot asks who it is while others act: minted there, ids would depend on the moment.
            asks = carry_out == self._info
            request.state.request_id = str(uuid.uuid4()) if asks else self._mint.request_id()
            asked = _Asked(request, await request.body())
            fault = self.faults.take() if sends else None
            status, said, headers = 0, dict[str, Any](), dict[str, str]()
            try:
                self._admit(asked)
                if fault is None or fault.accepts:
                    status, done = carry_out(asked)
                    said = dict(done)
                else:
                    asked.read()
                if fault is not None and fault in OUTCOMES:
                    raise OUTCOMES[fault]()
            except RefusalError as refusal:
                status, said, headers = refusal.status, refusal.json(), dict(refusal.headers)
            if fault is not None and fault not in OUTCOMES:
                self._note(asked, 0, {}, fault)
                return await (cut(request) if fault.cuts else keep_waiting(request))
            self._note(asked, status, said, fault)
            headers["x-line-request-id"] = request.state.request_id
            return JSONResponse(said, status, headers)

        return route

    def _admit(self, asked: _Asked) -> None:
        if asked.request.headers.get("authorization") != self._bearer:
            raise refusals.unauthorized()
        if len(asked.content) > checks.LARGEST:
            raise refusals.too_large()

    def _note(
        self, asked: _Asked, status: int, said: Mapping[str, Any], fault: Fault | None
    ) -> None:
        call = Call(
            at=self._clock.now(),
            method=asked.request.method,
            path=asked.request.url.path,
            status=status,
            request_id=asked.request.state.request_id,
            asked=asked.body,
            said=said,
            fault=fault,
            token=asked.token,
            to=asked.to,
            messages=asked.messages,
            shown=self._is_shown(asked),
        )
        self._on_call(call)

    def _is_shown(self, asked: _Asked) -> bool:
        """A reply reaches whoever wrote, friend or not; a push only friends and groups."""
        account = self.accounts.get(asked.to)
        if account is None:
            return asked.to.startswith(("C", "R"))
        return not account.blocked if asked.token else account.friend


def _unknown(asked: _Asked) -> Answer:
    raise refusals.not_played(asked.request.method, asked.request.url.path)


def _sent(messages: tuple[Delivered, ...]) -> list[dict[str, str]]:
    return [{"id": message.id, "quoteToken": message.quote_token} for message in messages]
