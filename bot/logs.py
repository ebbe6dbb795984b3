"""The log: what happened, never to whom or in which words.

Only the fields named here get through, and only as short plain values: a user id, a text or a
token has no field to travel in. Messages of libraries are reduced to who wrote them and where,
for they may quote anything. No field tells one person from another either, not even under a
daily name: whoever has the log and one event of somebody's would have their whole day.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Literal

import orjson
import structlog

from bot.clock import utc

FIELDS = frozenset(
    {"event", "level", "timestamp", "count", "error", "events", "logger", "ms", "reason"}
    | {"request_id", "status", "tries", "verdict", "where"}
)
"""Every field a line may have."""

LONGEST = 120
"""Characters of one value; the longest we mean to write is a request id of LINE's."""

LARGEST = 2**53
"""Numbers beyond are none of ours, and JSON's readers differ about them."""

TOGETHER = 0.05
"""Seconds a line of no urgency may wait for others. What kills the process takes it along."""

_LIBRARY_TALK = {"uvicorn.error"}
"""Loggers whose plain messages (no exception attached) hold nothing but addresses and pids."""

Logger = structlog.typing.FilteringBoundLogger

_ready: Logger | None = None
"""The logger of production, put together once: a line every event writes has to be cheap."""


def logger() -> Logger:
    """The log to write to. But for json, its configuration is looked up at each line."""
    log: Logger = _ready or structlog.get_logger()
    return log


def configure(log_format: Literal["console", "json"]) -> None:
    """Send everything to standard output in *log_format*, libraries' messages included."""
    global _ready
    to_json = log_format == "json"
    structlog.configure(
        processors=[
            _only_the_harmless,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty()),
        ],
        wrapper_class=_Json if to_json else structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_Output,
        cache_logger_on_first_use=False,
    )
    _ready = structlog.get_logger().bind() if to_json else None
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


class _Json(structlog.BoundLoggerBase):
    """Lines of JSON with no chain of processors: two of them are written for every event."""

    def info(self, event: str, **fields: object) -> None:
        self._logger.info(_line("info", event, fields))

    def warning(self, event: str, **fields: object) -> None:
        self._logger.msg(_line("warning", event, fields))

    def error(self, event: str, **fields: object) -> None:
        self._logger.msg(_line("error", event, fields))

    def log(self, level: int, event: str, **fields: object) -> None:
        if level >= logging.INFO:
            self._logger.msg(_line(logging.getLevelName(level).lower(), event, fields))


def _line(level: str, event: str, fields: Mapping[str, object]) -> bytes:
    kept = _harmless(level, fields)
    kept["event"], kept["timestamp"] = _plain(event), utc()
    return orjson.dumps(kept, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _only_the_harmless(
    _log: object, level: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return _harmless(level, line)


def _harmless(level: str, fields: Mapping[str, object]) -> dict[str, object]:
    """The *level* of a line, and of its *fields* only those of the list."""
    kept: dict[str, object] = {"level": level}
    for name, value in fields.items():
        if value is not None and name in FIELDS:
            # Nearly all are small numbers, and need no further look.
            kept[name] = value if type(value) is int and 0 <= value < 1000 else _plain(value)
    return kept


def _plain(value: object) -> str | int | float | bool | None:
    if type(value) is int:
        return value if -LARGEST <= value <= LARGEST else "int"
    if isinstance(value, str):
        short = value[:LONGEST]
        if short.isprintable():
            return short
        # What looks like a second line could be forged.
        return "".join(c if c.isprintable() else "?" for c in short)
    return value if value is None or isinstance(value, bool | float) else type(value).__name__


class _Output:
    """Writes to standard output. A full disk or a closed pipe costs lines, never an answer."""

    def __init__(self, *_: object) -> None:
        self._flushed_by = 0.0  # by the monotonic clock; in the past when nobody will

    def msg(self, line: str | bytes) -> None:
        """Write *line* now."""
        with suppress(OSError, ValueError):  # ValueError: closed, or no letter of this terminal's
            if isinstance(line, bytes):
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
            else:
                print(line, flush=True)

    debug = warning = error = critical = msg

    def info(self, line: str | bytes) -> None:
        """Write *line*; in an event loop, soon and together with others.

        Nothing is wrong yet with what happens thousands of times a second, and a call to the
        system for each line of it would cost more than the line.
        """
        soon = time.monotonic() < self._flushed_by or self._is_flushed_soon()
        if not isinstance(line, bytes) or not soon:
            return self.msg(line)
        try:  # noqa: SIM105 - that would be three calls more, for every event
            sys.stdout.buffer.write(line)
        except (OSError, ValueError):
            pass

    def _is_flushed_soon(self) -> bool:
        try:
            asyncio.get_running_loop().call_later(TOGETHER, self._flush)
        except RuntimeError:
            return False
        self._flushed_by = time.monotonic() + TOGETHER
        return True

    def _flush(self) -> None:
        self._flushed_by = 0.0
        with suppress(OSError, ValueError):
            sys.stdout.buffer.flush()


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
