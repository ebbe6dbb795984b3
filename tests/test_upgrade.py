"""`taikai db upgrade` prepares the database that DATABASE_URL names, and needs no secret."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import rows, running

TAIKAI = Path(sys.executable).parent / "taikai"


def upgraded(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """The command, run in *folder* with nothing but ``DATABASE_URL`` set."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
    return subprocess.run(
        [TAIKAI, "db", "upgrade"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_it_creates_the_database_and_may_be_run_again(tmp_path: Path) -> None:
    """The second run finds everything done."""
    for _ in range(2):
        done = upgraded(tmp_path, "sqlite:///taikai.db")
        assert done.returncode == 0, done.stderr

    assert (tmp_path / "taikai.db").read_bytes().startswith(b"SQLite format 3")


def test_it_prepares_a_server_too_and_may_be_run_again(tmp_path: Path) -> None:
    """The password is not repeated; nothing is made in the folder."""
    with running() as server:
        for _ in range(2):
            done = upgraded(tmp_path, server.url(user="tester:quiet-word"))
            assert done.returncode == 0, done.stderr
            assert "PostgreSQL" in done.stdout
            assert "quiet-word" not in done.stdout + done.stderr

        tables = asyncio.run(rows(server.url(), "SELECT to_regclass('person')::text"))
    assert tables == [("person",)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:quiet-word@127.0.0.1:1/taikai",
        "postgresql://someone:quiet-word@127.0.0.1/",
        "mysql://someone:quiet-word@127.0.0.1/taikai",
        "sqlite:////not/there/taikai.db",
    ],
)
def test_a_database_it_cannot_use_is_refused_by_the_settings_name(tmp_path: Path, url: str) -> None:
    """One sentence, no traceback, no password."""
    done = upgraded(tmp_path, url)

    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL: ")
    assert "Traceback" not in done.stderr
    assert "quiet-word" not in done.stderr
