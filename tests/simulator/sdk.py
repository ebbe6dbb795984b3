"""LINE's own client, pointed at the fake LINE."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from linebot.v3.messaging import (
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    Configuration,
)

from bot.simulator.fake_line.api import ACCESS_TOKEN
from tests.simulator.served import Served


@asynccontextmanager
async def sdk(line: Served) -> AsyncIterator[tuple[AsyncMessagingApi, AsyncMessagingApiBlob]]:
    """The two halves of the SDK, as long as the context lasts."""
    configuration = Configuration(host=line.url, access_token=ACCESS_TOKEN)
    async with AsyncApiClient(configuration) as client:
        yield AsyncMessagingApi(client), AsyncMessagingApiBlob(client)


class Refusal:
    """What the SDK made of a refusal: the ``status`` and LINE's JSON, once the context ended."""

    status = 0
    message = ""
    properties: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._raises = pytest.raises(ApiException)

    def __enter__(self) -> Refusal:
        self._caught = self._raises.__enter__()
        return self

    def __exit__(self, *error: Any) -> bool:
        caught = self._raises.__exit__(*error)
        said = json.loads(self._caught.value.body)
        self.status, self.message = self._caught.value.status, said["message"]
        self.properties = tuple(detail["property"] for detail in said.get("details", ()))
        assert self._caught.value.headers["x-line-request-id"]
        return caught
