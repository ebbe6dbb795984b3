"""Looks into the database of a running server, and waits for what is to come."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.engine.keys import KeyRing
from bot.engine.vault import Vault
from bot.setting_rules import master_keys
from tests.engine import standin

VAULT = Vault(KeyRing.of([key.get_secret_value() for key in master_keys(standin.KEY)]))
"""Opens what the stand-in's servers sealed."""

WAITING = "SELECT 1 FROM outbox WHERE status = 'waiting'"
DEFERRED = "SELECT 1 FROM deferred"


def rows(path: Path, query: str, *values: object) -> list[Any]:
    """What another connection finds."""
    with closing(sqlite3.connect(path, timeout=5)) as connection:
        return connection.execute(query, values).fetchall()


def change(path: Path, statement: str, *values: object) -> None:
    """Do what no program of ours would."""
    with closing(sqlite3.connect(path, timeout=5)) as connection, connection:
        connection.execute(statement, values)


def soon(done: Callable[[], object], seconds: float = 5.0) -> bool:
    """Whether *done* comes true in time."""
    end = time.monotonic() + seconds
    while not (result := done()) and time.monotonic() < end:
        time.sleep(0.02)
    return bool(result)
