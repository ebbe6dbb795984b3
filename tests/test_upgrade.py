"""`taikai db upgrade` prepares the database that DATABASE_URL names, and needs no secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def test_a_database_it_cannot_use_is_refused_by_the_settings_name(tmp_path: Path) -> None:
    """One sentence, no traceback."""
    done = upgraded(tmp_path, "postgresql://localhost/taikai")

    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL: ")
    assert "Traceback" not in done.stderr
