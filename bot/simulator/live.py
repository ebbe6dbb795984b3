"""Content that changes while people talk: files are watched, and good ones taken up at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.simulator.session import Session
from content.catalog import survey
from content.problems import Problem

PAUSE = 0.5
"""Seconds between two looks at the files: a save is noticed before one has changed windows."""


class LiveContent:
    """Watches the files of a session's content while the context lasts.

    What can be used is talked about from then on, by everybody, where they are. What cannot is
    told (`told`), and the content in use stays.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._root = session.catalog.root
        self._seen = _stamps(self._root)
        self._lock = threading.Lock()
        self._at: datetime | None = None
        self._problems: tuple[Problem, ...] = ()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="live-content", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> bool:
        """Look once, and take up what has changed; whether anything had."""
        stamps = _stamps(self._root)
        if stamps == self._seen:
            return False
        self._seen = stamps
        catalog, problems = survey(self._root)
        if not problems:
            self._session.talk_about(catalog)
        with self._lock:
            self._at, self._problems = self._session.clock.now(), tuple(problems)
        self._session.journal.tell()
        return True

    def told(self) -> dict[str, Any] | None:
        """What became of the last change, as JSON; None while there was none."""
        with self._lock:
            at, problems = self._at, self._problems
        if at is None:
            return None
        named = [
            {
                "place": f"{self._root.name}/{problem.file}:{problem.line}",
                "what": problem.what,
                "mend": problem.mend,
            }
            for problem in problems
        ]
        return {"at": at.isoformat(timespec="milliseconds"), "problems": named}

    def _watch(self) -> None:
        while not self._stop.wait(PAUSE):
            self.look()


def _stamps(root: Path) -> Mapping[str, tuple[int, int]]:
    """When each file was changed last, and how long it is. Files may go while one looks."""
    found: dict[str, tuple[int, int]] = {}
    for path in root.rglob("*.y*ml"):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found
