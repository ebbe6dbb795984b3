"""Rules that tie files to each other: a name used here must exist there, and the other way round.

A rule asks only what could be read. A part that is missing or malformed was reported when it
was read, and is no reason to complain about everything that points to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.catalog import Catalog
from content.problems import Problem
from content.rules import (
    agreement,
    contacts,
    letters,
    must_not_say,
    names,
    numbers,
    references,
    rewards,
)


def broken_rules(catalog: Catalog) -> Iterator[Problem]:
    """Every rule that the files of *catalog* break between them."""
    for rule in (
        references, letters, contacts, numbers, agreement, names, must_not_say, rewards,
    ):  # fmt: skip
        yield from rule.problems(catalog)
