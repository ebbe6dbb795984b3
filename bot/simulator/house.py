"""Where the simulated bot lives: the app and the fake LINE served, a database for the while."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import SecretBytes, SecretStr
from starlette.types import ASGIApp

from bot.app import CatalogStep, create_app
from bot.clock import Clock
from bot.settings import Settings
from bot.simulator.fake_line.api import ACCESS_TOKEN
from bot.simulator.loopback import LOOPBACK, LoopbackServer, must_call_loopback
from bot.store.port import Store
from bot.store.sqlite import SqliteStore
from content.catalog import Catalog

OPERATOR = ("シミュレーター", "このマシンの中だけで動いています")
"""Who runs the bot, as the greeting says it."""


def must_stay_inside() -> None:
    """Raise SimulatorRefusedError when the environment points the bot at the real LINE.

    Nothing of the environment is used here. But who set it means a real account, and had
    better be told before taking what follows for real.
    """
    if base := os.environ.get("LINE_API_BASE"):
        must_call_loopback(base)


DECIDE_WITHIN = 60.0
"""Seconds, far more than the slowest machine takes, instead of the 1.2 that LINE's two leave. What
takes too long is put away in production and decided on afterwards; on a machine busy with other
things whoever looks at what became of a press would find nothing yet."""

ORIGIN = "https://taikai.invalid"
"""Where the bot would be reached from outside. A name that can never exist (RFC 6761)."""


class House:
    """The app with *catalog* and *step*, by *clock*; ``secret`` signs its webhooks."""

    def __init__(self, catalog: Catalog, step: CatalogStep, clock: Clock) -> None:
        self.secret = secrets.token_hex(16)
        self._catalog, self._step, self._clock = catalog, step, clock
        self._door = threading.Condition()
        self._inside = 0
        self._serve: Callable[[], None] = _not_open
        self._app_url = ""

    @contextmanager
    def open(self, line: ASGIApp, around_store: Callable[[Store], Store]) -> Iterator[None]:
        """Serve the app and *line* until the context ends; nothing of it remains."""
        with ExitStack() as closing:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="taikai-")))
            line_server = LoopbackServer("fake-line")
            closing.callback(line_server.stop)
            line_server.start(line)
            settings = self._settings(must_call_loopback(line_server.url), folder)
            store = SqliteStore.open(settings.database_path, self._clock)
            closing.callback(lambda: asyncio.run(store.close()))
            app = closing.enter_context(ExitStack())  # first to stop: it still calls the others

            def serve() -> None:
                app.close()
                server = LoopbackServer("app")
                app.callback(server.stop)
                server.start(
                    create_app(
                        settings,
                        catalog=self._catalog,
                        store=around_store(store),
                        step=self._step,
                        remembered_turns=0,  # every step is to be seen
                        decide_within=DECIDE_WITHIN,
                    )
                )
                self._app_url = server.url

            serve()
            self._serve = serve
            try:
                yield
            finally:
                with self._door:  # who still waits for an answer must not start another app
                    self._serve = _not_open

    @contextmanager
    def at_home(self) -> Iterator[str]:
        """The app's address, which stays good until the context ends."""
        with self._door:
            self._inside += 1
        try:
            yield self._app_url
        finally:
            with self._door:
                self._inside -= 1
                self._door.notify_all()

    def renew(self, catalog: Catalog) -> None:
        """Start the app anew with *catalog*, on the same database, once nobody is calling it.

        As a new release does: what the old one accepted, the new one sends. Raises RuntimeError
        when the house is not open or the app does not start.
        """
        with self._door:
            self._door.wait_for(lambda: not self._inside)
            self._catalog = catalog
            self._serve()

    def _settings(self, line_url: str, folder: Path) -> Settings:
        """Every setting is given here, so that none of the environment's gets in."""
        name, contact = OPERATOR
        return Settings(
            line_channel_secret=(SecretStr(self.secret),),
            line_channel_access_token=SecretStr(ACCESS_TOKEN),
            line_api_base=line_url,
            database_url=f"sqlite:///{folder / 'simulator.db'}",
            host=LOOPBACK,
            port=0,
            public_base_url=ORIGIN,
            operator_name=name,
            operator_contact=contact,
            taikai_key=(SecretBytes(os.urandom(32)),),
            metrics_port="off",
            taikai_push="off",
            taikai_push_daily=0,
            log_format="console",
        )


def _not_open() -> None:
    raise RuntimeError("the house is not open")
