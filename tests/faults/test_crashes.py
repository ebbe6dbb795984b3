"""The process is killed at the four moments that matter, and the next one goes on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.engine import standin
from tests.engine.fake_line import FakeLine
from tests.engine.posting import event, tell
from tests.engine.running import Process, serving
from tests.faults import nodes
from tests.faults.looking import WAITING, rows, soon


def killed_on(run: nodes.Run, happening: dict[str, Any], line: FakeLine, folder: Path) -> None:
    """Let the planted process hear *happening*; it dies of it, before or after saying 200."""
    with Process(folder, run=run, LINE_API_BASE=line.base) as node:
        with suppress(ConnectionError, OSError):
            assert tell(node.base, happening) == 200
        assert node.wait() == -9


def heard_again(happening: dict[str, Any], line: FakeLine, folder: Path) -> None:
    """The next process: LINE sends *happening* again, and once more; then comes another."""
    again = {**happening, "deliveryContext": {"isRedelivery": True}}
    with Process(folder, LINE_API_BASE=line.base) as node:
        assert tell(node.base, again) == 200
        assert line.wait_until(lambda: "1:ひとこと" in line.texts())
        assert tell(node.base, again) == 200
        assert tell(node.base, event("つづき")) == 200
        assert line.wait_for(2) == ["1:ひとこと", "2:つづき"]
        assert node.terminate() == 0


def test_killed_before_the_commit(tmp_path: Path) -> None:
    """Row 1: LINE was not told 200, so it sends again, and then it counts, once."""
    happening = event("ひとこと")
    with FakeLine() as line:
        killed_on(nodes.dies_before_committing, happening, line, tmp_path)
        assert rows(tmp_path / "taikai.db", "SELECT * FROM inbox") == []
        heard_again(happening, line, tmp_path)

    assert rows(tmp_path / "taikai.db", "SELECT outcome FROM inbox") == [("applied",)] * 2
    assert rows(tmp_path / "taikai.db", "SELECT status, ambiguous FROM outbox") == [("sent", 0)] * 2


def test_killed_after_the_commit_before_the_200(tmp_path: Path) -> None:
    """Row 2: what LINE sends again is known; the answer goes out all the same, once."""
    happening = event("ひとこと")
    with FakeLine() as line:
        killed_on(nodes.dies_after_committing, happening, line, tmp_path)
        assert rows(tmp_path / "taikai.db", "SELECT outcome FROM inbox") == [("applied",)]
        assert line.attempts == []
        heard_again(happening, line, tmp_path)

    assert rows(tmp_path / "taikai.db", "SELECT outcome FROM inbox") == [("applied",)] * 2
    assert rows(tmp_path / "taikai.db", "SELECT status FROM outbox") == [("sent",)] * 2


def test_killed_after_the_200_before_sending(tmp_path: Path) -> None:
    """Row 3: the next process sends without being told to, and LINE need not send again."""
    happening = event("ひとこと")
    with FakeLine() as line:
        killed_on(nodes.dies_before_sending, happening, line, tmp_path)
        assert line.attempts == []
        with Process(tmp_path, LINE_API_BASE=line.base) as node:
            assert line.wait_for(1, 4.0) == ["1:ひとこと"]
            assert node.terminate() == 0

    assert [status for (status,) in rows(tmp_path / "taikai.db", "SELECT status FROM outbox")] == [
        "sent"
    ]


def test_killed_between_line_s_yes_and_our_writing_it_down(tmp_path: Path) -> None:
    """Row 4: the same token again, and its refusal is the proof: said once, known as sent."""
    happening = event("ひとこと")
    with FakeLine() as line:
        killed_on(nodes.dies_after_sending, happening, line, tmp_path)
        assert line.texts() == ["1:ひとこと"]
        heard_again(happening, line, tmp_path)

    tokens = [token for token, _, _ in line.attempts]
    assert tokens.count(happening["replyToken"]) == 2
    assert rows(tmp_path / "taikai.db", "SELECT status, ambiguous FROM outbox ORDER BY seq") == [
        ("sent", 1),
        ("sent", 0),
    ]


@pytest.mark.parametrize("run", [nodes.dies_before_sending, nodes.dies_after_sending])
def test_killed_again_and_again_with_the_same_answer_in_hand(
    tmp_path: Path, run: nodes.Run
) -> None:
    """Rows 3 and 4: three processes die of it one after the other; it is said exactly once."""
    happening = event("ひとこと")
    with FakeLine() as line:
        killed_on(run, happening, line, tmp_path)
        for _ in range(2):
            node = Process(tmp_path, run=run, LINE_API_BASE=line.base)
            assert node.wait() == -9
        heard_again(happening, line, tmp_path)

    assert line.texts() == ["1:ひとこと", "2:つづき"]


@pytest.mark.parametrize("run", [nodes.dies_before_sending, nodes.dies_after_sending])
def test_a_node_that_dies_leaves_its_work_to_the_others(
    tmp_path: Path, shared_url: str, run: nodes.Run
) -> None:
    """Rows 3 and 4, with two nodes: the other one sends when the lease is over; said once."""
    happening = event("ひとこと")
    with FakeLine() as line:
        with Process(tmp_path, run=run, LINE_API_BASE=line.base, DATABASE_URL=shared_url) as dying:
            with suppress(ConnectionError, OSError):
                assert tell(dying.base, happening) == 200
            assert dying.wait() == -9
        settings = standin.settings(line_api_base=line.base, database_url=shared_url)
        with serving(settings=settings) as base:
            assert soon(lambda: asyncio.run(postgres.rows(shared_url, WAITING)) == [], 15)
            assert tell(base, event("つづき")) == 200
            assert line.wait_for(2) == ["1:ひとこと", "2:つづき"]

    statuses = asyncio.run(postgres.rows(shared_url, "SELECT status, ambiguous FROM outbox"))
    assert ("sent", 1) in statuses
