"""Holds the project's talks, and keeps what each of them saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import bot
from bot.simulator.coverage.seen import Seen
from bot.simulator.kept_log import KeptLog
from bot.simulator.session import Session
from bot.simulator.talk.format import TalkError, read_talk
from bot.simulator.talk.holding import TalkFailedError, hold
from content.catalog import Catalog

ROOT = Path(bot.__file__).parents[1]
TALKS = ROOT / "tests" / "talks"

SHARES = 4
"""Talks are held in so many shares: more would start the app more often than it pays."""


@dataclass(slots=True)
class TalksHeld:
    """What each talk saw, by its file relative to the project, and those that failed, in words."""

    seen: dict[str, Seen] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, other: TalksHeld) -> None:
        """Take in what others held."""
        self.seen |= other.seen
        self.failed += other.failed


def talk_files(folder: Path = TALKS) -> Sequence[Path]:
    """Every talk there is, in a fixed order."""
    return sorted(folder.rglob("*.yaml"))


def held(files: Iterable[Path], root: Path = ROOT, catalog: Catalog | None = None) -> TalksHeld:
    """Hold the talks in *files*, of the project *root*, one after another in one session."""
    KeptLog().start()  # for nobody: talks ask for trouble, which is logged as trouble
    talks = TalksHeld()
    with Session(catalog=catalog) as session:
        for file in files:
            seen = Seen()
            begun = len(session.journal.turns)
            try:
                for talk in read_talk(file, root, session.catalog):
                    hold(talk, session)
            except (TalkError, TalkFailedError) as failed:
                talks.failed.append(str(failed))
            for turn in session.journal.turns[begun:]:
                seen.turn(turn, session.catalog)
            talks.seen[file.relative_to(root).as_posix()] = seen
    return talks
