"""How a statement asks what time it is (PostgreSQL)."""

from __future__ import annotations

import re

from bot.store.rules import CLOCK_TOLERANCE, FAR

_MILLIS = r"coalesce(\1::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)"
_WORDS = {"FAR": FAR, "CLOCK_TOLERANCE": CLOCK_TOLERANCE}


def timed(statement: str) -> str:
    """*statement* with ``millis($n)`` made the present in ms since 1970, and FAR and such its ms.

    The present is the database's own, unless the caller brings a time as parameter ``$n``.
    """
    for word, value in _WORDS.items():
        statement = re.sub(rf"\b{word}\b", str(value), statement)
    return re.sub(r"\bmillis\((\$\d+)\)", _MILLIS, statement)
