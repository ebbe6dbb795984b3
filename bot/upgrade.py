"""`taikai db upgrade`: the database that ``DATABASE_URL`` names, created or brought up to date."""

from __future__ import annotations

import asyncio
import os

from bot.clock import SystemClock
from bot.database_url import database, sqlite_path
from bot.settings import Settings
from bot.store import opening


def upgrade() -> str:
    """Create or upgrade it; a sentence that says where it is.

    Needs no secret, so that it can run before the server is configured. Raises ValueError for a
    ``DATABASE_URL`` that cannot be used and StoreRefusedError for a database that cannot.
    """
    default = str(Settings.model_fields["database_url"].default)
    url = database(os.environ.get("DATABASE_URL") or default)
    asyncio.run(opening.upgrade(url, SystemClock()))
    return f"{sqlite_path(url) or 'PostgreSQLのデータベース'} は使える状態です。"
