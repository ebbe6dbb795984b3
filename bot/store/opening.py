"""The store that ``DATABASE_URL`` names: the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable

from bot.clock import Clock
from bot.database_url import sqlite_path
from bot.store.port import Store


async def open_store(
    url: str, clock: Clock, on_disk_error: Callable[[], None] = lambda: None
) -> Store:
    """Open the database at *url*, which `bot.database_url.database` has let pass.

    *clock* tells SQLite the time; PostgreSQL has a clock of its own, which all nodes share.
    ``on_disk_error`` as `bot.store.writer.Writer` says. Raises StoreRefusedError.
    """
    path = sqlite_path(url)
    if path is not None:
        from bot.store.sqlite import SqliteStore

        return SqliteStore.open(path, clock, on_disk_error=on_disk_error)
    # Only here: asyncpg takes a tenth of a second to load.
    from bot.store.postgres import PostgresStore

    return await PostgresStore.open(url)


async def upgrade(url: str, clock: Clock) -> None:
    """Create the database at *url* or bring it up to date. Raises StoreRefusedError."""
    if sqlite_path(url) is not None:
        await (await open_store(url, clock)).close()
        return
    from bot.store import postgres_layout

    await postgres_layout.upgrade(url)
