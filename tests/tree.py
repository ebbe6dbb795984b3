"""Which files belong to the project."""

import subprocess
from pathlib import Path

from dev import ROOT

NOT_OURS = {".git", ".venv", "__pycache__", "node_modules"}


def project_files() -> list[Path]:
    """List the files git keeps or would keep; without git, all but the folders tools make."""
    # A clone may belong to another user than the one who tests it; git would refuse to read it.
    git = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    try:
        listed = subprocess.run([*git, "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if NOT_OURS.isdisjoint(path.parts)]
    return sorted(path for path in paths if path.is_file())
