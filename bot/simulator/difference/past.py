"""Every message of an earlier revision, said by that revision's own content and flows.

They are read out of git into a folder of their own, where another Python lets them speak: in
this one their modules would have the same names as today's.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot import line
from bot.simulator.gallery import asides
from bot.simulator.gallery import listing as every_message
from bot.simulator.gallery.listing import Listing, listing
from content.catalog import HERE, survey
from flows import check as flow_check

PARTS = ("content", "flows", "bot/__init__.py", "bot/line")
"""Whatever decides what is said, and how it becomes a message."""

LISTERS = (asides, every_message)
"""The present modules that find every message, put beside the old ones."""

PATIENCE = 120
"""Seconds after which old code that does not come to an end is given up. It takes a few."""


class RevisionError(Exception):
    """What was said in a revision cannot be told; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was said then. ``commit`` is the revision in full, ``note`` a sentence about what
    could not be taken from it, "" if everything was."""

    commit: str
    listing: Listing
    note: str = ""


def past(revision: str, root: Path = HERE.parent) -> Past:
    """Every message of *revision* of the project at *root*. Raises RevisionError."""
    commit = _commit(revision, root)
    with tempfile.TemporaryDirectory(prefix="taikai-diff-") as folder:
        there = Path(folder)
        _taken_out(commit, root, there)
        try:
            return Past(commit, _said_there(there))
        except _UnableError as why:
            note = OTHER_PROGRAMS.format(revision, why)
        _read_as_today(there)
        try:
            return Past(commit, _said_there(there), note)
        except _UnableError as why:
            note = OTHER_FLOWS.format(revision, why)
        return Past(commit, _said_today(revision, there), note)


OTHER_PROGRAMS = (
    "{} のプログラムは、いまは動きません（{}）。"
    "flows と content の文はその版のまま、読み方とLINEの形だけをいまのものにして比べました。"
)
OTHER_FLOWS = (
    "{} の flows では、いまの方法で全部の言葉を並べられません（{}）。"
    "content だけをその版にして、いまの flows で比べました。"
)


class _UnableError(Exception):
    """The old code lacks what listing needs; the message is its own last word."""


def _commit(revision: str, root: Path) -> str:
    """The commit that *revision* names."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    found = _git(root, *asked)
    if found.returncode:
        inside = _git(root, "rev-parse", "--git-dir").returncode == 0
        if not inside:
            raise RevisionError(
                "ここはgitのリポジトリではありません → git clone したフォルダーで実行してください"
            )
        raise RevisionError(
            f"「{revision}」という版は見つかりません → git log にある版や"
            "ブランチの名前（例：HEAD~1）にしてください"
        )
    return found.stdout.decode().strip()


def _taken_out(commit: str, root: Path, there: Path) -> None:
    """Put the `PARTS` of *commit* into the folder *there*."""
    listed = _git(root, "ls-tree", "-z", "--name-only", commit, "--", *PARTS)
    parts = [name for name in listed.stdout.decode().split("\0") if name]
    if not {"content", "flows"} <= set(parts):
        raise RevisionError(
            f"{commit[:12]} にはまだ content と flows がありません → もっと新しい版にしてください"
        )
    archive = _git(root, "archive", "--format=tar", commit, "--", *parts)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(there, filter="data")


def _said_there(there: Path) -> Listing:
    """What the code in the folder *there* says, as the present listers find it."""
    beside = there
    for package in every_message.__name__.split(".")[:-1]:
        beside /= package
        beside.mkdir(exist_ok=True)
        (beside / "__init__.py").touch()
    for lister in LISTERS:
        assert lister.__file__
        shutil.copy(lister.__file__, beside)
    speak = [sys.executable, "-P", "-m", every_message.__name__, str(there / "content")]
    environment = {**os.environ, "PYTHONPATH": str(there), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        said = subprocess.run(  # noqa: S603 - the project's own code, as it once was
            speak, cwd=there, env=environment, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise _UnableError(f"{PATIENCE}秒で終わりません") from None
    if said.returncode:
        last = said.stderr.decode(errors="replace").strip().splitlines()
        raise _UnableError(last[-1] if last else f"終了コード {said.returncode}")
    return Listing.from_json(json.loads(said.stdout))


def _read_as_today(there: Path) -> None:
    """Put the present programs around the flows in the place of the old ones: those that read
    the content, and those that make messages. The content's own files stay."""
    for part in (HERE, Path(line.__file__).parent):
        old = there / part.relative_to(HERE.parent)
        shutil.copytree(part, old, ignore=_all_but_python, dirs_exist_ok=True)


def _all_but_python(folder: str, names: list[str]) -> list[str]:
    """What is left out of a copy of programs: everything else, and what Python makes of them."""
    return [
        name
        for name in names
        if name == "__pycache__" or not (name.endswith(".py") or Path(folder, name).is_dir())
    ]


def _said_today(revision: str, there: Path) -> Listing:
    """What the old content says by the present flows. Raises RevisionError."""
    catalog, problems = survey(there / "content")
    problems = problems or flow_check.problems(catalog)
    if problems:
        raise RevisionError(
            f"{revision} の content は、いまの決まりでは読めません（{problems[0]}）"
            " → もっと新しい版と比べてください"
        )
    return listing(catalog)


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Ask git about the project at *root*. Raises RevisionError where there is no git."""
    # A clone may belong to another user than the one who compares; git would refuse to read it.
    command = ["git", "-C", str(root), "-c", "safe.directory=*", *words]
    try:
        return subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - git, asked by us
    except FileNotFoundError:
        raise RevisionError("git が見つかりません → git を入れてください") from None
