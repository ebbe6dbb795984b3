"""``taikai serve``: the production server, one process, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import uvicorn
from fastapi import FastAPI

from bot import logs
from bot.app import create_app
from bot.clock import SystemClock
from bot.metrics_server import MetricsRefusedError, listener
from bot.settings import SettingsError, read_settings
from bot.store.opening import open_store
from bot.store.port import StoreRefusedError
from content.catalog import Catalog, load
from content.problems import ContentError

BAD_SETTINGS = 2
"""The exit code for settings that cannot be used; every other refusal to start is 1."""

KEEP_ALIVE = 75
"""Seconds an idle connection is kept: a new one costs LINE and us a TLS handshake."""

FINISH_REQUESTS = 5
"""Seconds that requests under way are given on stopping; LINE waits for two."""


def serve(
    make_app: Callable[..., FastAPI] = create_app, read_content: Callable[[], Catalog] = load
) -> None:
    """Run the server with the settings in the environment until it is told to stop.

    ``make_app`` is called as `create_app` is, so that another flow can be served as well.
    Exits with 2 and one message naming every setting to mend, with 1 when content or database
    cannot be used.
    """
    try:
        settings = read_settings()
    except SettingsError as error:
        _refuse("次の設定を直してください。", error.problems, BAD_SETTINGS)
    logs.configure(settings.log_format)
    try:
        catalog = read_content()
    except ContentError as error:
        _refuse("次の内容を直してください。", str(error).splitlines(), 1)
    try:
        metrics = None if settings.metrics_port is None else listener(settings.metrics_port)
    except MetricsRefusedError as error:
        _refuse("次の設定を直してください。", [str(error)], BAD_SETTINGS)
    fault = _DiskFault()
    config = uvicorn.Config(
        "",
        host=settings.host,
        port=settings.port,
        access_log=False,  # it would write down who connected
        log_config=None,
        server_header=False,
        proxy_headers=False,  # nothing here asks who the caller is
        ws="none",
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=FINISH_REQUESTS,
    )

    async def run() -> None:
        store = await open_store(settings.database_url, SystemClock(), fault.stop)
        try:
            config.app = make_app(settings, catalog=catalog, store=store, metrics_socket=metrics)
            _settle_memory()
            await uvicorn.Server(config).serve()
        finally:
            await store.close()

    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises it again when it has stopped
        signal.signal(number, lambda *_: None)
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(run())
    except StoreRefusedError as error:
        _refuse("データベースを使えません。", [str(error)], 1)
    sys.exit(fault.exit_code)


class _DiskFault:
    """Stops the process when the disk loses what it said it had written; a new one recovers."""

    def __init__(self) -> None:
        self.exit_code = 0

    def stop(self) -> None:
        self.exit_code = 1
        logs.logger().error("disk failed", reason="fsync")
        os.kill(os.getpid(), signal.SIGTERM)


def _settle_memory() -> None:
    """Spare the collector all that lives as long as the process: its pauses reach 100 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _refuse(what: str, problems: Sequence[str], code: int) -> NoReturn:
    """Say on standard error why the server does not start, and exit."""
    lines = [f"taikai: 起動できません。{what}", *(f"  - {problem}" for problem in problems)]
    print("\n".join(lines), file=sys.stderr)
    sys.exit(code)
