"""Collects every talk in this folder and below: each ``*.yaml`` is a talk with the real bot.

    pytest tests/talks                              all of them
    pytest tests/talks/yakukyari                    those about one service
    pytest tests/talks/yakukyari/mail.talk.yaml     one
    pytest tests/talks -k m3                        by name
    pytest --update                                 write the ids that came into failing bot: lines

All talks share one session and have people of their own in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.session import Session
from bot.simulator.talk.format import Talk, TalkError, read_talk
from bot.simulator.talk.holding import TalkFailedError, hold
from bot.simulator.talk.update import CannotUpdateError, with_ids
from content.catalog import Catalog, load

UPDATED = pytest.StashKey[set[tuple[Path, int]]]()
SESSION = pytest.StashKey[Session]()
CATALOG = pytest.StashKey[Catalog]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A YAML file here is a talk."""
    if file_path.suffix == ".yaml":
        return TalkFile.from_parent(parent, path=file_path)
    return None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the bot, if any talk started it."""
    if running := session.config.stash.get(SESSION, None):
        running.__exit__(None, None, None)


class TalkFile(pytest.File):
    """One file; with ``each:`` it holds several talks."""

    def collect(self) -> Iterator[pytest.Item]:
        for talk in read_talk(self.path, self.config.rootpath, catalog_of(self.config)):
            yield TalkItem.from_parent(self, name=talk.name, talk=talk)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """What is wrong with the file, without a traceback."""
        if isinstance(excinfo.value, TalkError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))


class TalkItem(pytest.Item):
    """One conversation."""

    def __init__(self, *, talk: Talk, **rest: Any) -> None:
        super().__init__(**rest)
        self.talk = talk

    def runtest(self) -> None:
        """Hold it; with ``--update`` again and again, while only ids are wrong."""
        while True:
            try:
                return hold(self.talk, session_of(self.config))
            except TalkFailedError as failed:
                if not self.config.getoption("--update", default=False):
                    raise
                self._write_what_came(failed)

    def _write_what_came(self, failed: TalkFailedError) -> None:
        """Mend the step that *failed* in the file, once; raise where that is not to be done."""
        updated = self.config.stash.setdefault(UPDATED, set())
        if failed.step is None or failed.came is None or (self.path, failed.step) in updated:
            raise failed
        text = self.path.read_text(encoding="utf-8")
        try:
            text = with_ids(text, failed.step, failed.came)
        except CannotUpdateError as why:
            failed.add_note(f"--update: {why}")
            raise failed from None
        self.path.write_text(text, encoding="utf-8")
        updated.add((self.path, failed.step))
        same = read_talk(self.path, self.config.rootpath, catalog_of(self.config))
        self.talk = next(talk for talk in same if talk.name == self.talk.name)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The transcript with the line that failed, without a traceback."""
        if isinstance(excinfo.value, TalkFailedError):
            return "\n".join((str(excinfo.value), *getattr(excinfo.value, "__notes__", ())))
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it is and what it is about."""
        return self.path, 0, self.talk.title


def catalog_of(config: pytest.Config) -> Catalog:
    """The content, read once."""
    if CATALOG not in config.stash:
        config.stash[CATALOG] = load()
    return config.stash[CATALOG]


def session_of(config: pytest.Config) -> Session:
    """The bot, started once."""
    if SESSION not in config.stash:
        session = Session(catalog=catalog_of(config), second_opinion=True)
        config.stash[SESSION] = session.__enter__()
    return config.stash[SESSION]
