"""LINE's Messaging API, played on this machine, stricter than LINE plays it.

What is played stands in the rooms: `sending`, `about`, `webhook_settings`, `contents`,
`rich_menu_calls` and `rich_menu_links`. Here is what goes on around every call: who may call,
what goes wrong on purpose, and what is noted. Every call no room has is answered 501: a bot that
relies on one must not believe that it works.
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.clock import Clock
from bot.simulator.fake_line import checks, refusals
from bot.simulator.fake_line.about import About
from bot.simulator.fake_line.asked import Answer, Asked, Endpoint, Room
from bot.simulator.fake_line.calls import Account, Call
from bot.simulator.fake_line.contents import Contents
from bot.simulator.fake_line.cuts import cut
from bot.simulator.fake_line.faults import Fault, Faults
from bot.simulator.fake_line.held_calls import HeldCalls
from bot.simulator.fake_line.mint import Mint
from bot.simulator.fake_line.quota import Quota
from bot.simulator.fake_line.refusals import Detail, RefusalError
from bot.simulator.fake_line.rich_menu_calls import RichMenuCalls
from bot.simulator.fake_line.rich_menu_links import RichMenuLinks
from bot.simulator.fake_line.rich_menus import RichMenus
from bot.simulator.fake_line.sending import Sending
from bot.simulator.fake_line.tokens import ReplyTokens, RetryKeys
from bot.simulator.fake_line.webhook_settings import WebhookSettings

ACCESS_TOKEN = "a-token-only-the-simulator-takes-0000000001"  # noqa: S105 - opens nothing

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]

OUTCOMES: Mapping[Fault, Callable[[], RefusalError]] = {
    Fault.BAD_REQUEST: partial(refusals.invalid, [Detail("Arranged to fail", "messages[0]")]),
    Fault.EXPIRED: refusals.invalid_token,
    Fault.ERROR: refusals.broken_down,
    Fault.ERROR_AFTER: refusals.broken_down,
    Fault.RATE_LIMIT: refusals.rate_limited,
    Fault.MONTHLY_LIMIT: refusals.monthly_limit,
    Fault.UNAUTHORIZED: refusals.unauthorized,
}
"""The faults in which LINE still answers."""


class FakeLine:
    """LINE for one bot. ``app`` is to be served; the rest is for whoever plays the people.

    ``bot_id`` is the bot's own user id, the destination of its webhooks. ``accounts`` are the
    people LINE knows, by user id. ``tokens`` must be told each reply token a webhook carries, and
    ``contents`` each event; ``webhook.knock`` is how LINE's test of the webhook
    gets there. ``rich_menus`` tells which menu is below whose chat, ``quota`` how many messages
    the month still has. ``faults`` strike whatever sends; ``held_calls`` are those a time-out keeps
    waiting. *on_call* hears of every call, from the thread ``app`` is served in, before the bot
    gets its answer.
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
        self.held_calls = HeldCalls()
        self.quota = Quota(clock)
        self.contents = Contents()
        self.webhook = WebhookSettings(clock, self.bot_id)
        self.rich_menus = RichMenus(self.accounts)
        self._clock, self._mint, self._on_call = clock, mint, on_call
        self._bearer = f"Bearer {access_token}"
        if second_opinion:
            checks.warm_up()
        sending = Sending(
            self.accounts,
            mint,
            self.tokens,
            RetryKeys(clock),
            self.quota,
            second_opinion=second_opinion,
        )
        self.app = self._serving(
            sending,
            About(self.accounts, self.bot_id, self.quota),
            self.webhook,
            self.contents,
            RichMenuLinks(self.rich_menus),  # before the menus: its paths look like their ids
            RichMenuCalls(self.rich_menus, mint),
        )

    def _serving(self, *rooms: Room) -> FastAPI:
        app = FastAPI(openapi_url=None, redirect_slashes=False)
        for room in rooms:
            for endpoint in room.endpoints():
                app.add_api_route(endpoint.path, self._route(endpoint), methods=[endpoint.method])
        unknown = Endpoint("", "/{path:path}", _unknown)
        app.add_api_route(unknown.path, self._route(unknown), methods=METHODS)
        return app

    # --- around every call -----------------------------------------------------------------

    def _route(self, endpoint: Endpoint) -> Callable[[Request], Any]:
        """What FastAPI calls; faults strike where the *endpoint* sends something."""

        async def route(request: Request) -> Response:
            # A bot may ask while others act: minted there, ids would depend on the moment.
            asks = request.method == "GET"
            request.state.request_id = str(uuid.uuid4()) if asks else self._mint.request_id()
            asked = Asked(request, await request.body())
            fault = self.faults.take() if endpoint.sends else None
            status, said, headers, answer = 0, dict[str, Any](), dict[str, str](), Answer()
            try:
                self._admit(asked)
                if fault is None or fault.accepts:
                    done = endpoint.carry_out(asked)
                    answer = await done if inspect.isawaitable(done) else done
                    status, said = answer.status, dict(answer.said)
                else:
                    asked.read()
                if fault is not None and fault in OUTCOMES:
                    raise OUTCOMES[fault]()
            except RefusalError as refusal:
                status, said, headers = refusal.status, refusal.json(), dict(refusal.headers)
            if fault is not None and fault not in OUTCOMES:
                self._note(asked, 0, {}, fault)
                return await (cut(request) if fault.cuts else self.held_calls.hold(request))
            self._note(asked, status, said, fault)
            headers["x-line-request-id"] = request.state.request_id
            if answer.file is not None:
                return Response(answer.file, status, headers, answer.file_type)
            return JSONResponse(said, status, headers)

        return route

    def _admit(self, asked: Asked) -> None:
        if asked.header("authorization") != self._bearer:
            raise refusals.unauthorized()
        if len(asked.content) > checks.LARGEST:
            raise refusals.too_large()

    def _note(
        self, asked: Asked, status: int, said: Mapping[str, Any], fault: Fault | None
    ) -> None:
        """Tell of the call: once, or once for each person it brought something to."""
        for to, messages in asked.delivered.items() or (("", ()),):
            self._on_call(
                Call(
                    at=self._clock.now(),
                    method=asked.request.method,
                    path=asked.request.url.path,
                    status=status,
                    request_id=asked.request.state.request_id,
                    asked=asked.body,
                    said=said,
                    fault=fault,
                    token=asked.token,
                    to=to,
                    messages=messages,
                    shown=self._is_shown(to, asked.token),
                )
            )

    def _is_shown(self, to: str, token: str) -> bool:
        """A reply reaches whoever wrote, friend or not; a push only friends and groups."""
        account = self.accounts.get(to)
        if account is None:
            return to.startswith(("C", "R"))
        return not account.blocked if token else account.friend


def _unknown(asked: Asked) -> Answer:
    raise refusals.not_played(asked.request.method, asked.request.url.path)
