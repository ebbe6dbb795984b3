"""Ctrl-C ends the terminal chat once, however often it is pressed and whatever is under way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.line.client import LineClient
from bot.simulator.fake_line.faults import Fault
from bot.simulator.settling import UnsettledError
from bot.simulator.terminal.own_session import own_session

CHAT = "import sys; from bot.simulator.terminal.chat import chat; sys.exit(chat())"

BETWEEN_KEYS = 0.02
"""Seconds between two Ctrl-C: many of them come while the chat closes."""

ENDS_WITHIN = 60.0
"""Seconds it has to end in, on a machine busy with other things."""

AGES = 600.0
"""Seconds nobody here waits for: what gives up after them has to be let go."""


@pytest.fixture
def keyboard() -> Iterator[None]:
    """Ctrl-C means afterwards what it did before."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def is_heard() -> bool:
    """Press Ctrl-C; whether it gets one out of what is under way."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        return True
    return False


def test_ctrl_c_pressed_again_while_it_closes_changes_nothing(tmp_path: Path) -> None:
    """The exit code of the first, not a word of a traceback, and no folder left behind."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", CHAT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
    )
    with process:
        assert process.stdout
        assert process.stderr
        try:
            while not process.stdout.readline().startswith(b"  ["):  # the greeting's first button
                assert process.poll() is None
            assert list(tmp_path.iterdir()) != []
            begun = time.monotonic()
            while process.poll() is None:
                assert time.monotonic() - begun < ENDS_WITHIN
                process.send_signal(signal.SIGINT)
                time.sleep(BETWEEN_KEYS)
        finally:
            process.kill()

        assert (process.stderr.read(), process.returncode) == (b"", 0)
        assert list(tmp_path.iterdir()) == []


def test_only_the_first_ctrl_c_is_heard(keyboard: None) -> None:
    """It gets one out of whatever is under way; then there is only the closing left."""
    with own_session():
        assert is_heard()
        assert not is_heard()

    assert not is_heard()


def test_none_is_heard_once_one_has_left(keyboard: None) -> None:
    """Leaving by /quit or Ctrl-D closes the session just the same."""
    with own_session() as session:
        assert session.person("hanako").follow().status == 200

    assert not is_heard()


def test_leaving_lets_go_of_a_call_that_a_timeout_keeps_waiting(
    keyboard: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else would end it here: neither the bot, which is patient, nor the fake LINE."""
    monkeypatch.setattr("bot.app.LineClient", partial(LineClient, timeout=AGES))
    monkeypatch.setattr("bot.engine.deliver.LAST_CALLS", AGES)
    monkeypatch.setattr("bot.simulator.fake_line.cuts.LONGEST_WAIT", AGES)
    with own_session() as session:
        session.troubles.inject(Fault.TIMEOUT)
        session.patience = 0.0
        with pytest.raises(UnsettledError):
            session.person("hanako").follow()
        with session.changed:
            assert session.changed.wait_for(
                lambda: any(call.fault is Fault.TIMEOUT for call in session.journal.calls),
                ENDS_WITHIN,
            )
