"""What is wrong with the content, said so that somebody who does not program can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: ``file:line: what is wrong, how to mend it``.

    ``file`` is relative to the content folder, ``line`` counts from 1 (0: the file as a whole).
    """

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} → {self.mend}"


class ContentError(Exception):
    """The content cannot be used; ``problems`` holds every reason found in one run."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
