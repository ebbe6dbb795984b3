"""The real server as a process of its own, killed in the worst moments."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import body, event, post, signature, tell, user
from tests.engine.running import Process


def outbox(folder: Path) -> list[Any]:
    """Status and ambiguity of every answer in the database of a server that is gone."""
    with closing(sqlite3.connect(folder / "taikai.db")) as connection:
        return connection.execute("SELECT status, ambiguous FROM outbox ORDER BY seq").fetchall()


@pytest.mark.parametrize("fault", ["hang before", "hang after"])
def test_killed_with_the_reply_in_the_air_it_is_delivered_exactly_once(
    tmp_path: Path, fault: Any
) -> None:
    """Whether LINE had taken it or not, the next process finds out by the same token."""
    happening = event("ひとこと")
    with FakeLine() as line:
        line.faults = [fault]
        with Process(tmp_path, LINE_API_BASE=line.base) as server:
            assert tell(server.base, happening) == 200
            assert line.wait_until(lambda: bool(line.attempts))
            server.kill()
        assert outbox(tmp_path) == [("waiting", 0)]

        with Process(tmp_path, LINE_API_BASE=line.base) as server:
            assert tell(server.base, happening) == 200  # LINE redelivers; it is known
            assert line.wait_until(lambda: len(line.attempts) == 2)
            assert tell(server.base, event("つづき")) == 200
            assert line.wait_for(2) == ["1:ひとこと", "2:つづき"]
            assert server.terminate() == 0

    assert len(line.attempts) == 3
    assert outbox(tmp_path) == [("sent", 1), ("sent", 0)]


def test_killed_again_and_again_nothing_is_lost_or_said_twice(tmp_path: Path) -> None:
    """What was answered with 200 is answered to the person, once, in order: nothing depends on
    the process that said so, nor on LINE being there at the time."""
    sent: list[str] = []
    with FakeLine(delay=0.005) as line:
        for base in ("http://127.0.0.1:9", line.base, line.base):
            with Process(tmp_path, LINE_API_BASE=base) as server:
                for number in range(40):
                    happening = event(f"{number}", who=number % 8)
                    assert tell(server.base, happening) == 200
                    sent.append(happening["replyToken"])
                server.kill()
        with Process(tmp_path, LINE_API_BASE=line.base) as server:
            assert line.wait_until(lambda: len(line.delivered) >= len(sent))
            assert server.terminate() == 0

    delivered = [reply.token for reply in line.delivered]
    assert sorted(delivered) == sorted(sent)
    for who in range(8):
        mine = [token for number, token in enumerate(sent) if number % 8 == who]
        assert [token for token in delivered if token in mine] == mine
    assert {status for status, _ in outbox(tmp_path)} == {"sent"}


def test_told_to_stop_it_finishes_the_reply_and_leaves_nothing_open(tmp_path: Path) -> None:
    """Exit code 0; a lease left behind would make the next process doubt for nothing."""
    with FakeLine(delay=0.4) as line, Process(tmp_path, LINE_API_BASE=line.base) as server:
        assert tell(server.base, event("やあ")) == 200
        assert line.wait_until(lambda: bool(line.attempts))
        assert server.terminate() == 0

    assert line.texts() == ["1:やあ"]
    assert outbox(tmp_path) == [("sent", 0)]


def test_nothing_of_a_person_is_in_the_log_or_the_files(tmp_path: Path) -> None:
    """Neither id, words, tokens nor secrets, whether handled, odd, refused or forged."""
    texts = ["c4naryword", f"{standin.POISON}", "だまって"]
    with FakeLine() as line, Process(tmp_path, LINE_API_BASE=line.base) as server:
        line.faults = ["bad message", "500 before"]
        for text in texts:
            assert tell(server.base, event(text)) == 200
        data = body(event("c4naryforged"))
        assert post(server.base, data, {"X-Line-Signature": signature(data, "c4naryother")}) == 401
        assert post(server.base, b"c4nary", {}, "/callback?c4nary=1") == 401
        assert post(server.base, b'{"events":["c4naryjunk"]}') == 200
        assert line.wait_until(lambda: len(line.delivered) == 2)
        while_running = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
        assert server.terminate() == 0
    afterwards = {f.name: f.read_bytes() for f in tmp_path.iterdir()}

    assert {"taikai.db", "taikai.db-wal", "log.txt"} <= set(while_running)
    secrets = [b"c4nary", user(1).encode(), standin.SECRET.encode(), standin.KEY.encode()]
    secrets += ["毒は扱えません".encode(), bytes(range(7, 39))]
    for files in (while_running, afterwards):
        found = [(name, s) for name, data in files.items() for s in secrets if s in data]
        assert found == []
    log = afterwards["log.txt"].decode()
    assert "event not handled" in log
    assert "RuntimeError" in log
    assert "standin.py:" in log


def test_settings_that_cannot_be_used_are_refused_all_at_once(tmp_path: Path) -> None:
    """Exit code 2, one message, no traceback, no value repeated."""
    refused = Process(
        tmp_path,
        LINE_CHANNEL_SECRET="changeme",
        TAIKAI_KEY="c4narykey",
        OPERATOR_NAME="",
        DATABASE_URL="mysql://c4nary:c4nary@db/x",
    )

    assert refused.wait() == 2
    said = refused.log.read_text("utf-8")
    for name in ("LINE_CHANNEL_SECRET", "TAIKAI_KEY", "OPERATOR_NAME", "DATABASE_URL"):
        assert said.count(f"- {name}: ") == 1
    assert "LINE_CHANNEL_ACCESS_TOKEN" not in said
    assert "Traceback" not in said
    assert "c4nary" not in said


def test_a_database_in_use_is_refused_without_a_traceback(tmp_path: Path) -> None:
    """Exit code 1, and the sentence that says who holds it and what to do."""
    with Process(tmp_path, LINE_API_BASE="http://127.0.0.1:9"):
        second = Process(tmp_path)
        assert second.wait() == 1

    said = second.log.read_text("utf-8")
    assert "別のtaikaiが使っています" in said
    assert "Traceback" not in said
