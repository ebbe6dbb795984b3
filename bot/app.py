"""Puts the rooms together: settings, content and clock in, one ASGI application out."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import probes
from bot.clock import Clock, SystemClock
from bot.engine.engine import Engine
from bot.engine.flow import REMEMBERED, Flow, Speak
from bot.engine.keys import KeyRing
from bot.engine.metrics import NO_METRICS, Metrics
from bot.engine.phrases import Phrases
from bot.engine.pseudonym import Pseudonyms
from bot.engine.turn import Turns
from bot.engine.vault import Vault
from bot.headers import SecurityHeaders
from bot.line.client import LineClient
from bot.line.identity import Identity
from bot.line.speak import Wording, speak
from bot.privacy import PrivacyPage
from bot.settings import Settings
from bot.store.opening import open_store
from bot.store.port import Store
from bot.throttle import Throttle
from bot.webhook import Webhook
from content.catalog import Catalog
from flows.conversation import Conversation, Event, Say
from flows.step import step as withdrawal

CALLBACK = "/callback"
"""Where LINE posts its webhooks."""

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


class _Callback:
    """The route LINE calls. What serves it is there for as long as the lifespan lasts."""

    webhook: Webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.webhook(scope, receive, send)


class _App(FastAPI):
    """FastAPI, but for the one route that everything goes through."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.callback = _Callback()
        # Plain routes: there is nothing to declare here, and FastAPI's own cost 50 µs a call.
        self.router.routes.append(Route(CALLBACK, self.callback, methods=["POST"]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request.

        LINE's calls go straight to their route: the framework's fifteen layers on the way there
        add nothing to it and took a sixth of all the time an event needs.
        """
        if scope["type"] == "http" and scope["path"] == CALLBACK and scope["method"] == "POST":
            await self.callback.webhook(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

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
    remembered_turns: int = REMEMBERED,
    decide_within: float | None = None,
    metrics_socket: socket.socket | None = None,
) -> FastAPI:
    """The whole application, complete with delivery and purging while its lifespan lasts.

    A *store* given is left open for its giver; otherwise the one that ``DATABASE_URL`` names is
    opened and closed. *clock* is for a store that has no clock of its own. *step* and *say*
    default to the withdrawal flow and LINE's messages; *remembered_turns* of them are kept for
    a minute, so whoever wants to see every step passes 0, and *decide_within* seconds, longer
    than LINE waits, to see each decided on before the webhook ends. *metrics_socket* shows what
    is counted (`bot.metrics_server.listener`); without one nothing is.
    Starting it raises StoreRefusedError when the database cannot be used.
    """
    ring = KeyRing.of([key.get_secret_value() for key in settings.taikai_key])
    vault = Vault(ring)
    pseudonyms = Pseudonyms(ring)
    phrases = Phrases.of(catalog.phrases)
    # Without PUBLIC_BASE_URL nobody could open the page, so no link is offered.
    known = catalog.run_by(
        f"{settings.operator_name}（連絡先：{settings.operator_contact}）",
        f"{settings.public_base_url}/privacy" if settings.public_base_url else "",
    )
    wording = Wording(alt_text=catalog.phrases["alt_text"])
    flow = Flow(
        step=lambda conversation, event, now: step(conversation, event, known, now),
        speak=say or partial(speak, wording=wording),
        most=remembered_turns,
    )
    pushes = settings.taikai_push_daily if settings.taikai_push == "fallback" else 0
    turns = Turns(flow, vault, phrases, push=pushes > 0)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            opened = store
            if opened is None:
                opened = await open_store(settings.database_url, clock or SystemClock())
                closing.push_async_callback(opened.close)
            line = await closing.enter_async_context(
                LineClient(
                    settings.line_api_base, settings.line_channel_access_token.get_secret_value()
                )
            )
            metrics = await _metrics(metrics_socket, opened, closing)
            engine = Engine(
                opened, line, turns, pseudonyms, vault,
                pushes=pushes, metrics=metrics, decide_within=decide_within,
            )  # fmt: skip
            engine.start()
            closing.push_async_callback(engine.stop)
            identity = Identity(line)
            asking = asyncio.create_task(identity.find_out(), name="identity")
            closing.push_async_callback(_cancelled, asking)

            secrets = [secret.get_secret_value() for secret in settings.line_channel_secret]
            application.callback.webhook = Webhook(
                secrets,
                identity.hear,
                engine.reception,
                Throttle(asyncio.get_running_loop().time),
                metrics,
            )
            application.state.readiness = probes.Readiness(opened)
            yield

    application = _App(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=QUIET,
        exception_handlers={Exception: _failed},
    )
    page = PrivacyPage(settings.operator_name, settings.operator_contact, push=pushes > 0)
    application.add_route("/healthz", probes.health)
    application.add_route("/readyz", _ready)
    application.add_route("/privacy", page.show)
    return application


async def _metrics(
    listening: socket.socket | None, store: Store, closing: AsyncExitStack
) -> Metrics:
    """What counts, and, at *listening*, shows it while *closing* is open."""
    if listening is None:
        return NO_METRICS
    from bot.metrics import PrometheusMetrics  # only here: it takes its time to load
    from bot.metrics_server import serving

    metrics = PrometheusMetrics(store)
    await closing.enter_async_context(serving(listening, metrics.exposition))
    return metrics


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
