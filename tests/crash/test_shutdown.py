"""SIGTERM in the middle of work: what was begun is finished, what was not is left untouched."""

from __future__ import annotations

import itertools
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.engine.pseudonym import event_key
from tests.engine.fake_line import FakeLine
from tests.engine.posting import body, event, post, signature, tell
from tests.engine.running import Process


def asked(folder: Path, query: str) -> list[Any]:
    """The answer of the database of a server that is gone."""
    with closing(sqlite3.connect(folder / "taikai.db")) as connection:
        return connection.execute(query).fetchall()


def outbox(folder: Path) -> list[Any]:
    """How every answer was left: status, doubtful, claimed."""
    return asked(folder, "SELECT status, ambiguous, claimed FROM outbox ORDER BY user_key, seq")


def stopped(server: Process) -> float:
    """Tell it to stop, which it must do with exit code 0; how many seconds that took."""
    begun = time.monotonic()
    assert server.terminate() == 0
    return time.monotonic() - begun


def test_replies_in_the_air_are_finished(tmp_path: Path) -> None:
    """LINE takes its time; every answer is sent once, marked so, and doubted by nobody."""
    with FakeLine(delay=1.0) as line, Process(tmp_path, LINE_API_BASE=line.base) as server:
        for who in range(40):
            assert tell(server.base, event(f"{who}", who=who)) == 200
        assert line.wait_until(lambda: len(line.attempts) == 40)
        assert stopped(server) < 4

    assert sorted(line.texts()) == sorted(f"1:{who}" for who in range(40))
    assert outbox(tmp_path) == [("sent", 0, 0)] * 40


def test_answers_not_begun_wait_unclaimed(tmp_path: Path) -> None:
    """Of five answers to one person, the one in the air is finished; the next process sends the
    others at once, in order, and has nothing to doubt."""
    with FakeLine(delay=1.0) as line:
        with Process(tmp_path, LINE_API_BASE=line.base) as server:
            for number in range(5):
                assert tell(server.base, event(f"{number}")) == 200
            assert line.wait_until(lambda: bool(line.attempts))
            assert stopped(server) < 4
        assert outbox(tmp_path) == [("sent", 0, 0)] + [("waiting", 0, 0)] * 4

        line.delay = 0
        with Process(tmp_path, LINE_API_BASE=line.base) as server:
            assert line.wait_for(5) == [f"{number + 1}:{number}" for number in range(5)]
            assert stopped(server) < 4
    assert len(line.attempts) == 5
    assert outbox(tmp_path) == [("sent", 0, 0)] * 5


def test_answers_held_back_wait_unclaimed(tmp_path: Path) -> None:
    """While LINE refuses everybody, nothing is claimed that is not being sent."""
    with FakeLine() as line, Process(tmp_path, LINE_API_BASE=line.base) as server:
        line.rule = lambda token, texts: "429"
        for who in range(20):
            assert tell(server.base, event(f"{who}", who=who)) == 200
        assert line.wait_until(lambda: bool(line.attempts))
        assert stopped(server) < 4

    assert line.texts() == []
    assert outbox(tmp_path) == [("waiting", 0, 0)] * 20


def test_a_reply_that_hangs_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    """It is given up after its own time-out. That it is doubtful is the truth; it is nobody's."""
    with FakeLine() as line, Process(tmp_path, LINE_API_BASE=line.base) as server:
        line.faults = ["hang after"]
        assert tell(server.base, event("やあ")) == 200
        assert line.wait_until(lambda: bool(line.attempts))
        assert stopped(server) < 9

    assert outbox(tmp_path) == [("waiting", 1, 0)]


@contextmanager
def half_sent(base: str, data: bytes) -> Iterator[socket.socket]:
    """A connection on which half of a webhook has arrived."""
    head = (
        "POST /callback HTTP/1.1\r\nHost: localhost\r\n"
        f"X-Line-Signature: {signature(data)}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    host = urlsplit(base)
    with socket.create_connection((host.hostname, host.port or 0), timeout=10) as connection:
        connection.sendall(head.encode() + data[: len(data) // 2])
        yield connection


def test_a_request_under_way_is_answered(tmp_path: Path) -> None:
    """Half of it had arrived when the server was told to stop; it is heard to its end."""
    with FakeLine() as line, Process(tmp_path, LINE_API_BASE=line.base) as server:
        data = body(event("おわりまで"))
        with half_sent(server.base, data) as connection:
            time.sleep(0.1)
            stopping = threading.Thread(target=server.terminate)
            stopping.start()
            time.sleep(0.5)
            connection.sendall(data[len(data) // 2 :])
            assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
        stopping.join()
        assert server.wait() == 0

    assert len(asked(tmp_path, "SELECT * FROM inbox")) == 1
    assert outbox(tmp_path) in ([("sent", 0, 0)], [("waiting", 0, 0)])


def test_in_a_stream_of_requests_none_is_answered_in_vain(tmp_path: Path) -> None:
    """Up to its last moment a server keeps what it answers with 200, and answers nothing else:
    who comes too late finds the door closed, and LINE rings again elsewhere."""
    statuses: dict[bytes, int] = {}
    with FakeLine(delay=0.05) as line, Process(tmp_path, LINE_API_BASE=line.base) as server:
        over = threading.Event()

        def write(first: int) -> None:
            for who in itertools.count(first, 8):  # everybody once: nobody makes a crowd
                if over.is_set():
                    return
                happening = event("また", who=who)
                with suppress(OSError, HTTPException):
                    status = post(server.base, body(happening))
                    statuses[event_key(happening["webhookEventId"])] = status
                time.sleep(0.02)  # also where nobody answers any more

        writers = [threading.Thread(target=write, args=(who,)) for who in range(8)]
        for writer in writers:
            writer.start()
        time.sleep(0.7)
        took = stopped(server)
        over.set()
        for writer in writers:
            writer.join()

    assert took < 6
    assert set(statuses.values()) == {200}
    assert len(statuses) > 50
    heard = {key for (key,) in asked(tmp_path, "SELECT event_key FROM inbox")}
    assert statuses.keys() <= heard
    left = outbox(tmp_path)
    assert len(left) == len(heard)
    assert set(left) <= {("sent", 0, 0), ("waiting", 0, 0)}
    assert left.count(("sent", 0, 0)) == len(line.delivered)
