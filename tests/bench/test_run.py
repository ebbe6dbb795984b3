"""A whole run with every contestant, far too short to say anything about speed."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import run
from tests.bench.contestants import ASGI, BARE, ECHO, EMPTY, OURS, OURS_ON_POSTGRES
from tests.bench.rounds import Effort
from tests.bench.scenarios import SCENARIOS

UNLIKE = (ASGI, EMPTY, ECHO, BARE, OURS, OURS_ON_POSTGRES)
"""Everybody; of those that differ in a folder or a number alone, one, for the seconds."""


def test_every_contestant_takes_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table, a file of numbers and a picture; processes and databases are gone afterwards."""
    monkeypatch.setattr(run, "Effort", lambda: Effort(rounds=1, seconds=0.1))
    monkeypatch.setattr(run, "cores", lambda: None)  # quicker to start
    monkeypatch.setattr(run, "SCENARIOS", [replace(SCENARIOS[0], contestants=UNLIKE)])

    assert run.bench(["throughput"], out=tmp_path) == 0

    facts = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    (result,) = facts["results"]
    rows = {row["name"]: row for row in result["rows"]}
    absent = {each.name for each in UNLIKE} - set(rows)
    assert absent <= (set() if os.environ.get("CI") else {OURS_ON_POSTGRES.name})
    assert all(len(row["rounds"]["rate"]) == 1 for row in rows.values())
    assert rows["echo"]["ratio"] == 1
    assert all(row["median"]["rate"] > 0 for row in rows.values())
    assert facts["machine"]["fsync_ms"] > 0
    ET.parse(tmp_path / "bench.svg")  # noqa: S314 - ours
    assert "退会ナビ SQLite" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bench.json", "bench.svg"]


def test_a_scenario_nobody_knows_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and what there is to choose from; nothing is written."""
    assert run.bench(["throughput", "warp"], out=tmp_path) == 2

    said = capsys.readouterr().err.replace("\n", "")
    assert "warp という計測はありません" in said
    assert all(name in said for name in run.NAMES)
    assert not list(tmp_path.iterdir())
