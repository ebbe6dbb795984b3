"""`taikai db upgrade`: the database that ``DATABASE_URL`` names, created or brought up to date."""

from __future__ import annotations

import asyncio
import os

from bot import setting_rules as rules
from bot.settings import Settings
from bot.store.sqlite import SqliteStore


def upgrade() -> str:
    """Create or upgrade it; a sentence that says where it is.

    Needs no secret, so that it can run before the server is configured. Raises ValueError for a
    ``DATABASE_URL`` that cannot be used and StoreRefusedError for a database that cannot.
    """
    default = str(Settings.model_fields["database_url"].default)
    path = rules.sqlite_path(rules.database(os.environ.get("DATABASE_URL") or default))
    asyncio.run(SqliteStore.open(path).close())
    return f"{path} は使える状態です。"
