"""The log: harmless fields only, one line each, nobody named."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs


@pytest.fixture
def as_json(capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[None]:
    """The log as in production, and afterwards as it was."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    uvicorn = logging.getLogger("uvicorn.error").level
    logs.configure("json")
    yield
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
        "reply", status=200, user_id="Uc4nary", text="c4nary", token="c4nary", ms=[1, "c4nary"]
    )

    [line] = lines(capsysbinary)

    assert line.pop("timestamp")
    assert line == {"event": "reply", "level": "info", "status": 200, "ms": "list"}


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
