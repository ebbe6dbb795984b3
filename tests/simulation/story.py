"""The story of a run in words, for whoever wants to know how it came to this."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.simulation.database import Commit
from tests.simulation.history import History


class Story:
    """Writes a line for everything that happens, from when it is made. ``now`` in seconds."""

    def __init__(self, history: History, now: Callable[[], float]) -> None:
        self.lines: list[str] = []
        self._history = history
        self._now = now
        history.note = self.note

    def note(self, line: str) -> None:
        """Write *line*."""
        self.lines.append(f"{self._now():9.3f} {line}")

    def committed(self, commit: Commit) -> None:
        """The database made *commit*."""
        who, changes = self._history.name(commit.user_key), "; ".join(self._changes(commit))
        if who and changes:
            self.note(f"{commit.node or 'database'} commits for {who}: {changes}")

    def _changes(self, commit: Commit) -> Iterator[str]:
        before, after = commit.before, commit.after
        for key, entry in after.inbox.items():
            if key not in before.inbox:
                yield f"{self._history.mark(key) or 'a message'} is {entry.outcome}"
        for key in after.deferred.keys() - before.deferred.keys():
            yield f"{self._history.mark(key)} is deferred"
        for seq in sorted(after.outbox.keys() | before.outbox.keys()):
            old, new = before.outbox.get(seq), after.outbox.get(seq)
            if new is None:
                yield f"answer {seq} is gone"
            elif new is not old:
                traits = [name for name in ("ambiguous", "plain", "push") if getattr(new, name)]
                stands = "claimed" if new.claimed else new.status.value
                yield f"answer {seq} is {' '.join([*traits, stands])} after {new.tries} tries"
