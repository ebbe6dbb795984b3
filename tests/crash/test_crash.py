"""The short run of the harness: a few kills of each kind, everything checked at the end."""

from __future__ import annotations

from pathlib import Path

from tests.crash.chaos import Blows
from tests.crash.database import Postgres, SqliteFile
from tests.crash.run import Plan, crash
from tests.postgres import running


def test_a_server_killed_at_random_keeps_every_promise(tmp_path: Path) -> None:
    """One server, one file: killed with answers in the air and events half written, LINE failing
    in every way it can, nothing is lost, told twice or out of order."""
    plan = Plan(Blows(kills=6, stops=1, pause=0.5), seed=1, rate=40)

    findings = crash(plan, SqliteFile(tmp_path), tmp_path)

    assert findings.violations == []
    assert findings.counts["kills"] == 6
    assert findings.counts["delivered"] > 100
    assert findings.counts["calls with unknown end"] > 0


def test_two_servers_and_their_database_crash_and_keep_every_promise(tmp_path: Path) -> None:
    """Two servers on one PostgreSQL, which loses all that it had not written: what was answered
    with 200 is there all the same, and no two servers send one person's answers at once."""
    plan = Plan(Blows(kills=5, stops=1, crashes=1, pause=0.5), nodes=2, seed=2, rate=40)

    with running() as server:
        findings = crash(plan, Postgres(server), tmp_path)

    assert findings.violations == []
    assert findings.counts["kills"] == 5
    assert findings.counts["server crashes"] == 1
    assert findings.counts["delivered"] > 100
    assert findings.counts["calls with unknown end"] > 0
