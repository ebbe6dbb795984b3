"""A small repository of our own, whose revisions can be changed: invented services, real flows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from content.catalog import HERE
from tests.content.folder import Folder, spoken

PROGRAMS = ("flows", "bot/line", "content")


class Repository:
    """The project as far as it decides what is said, under ``path``, with a history."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for part in PROGRAMS:
            kept = shutil.ignore_patterns("__pycache__", *(["*.yaml"] if part == "content" else []))
            shutil.copytree(HERE.parent / part, path / part, ignore=kept)
        for empty in ("letters", "services", "texts"):  # `spoken` makes them
            shutil.rmtree(path / "content" / empty, ignore_errors=True)
        shutil.copy(HERE.parent / "bot" / "__init__.py", path / "bot" / "__init__.py")
        self.content: Folder = spoken(path / "content")
        self.git("init", "--quiet")

    def commit(self) -> str:
        """Put everything as it is now into the history; the revision's name."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "as it is now")
        return self.git("rev-parse", "HEAD").strip()

    def swap(self, file: str, old: str, new: str) -> None:
        """Put *new* in the place of *old*, which stands once in *file*."""
        Folder(self.path).swap(file, old, new)

    def git(self, *words: str) -> str:
        """What git answers to *words*."""
        who = ("-c", "user.name=Hanako", "-c", "user.email=hanako@example.jp")
        plain = ("-c", "core.hooksPath=", "-c", "commit.gpgSign=false")
        command = ["git", "-C", str(self.path), *who, *plain, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
