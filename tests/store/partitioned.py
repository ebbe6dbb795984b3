"""The layout, spread over partitions by person: stands for many databases side by side."""

from __future__ import annotations

import re

from bot.store.postgres_layout import SPELLING
from bot.store.schema import changes
from tests.postgres import execute

PARTITIONS = 8
TABLES = ("person", "inbox", "deferred", "outbox", "allowance")
"""Every table with people in it."""


async def partition(url: str) -> None:
    """Make the layout in the empty database at *url*, each of `TABLES` in `PARTITIONS`."""
    statements = []
    for statement in changes(0, SPELLING):
        made = re.match(r"CREATE TABLE (\w+)", statement)
        if not made or made[1] not in TABLES:
            statements.append(statement)
            continue
        statements.append(f"{statement} PARTITION BY HASH (user_key)")
        statements += [
            f"CREATE TABLE {made[1]}_{number} PARTITION OF {made[1]}"
            f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
            for number in range(PARTITIONS)
        ]
    await execute(url, ";".join(statements))
