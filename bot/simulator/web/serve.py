"""``taikai simulate``: the real app, a fake LINE and a web chat, on this machine only."""

from __future__ import annotations

import errno
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from bot.simulator.live import LiveContent
from bot.simulator.loopback import LoopbackServer, SimulatorRefusedError
from bot.simulator.quiet import keep_logs_out
from bot.simulator.session import Session
from bot.simulator.web.app import web_app
from bot.simulator.web.people import People
from content.problems import ContentError

LOOK_UP = 0.5
"""Seconds between two looks whether to stop: on Windows a longer wait would delay Ctrl-C."""

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after a second Ctrl-C, as a shell has it for a program a signal has ended."""


def simulate(port: int = 8000) -> None:
    """Chat with the bot in a browser, until Ctrl-C or SIGTERM; *port* 0 takes any free one.

    Prints the address to open. Nothing leaves the machine: LINE is played here, and the page is
    served on loopback. Exits with 1 and a sentence when the port is taken or content is broken,
    with 130 after a second Ctrl-C.
    """
    keep_logs_out()
    stop = threading.Event()
    with _told_to_stop(stop):
        server = _server(port)
        try:
            with (
                Session() as session,
                LiveContent(session) as live,
                chatting(server, session, live),
            ):
                print("退会ナビのシミュレーターを起動しました。ブラウザで開いてください：")
                print(f"{server.url}/")
                print("（終わるときは Ctrl-C）", flush=True)
                while not stop.wait(LOOK_UP):
                    pass
        except (SimulatorRefusedError, ContentError) as refused:
            _refuse(str(refused))
        except KeyboardInterrupt:
            # The session is gone, and with it what a page may still wait for: Python and the
            # server would wait with the page until its patience ends.
            os._exit(INTERRUPTED)
        finally:
            server.stop()


@contextmanager
def chatting(
    server: LoopbackServer, session: Session, live: LiveContent | None = None, token: str = ""
) -> Iterator[People]:
    """Serve the web chat of *session* until the context ends; *token* is random unless given.

    It has to end before the session does: whoever waits for an answer in their browser gets it
    first, and the server does not wait for an app that is gone. A call that a time-out keeps
    waiting ends at once, so that the bot sends that answer again. Raises RuntimeError where it
    does not start or hangs.
    """
    people = People(session, live)
    try:
        app = web_app(people, port=server.port, token=token or secrets.token_hex(16))
        server.start(app)
        yield people
    finally:
        people.close()
        session.line.held_calls.let_go()
        server.stop()


def _server(port: int) -> LoopbackServer:
    """Take the port before anything else starts: where it is taken, nothing has to be undone."""
    try:
        return LoopbackServer("web chat", port=port)
    except OverflowError:
        _refuse("ポートは0から65535までの数です。")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            _refuse(
                f"ポート{port}は、ほかのプログラムが使っています。"
                "別のポートを選んでください（例：--port 8001、空いているものでよければ --port 0）。"
            )
        _refuse(f"ポート{port}を使えません（{error.strerror}）。別のポートを選んでください。")


@contextmanager
def _told_to_stop(stop: threading.Event) -> Iterator[None]:
    """Set *stop* at Ctrl-C and SIGTERM. A second Ctrl-C raises KeyboardInterrupt."""

    def tell(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before[signal.SIGINT])

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse(sentence: str) -> NoReturn:
    print(f"taikai: {sentence}", file=sys.stderr)
    sys.exit(1)
