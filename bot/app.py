"""Puts the rooms together: settings, content and clock in, one ASGI application out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from functools import partial

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from bot import probes
from bot.clock import Clock, SystemClock
from bot.engine.accept import Reception
from bot.engine.deliver import Deliverer
from bot.engine.keys import Keys
from bot.engine.phrases import Phrases
from bot.engine.pseudonym import Pseudonyms
from bot.engine.retention import keep_purging
from bot.engine.turn import Speak, Turns
from bot.engine.vault import Vault
from bot.headers import SecurityHeaders
from bot.line.client import LineClient
from bot.line.hear import hear
from bot.line.speak import Wording, speak
from bot.privacy import PrivacyPage
from bot.settings import Settings
from bot.store.port import Store
from bot.store.sqlite import SqliteStore
from bot.webhook import BODY_LIMIT, Webhook
from content.catalog import Catalog
from flows.conversation import Conversation, Event, Say
from flows.step import step as withdrawal

CatalogStep = Callable[
    [Conversation, Event, Catalog, datetime], tuple[Conversation | None, Sequence[Say]]
]
"""A flow as flows/ writes it."""

QUIET: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""No telemetry: spans and log records of the framework would carry exception messages along."""


class _App(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        """The framework's stack inside the headers: its own error pages get them too."""
        return SecurityHeaders(super().build_middleware_stack())


def create_app(
    settings: Settings,
    *,
    catalog: Catalog,
    clock: Clock | None = None,
    store: Store | None = None,
    step: CatalogStep = withdrawal,
    say: Speak | None = None,
) -> FastAPI:
    """The whole application, complete with delivery and purging while its lifespan lasts.

    A *store* given is left open for its giver; otherwise the one that ``DATABASE_URL`` names is
    opened and closed. *step* and *say* default to the withdrawal flow and LINE's messages.
    Starting it raises StoreRefusedError when the database cannot be used.
    """
    time = clock or SystemClock()
    keys = Keys.derive(settings.taikai_key.get_secret_value())
    vault = Vault(keys.sealing)
    phrases = Phrases.of(catalog.phrases)
    # Without PUBLIC_BASE_URL nobody could open the page, so no link is offered.
    known = catalog.run_by(
        f"{settings.operator_name}（連絡先：{settings.operator_contact}）",
        f"{settings.public_base_url}/privacy" if settings.public_base_url else "",
    )
    wording = Wording(alt_text=catalog.phrases["alt_text"])
    turns = Turns(
        step=lambda conversation, event, now: step(conversation, event, known, now),
        speak=say or partial(speak, wording=wording),
        vault=vault,
        phrases=phrases,
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            opened = store
            if opened is None:
                opened = SqliteStore.open(settings.database_path)
                closing.push_async_callback(opened.close)
            line = await closing.enter_async_context(
                LineClient(
                    settings.line_api_base, settings.line_channel_access_token.get_secret_value()
                )
            )
            deliverer = Deliverer(opened, line.reply, vault, time, phrases.answer_refused)
            deliverer.start()
            closing.push_async_callback(deliverer.stop)
            purging = asyncio.create_task(keep_purging(opened, time), name="purging")
            closing.push_async_callback(_cancelled, purging)

            reception = Reception(
                opened, turns, Pseudonyms(keys.pseudonym), time, deliverer.answer_waits
            )
            secrets = [secret.get_secret_value() for secret in settings.line_channel_secret]
            app.state.webhook = Webhook(secrets, partial(hear, destination=None), reception)
            app.state.readiness = probes.Readiness(opened)
            yield

    app = _App(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        max_body_size=BODY_LIMIT,
        telemetry=QUIET,
        exception_handlers={Exception: _failed},
    )
    page = PrivacyPage(settings.operator_name, settings.operator_contact)
    # Plain routes: there is nothing to declare here, and FastAPI's own cost 50 µs a call.
    app.add_route("/callback", _callback, methods=["POST"])
    app.add_route("/healthz", probes.health)
    app.add_route("/readyz", _ready)
    app.add_route("/privacy", page.show)
    return app


async def _callback(request: Request) -> Response:
    webhook: Webhook = request.app.state.webhook
    return await webhook.callback(request)


async def _ready(request: Request) -> Response:
    readiness: probes.Readiness = request.app.state.readiness
    return await readiness.ready(request)


async def _failed(_request: Request, _error: Exception) -> Response:
    """What a stranger learns of a fault of ours: that there was one."""
    return PlainTextResponse("500", 500)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
