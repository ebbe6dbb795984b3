"""What the bot may ask about people, about itself and about its month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.simulator.fake_line import refusals
from bot.simulator.fake_line.asked import Answer, Asked, Endpoint
from bot.simulator.fake_line.calls import Account
from bot.simulator.fake_line.quota import Quota


class About:
    """Profiles of *accounts*, the bot's own, called *bot_id*, and its *quota*."""

    def __init__(self, accounts: Mapping[str, Account], bot_id: str, quota: Quota) -> None:
        self._accounts, self._bot_id, self._quota = accounts, bot_id, quota

    def endpoints(self) -> Sequence[Endpoint]:
        return (
            Endpoint("GET", "/v2/bot/profile/{user_id}", self._profile),
            Endpoint("GET", "/v2/bot/info", self._info),
            Endpoint("GET", "/v2/bot/message/quota", self._limit),
            Endpoint("GET", "/v2/bot/message/quota/consumption", self._used),
        )

    def _profile(self, asked: Asked) -> Answer:
        account = self._accounts.get(asked.named("user_id"))
        if account is None or not account.friend:
            raise refusals.not_found()
        profile = {"displayName": account.name, "userId": account.user_id}
        return Answer({**profile, "language": account.language})

    def _info(self, asked: Asked) -> Answer:
        known = {"userId": self._bot_id, "basicId": "@taikai", "displayName": "退会ナビ"}
        return Answer({**known, "chatMode": "bot", "markAsReadMode": "auto"})

    def _limit(self, asked: Asked) -> Answer:
        return Answer({"type": "limited", "value": self._quota.limit})

    def _used(self, asked: Asked) -> Answer:
        return Answer({"totalUsage": self._quota.used})
