"""Keeps the app's log out of a chat on the same terminal."""

from __future__ import annotations

import logging
import sys

import structlog

from bot import logs


def keep_logs_out() -> None:
    """Send the log to standard error, and only what went wrong."""
    logs.configure("console")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whichever it is by then
    )
