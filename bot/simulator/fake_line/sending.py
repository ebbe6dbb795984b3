"""What brings messages to people: reply, push, multicast; and what only looks whether it could."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.simulator.fake_line import checks, refusals
from bot.simulator.fake_line.asked import RETRY_KEY, Answer, Asked, Endpoint, user_ids
from bot.simulator.fake_line.calls import Account, Delivered
from bot.simulator.fake_line.mint import Mint
from bot.simulator.fake_line.quota import Quota
from bot.simulator.fake_line.refusals import Detail, RefusalError
from bot.simulator.fake_line.tokens import ReplyTokens, RetryKeys

VALIDATED = ("reply", "push", "multicast", "narrowcast", "broadcast")
"""The ways to send whose messages LINE looks at without sending them."""


class Sending:
    """Takes messages and says to whom they go; a reply is free, the rest counts in *quota*."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        mint: Mint,
        tokens: ReplyTokens,
        keys: RetryKeys,
        quota: Quota,
        *,
        second_opinion: bool,
    ) -> None:
        self._accounts, self._mint = accounts, mint
        self._tokens, self._keys, self._quota = tokens, keys, quota
        self._second_opinion = second_opinion
        self._sent: dict[str, list[dict[str, str]]] = {}

    def endpoints(self) -> Sequence[Endpoint]:
        sends = "/v2/bot/message/"
        return (
            Endpoint("POST", f"{sends}reply", self._reply, sends=True),
            Endpoint("POST", f"{sends}push", self._push, sends=True),
            Endpoint("POST", f"{sends}multicast", self._multicast, sends=True),
            *(Endpoint("POST", f"{sends}validate/{way}", self._validate) for way in VALIDATED),
            Endpoint("POST", "/v2/bot/chat/loading/start", self._start_loading),
        )

    def _reply(self, asked: Asked) -> Answer:
        if RETRY_KEY in asked.request.headers:  # #retry-api-request: only on the four that push
            raise RefusalError(400, "X-Line-Retry-Key cannot be used with this endpoint")
        body = asked.read()
        known = {"replyToken": str, "messages": list, "notificationDisabled": bool}
        checks.must_be(body, known, ("replyToken", "messages"))
        self._must_be_valid(body)
        to = self._tokens.whose(asked.token)
        if to is None:
            raise refusals.invalid_token()
        self._tokens.spend(asked.token)
        return Answer({"sentMessages": self._deliver(asked, to)})

    def _push(self, asked: Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"to": str, **_PUSHED}, ("to", "messages"))
        if not checks.CHAT_ID.fullmatch(body["to"]):
            raise refusals.invalid([Detail("Must be the id of a user, group or room", "to")])
        self._must_be_valid(body)
        key = self._new_key(asked)
        self._quota.spend(self._reached([body["to"]]))
        sent = self._deliver(asked, body["to"])
        self._accept(key, asked, sent)
        return Answer({"sentMessages": sent})

    def _multicast(self, asked: Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"to": list, **_PUSHED}, ("to", "messages"))
        everybody = list(dict.fromkeys(user_ids(asked, "to", "multicast.to")))
        self._must_be_valid(body)
        key = self._new_key(asked)
        self._quota.spend(self._reached(everybody))
        for to in everybody:
            self._deliver(asked, to)
        self._accept(key, asked, [])
        return Answer()

    def _validate(self, asked: Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"messages": list}, ("messages",))
        self._must_be_valid(body)
        return Answer()

    def _start_loading(self, asked: Asked) -> Answer:
        body = asked.read()
        checks.must_be(body, {"chatId": str, "loadingSeconds": int}, ("chatId",))
        if not checks.is_user_id(body["chatId"]):
            raise refusals.invalid([Detail("Must be the id of a user", "chatId")])
        if body.get("loadingSeconds", 20) not in range(5, 65, 5):
            raise refusals.invalid([Detail("Must be 5, 10, … 60", "loadingSeconds")])
        return Answer(status=202)

    # --- on the way --------------------------------------------------------------------------

    def _must_be_valid(self, body: checks.Body) -> None:
        checks.messages_must_be_valid(body["messages"], second_opinion=self._second_opinion)

    def _deliver(self, asked: Asked, to: str) -> list[dict[str, str]]:
        """Bring the messages of *asked* to *to*; what LINE tells of them."""
        asked.delivered[to] = messages = tuple(
            Delivered(self._mint.message_id(), self._mint.quote_token(), message)
            for message in asked.body["messages"]
        )
        return [{"id": message.id, "quoteToken": message.quote_token} for message in messages]

    def _reached(self, everybody: Iterable[str]) -> int:
        """How many LINE counts: not who is no friend (messaging-api/pricing). A group counts one:
        our LINE does not know who is in it."""
        return sum(
            not checks.is_user_id(to) or (to in self._accounts and self._accounts[to].friend)
            for to in everybody
        )

    def _new_key(self, asked: Asked) -> str | None:
        """The call's retry key. Raises RefusalError for one that was accepted before."""
        key = checks.retry_key(asked.request.headers.get(RETRY_KEY))
        if key and (earlier := self._keys.accepted_as(key)):
            raise refusals.accepted_before(earlier, self._sent[key])
        return key

    def _accept(self, key: str | None, asked: Asked, sent: list[dict[str, str]]) -> None:
        if key:
            self._keys.accept(key, asked.request.state.request_id)
            self._sent[key] = sent


_PUSHED: Mapping[str, type[Any]] = {
    "messages": list,
    "notificationDisabled": bool,
    "customAggregationUnits": list,
}
"""What a body that pushes may hold besides whom it is for."""
