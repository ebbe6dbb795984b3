"""The terminal chat where people sit: a terminal, an ssh without a locale, a pipe cut off."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

CHAT = "import sys; from bot.simulator.terminal.chat import chat; sys.exit(chat())"

IN_A_TERMINAL = f"import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); {CHAT}"
"""The same with its standard input for its terminal, so that Ctrl-C reaches it."""

NARROW = 20
"""Columns; of a pane in tmux, say."""

AGAIN = 10.0
"""Seconds until a key is pressed again: longer than the chat takes to end."""

LONGEST = 60.0
"""Seconds until we give up on hearing something."""


class Terminal:
    """A pseudo terminal with the chat in it."""

    def __init__(self, controller: int, process: subprocess.Popen[bytes]) -> None:
        self._controller, self.process = controller, process
        self.shown = ""
        self._decoder = getincrementaldecoder("utf-8")("replace")  # a read may end within a letter

    def type(self, keys: str) -> None:
        """Press *keys*."""
        os.write(self._controller, keys.encode())

    def until(self, words: str) -> str:
        """What is shown until *words* are, from where we stopped before."""
        start, begun = len(self.shown), time.monotonic()
        while words not in self.shown[start:]:
            assert time.monotonic() - begun < LONGEST, self.shown
            self._read()
        return self.shown[start:]

    def left(self, pressing: str = "") -> int:
        """The exit code, once the chat is over and all it wrote has been read.

        *pressing* is pressed again where nothing came of it for a while, as people do: Python's
        prompt may overlook a signal that comes while it takes in a key.
        """
        again = time.monotonic()
        with suppress(OSError):  # the other end is closed
            while self.process.poll() is None:
                if pressing and time.monotonic() >= again:
                    self.type(pressing)
                    again = time.monotonic() + AGAIN
                self._read()
        return self.process.wait(LONGEST)

    def _read(self) -> None:
        if select.select([self._controller], [], [], 0.2)[0]:
            self.shown += self._decoder.decode(os.read(self._controller, 65536))


@contextmanager
def terminal(**environment: str) -> Iterator[Terminal]:
    """The chat in a narrow terminal of its own."""
    controller, its_side = pty.openpty()
    fcntl.ioctl(its_side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, NARROW, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", IN_A_TERMINAL],
        stdin=its_side,
        stdout=its_side,
        stderr=its_side,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(its_side)
    try:
        yield Terminal(controller, process)
    finally:
        process.kill()
        process.wait()
        os.close(controller)


def test_one_talks_in_a_terminal_and_leaves_with_ctrl_d() -> None:
    """A prompt with the name, colours, and a line of its own for the shell afterwards."""
    with terminal() as chat:
        assert "\x1b[" in chat.until("hanako> ")
        chat.type("薬キャリ\n")
        assert "いま、選考中（書類選考・面接など）の応募はありますか？" in chat.until("hanako> ")
        chat.type("\x04")

        assert (chat.left(), chat.shown[-2:]) == (0, "\r\n")
        assert "Traceback" not in chat.shown


def test_ctrl_c_ends_it_without_a_traceback() -> None:
    """At the prompt, in the middle of a line."""
    with terminal() as chat:
        chat.until("hanako> ")
        chat.type("やっぱり")
        chat.until("やっぱり")

        assert (chat.left(pressing="\x03"), chat.shown[-2:]) == (0, "\r\n")
        assert "Traceback" not in chat.shown


def test_a_dumb_terminal_gets_no_colours() -> None:
    """As an editor's shell is one."""
    with terminal(TERM="dumb") as chat:
        assert "\x1b[" not in chat.until("hanako> ").replace("\x1b[?2004h", "")


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "shift_jis"},
    ],
)
def test_no_locale_ends_it(locale: dict[str, str]) -> None:
    """What one types is understood, and a byte that is no character at all does no harm."""
    encoding = "shift_jis" if "shift_jis" in locale.values() else "utf-8"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHAT],
        input="薬キャリ\n".encode(encoding) + b"\xff\xfe\n/quit\n",
        capture_output=True,
        timeout=LONGEST,
        check=False,
        env={key: value for key, value in os.environ.items() if key[:2] != "LC"} | locale,
    )

    shown = done.stdout.decode(encoding, "replace")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "いま、選考中（書類選考・面接など）の応募はありますか？" in shown
    assert "\x1b" not in shown


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    """``taikai chat | head -1``: no traceback about a broken pipe."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", CHAT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    with process:
        process.stdout.readline()
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.write("薬キャリ\n".encode() * 50)
            process.stdin.close()

        assert process.stderr.read() == b""
