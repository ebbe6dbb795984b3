"""The log: harmless fields only, one line each, nobody named."""

from __future__ import annotations

import errno
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.store.port import Outcome


@pytest.fixture
def as_json(capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[None]:
    """The log as in production, and afterwards as it was."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    uvicorn = logging.getLogger("uvicorn.error").level
    logs.configure("json")
    yield
    logs._ready = None
    root.handlers = before
    root.setLevel(level)
    logging.getLogger("uvicorn.error").setLevel(uvicorn)
    structlog.reset_defaults()


def lines(capsysbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, object]]:
    """What was written, line by line."""
    return [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


@pytest.mark.usefixtures("as_json")
def test_only_the_fields_on_the_list_get_through(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """A user id, a text or a token has no field to travel in; nor has a value of any depth."""
    logs.logger().info(
        "reply",
        status=200,
        user_id="Uc4nary",
        text="c4nary",
        token="c4nary",
        ms=[1, "c4nary"],
        count=10**400,
        verdict=Outcome.LATE,
        tries=True,
        reason=None,
    )

    [line] = lines(capsysbinary)

    assert line.pop("timestamp")
    assert line == {
        "event": "reply",
        "level": "info",
        "status": 200,
        "ms": "list",
        "count": "int",
        "verdict": "late",
        "tries": True,
    }


@pytest.mark.usefixtures("as_json")
def test_every_line_has_its_level_and_the_time_in_utc(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """Whatever reads the log can put lines of several machines in order."""
    before = datetime.now(UTC)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logs.logger().log(level, "happened")

    written = lines(capsysbinary)

    assert [line["level"] for line in written] == ["info", "warning", "error"]
    for line in written:
        stamp = str(line["timestamp"])
        assert stamp.endswith("Z")
        assert before <= datetime.fromisoformat(stamp) <= datetime.now(UTC)


def test_the_console_shows_the_same_fields(
    capsysbinary: pytest.CaptureFixture[bytes], as_json: None
) -> None:
    """For people, one line each."""
    logs.configure("console")
    logs.logger().warning("webhook", status=401, text="c4nary", reason="two\nlines")

    [line] = capsysbinary.readouterr().out.decode().splitlines()

    for part in ("webhook", "status", "401", "two?lines"):
        assert part in line
    assert "c4nary" not in line


class Full(io.RawIOBase):
    """A disk without room."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize("closed", [False, True])
def test_a_log_that_takes_nothing_costs_lines_and_no_answer(
    as_json: None,
    monkeypatch: pytest.MonkeyPatch,
    log_format: Literal["json", "console"],
    closed: bool,
) -> None:
    """A full disk must not become a 500, nor a delivery that failed."""
    full = io.BufferedWriter(Full(), 16)
    stream = io.TextIOWrapper(full, "utf-8")
    monkeypatch.setattr("sys.stdout", stream)
    logs.configure(log_format)
    if closed:
        full.detach()
    for _ in range(100):
        logs.logger().error("delivery failed", where="deliver.py:1")
    logging.getLogger("asyncio").error("c4nary")
    stream.detach() if not closed else None


@pytest.mark.usefixtures("as_json")
def test_what_libraries_say_is_reduced_to_who_said_it_where(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """Their messages and exceptions may quote anything."""
    try:
        raise KeyError("c4nary")
    except KeyError:
        logging.getLogger("aiohttp.client").exception("failed for %s", "c4nary")
    logging.getLogger("asyncio").error("c4nary %s", "c4nary")
    logging.getLogger("uvicorn.error").info("Uvicorn running on %s", "http://127.0.0.1:8000")
    logging.getLogger("uvicorn.access").info("GET /c4nary")
    logging.getLogger("anything").debug("c4nary")

    first, second, third = lines(capsysbinary)

    assert first["error"] == "KeyError"
    assert str(first["where"]).startswith("test_logs.py:")
    assert second["logger"] == "asyncio"
    assert third["event"] == "Uvicorn running on http://127.0.0.1:8000"
    assert "c4nary" not in json.dumps([first, second, third])


@given(st.text())
def test_a_value_never_makes_a_second_line(value: str) -> None:
    """Neither a line break nor what a terminal would obey gets through; nor does length."""
    plain = logs._plain(value)

    assert isinstance(plain, str)
    assert plain.isprintable()
    assert len(plain) <= logs.LONGEST
    if value.isprintable() and len(value) <= logs.LONGEST:
        assert plain == value


def test_an_error_without_a_traceback_comes_from_nowhere() -> None:
    """Asking where it came from never fails."""
    assert logs.where(ValueError("c4nary")) == ""
