"""The log: what happened, never to whom or in which words.

Only the fields named here get through, and only as short plain values: a user id, a text or a
token has no field to travel in. Messages of libraries are reduced to who wrote them and where,
for they may quote anything.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import orjson
import structlog
from structlog.typing import EventDict

FIELDS = frozenset(
    {"event", "level", "timestamp", "count", "error", "events", "failed", "logger", "ms", "reason"}
    | {"request_id", "status", "tries", "verdict", "where"}
)
"""Every field a line may have."""

LONGEST = 120
"""Characters of one value; the longest we mean to write is a request id of LINE's."""

_LIBRARY_TALK = {"uvicorn.error"}
"""Loggers whose plain messages (no exception attached) hold nothing but addresses and pids."""

Logger = structlog.typing.FilteringBoundLogger


def logger() -> Logger:
    """The log to write to. Its configuration is looked up at each line."""
    log: Logger = structlog.get_logger()
    return log


def configure(log_format: Literal["console", "json"]) -> None:
    """Send everything to standard output in *log_format*, libraries' messages included."""
    to_json = log_format == "json"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_the_harmless,
            structlog.processors.JSONRenderer(serializer=lambda line, **_: orjson.dumps(line))
            if to_json
            else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory()
        if to_json
        else structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Reduced()]
    root.setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)


def where(error: BaseException) -> str:
    """The file and line *error* came from; its message may quote what a person wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def _only_the_harmless(_logger: object, _method: str, line: MutableMapping[str, Any]) -> EventDict:
    return {
        name: _plain(value) for name, value in line.items() if name in FIELDS and value is not None
    }


def _plain(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        short = value[:LONGEST]
        if short.isprintable():
            return short
        # What looks like a second line could be forged.
        return "".join(c if c.isprintable() else "?" for c in short)
    return type(value).__name__


class _Reduced(logging.Handler):
    """Writes a library's message as a line of ours, without what it says of anybody."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        talks = record.name in _LIBRARY_TALK and error is None
        logger().log(
            record.levelno,
            record.getMessage() if talks else "a library reported",
            logger=record.name,
            error=type(error).__name__ if error else None,
            where=where(error) if error else f"{record.filename}:{record.lineno}",
        )
