"""The fake LINE alone, on a socket, with a client that can say anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2

from bot.simulator.clock import SimClock
from bot.simulator.fake_line.api import ACCESS_TOKEN, FakeLine
from bot.simulator.fake_line.calls import Account, Call
from bot.simulator.fake_line.mint import Mint
from bot.simulator.loopback import LoopbackServer

HELLO = {"type": "text", "text": "こんにちは"}


@dataclass
class Served:
    """A running fake LINE, the calls it took, and how to call it."""

    line: FakeLine
    clock: SimClock
    mint: Mint
    calls: list[Call]
    url: str
    http: httpx2.Client = field(repr=False)

    def somebody(self, *, friend: bool = True) -> Account:
        """A person LINE knows."""
        account = Account(self.mint.user_id(), "花子", friend=friend)
        self.line.accounts[account.user_id] = account
        return account

    def token(self, account: Account) -> str:
        """A reply token that answers *account*, just issued."""
        token = self.mint.reply_token()
        self.line.tokens.issue(token, account.user_id)
        return token

    def reply(self, token: str, *messages: object, **headers: str) -> httpx2.Response:
        """Reply *messages* (default: hello) by *token*."""
        body = {"replyToken": token, "messages": list(messages or (HELLO,))}
        return self.post("/v2/bot/message/reply", body, **headers)

    def push(self, to: str, key: str | None = None) -> httpx2.Response:
        """Push hello to *to*, with a retry *key* or without."""
        headers = {"x-line-retry-key": key} if key else {}
        return self.post("/v2/bot/message/push", {"to": to, "messages": [HELLO]}, **headers)

    def post(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        """Post *body* as JSON with a good access token."""
        return self.http.post(path, json=body, headers=headers)


@contextmanager
def served(*, second_opinion: bool = False) -> Iterator[Served]:
    """A fake LINE for as long as the context lasts; its clock stands still."""
    clock, mint, calls = SimClock(), Mint(7), list[Call]()
    clock.freeze(datetime(2026, 4, 1, 1, tzinfo=UTC))
    line = FakeLine(clock, mint, calls.append, second_opinion=second_opinion)
    server = LoopbackServer("fake-line")
    server.start(line.app)
    headers = {"authorization": f"Bearer {ACCESS_TOKEN}"}
    try:
        with httpx2.Client(base_url=server.url, headers=headers, timeout=5) as http:
            yield Served(line, clock, mint, calls, server.url, http)
    finally:
        server.stop()
