"""What changed since: lists whose every item knows when it was changed last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]


class Count:
    """Counts the changes of several lists together: whoever knows 7 of them gets all later ones."""

    def __init__(self) -> None:
        self.now = 0

    def next(self) -> int:
        """One more change."""
        self.now += 1
        return self.now


class Versions:
    """Items in their order, numbered from 1 as ``n``, each with the version of its last change.

    Not safe by itself: whoever shares it between threads holds a lock.
    """

    def __init__(self, count: Count) -> None:
        self._count = count
        self._items: list[Json] = []
        self._versions: list[int] = []

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Json]:
        return iter(tuple(self._items))

    def __getitem__(self, place: int) -> Json:
        return self._items[place]

    def add(self, item: Json) -> int:
        """Put *item* at the end; its place, counted from 0."""
        self._items.append({"n": len(self._items) + 1, **item})
        self._versions.append(self._count.next())
        return len(self._items) - 1

    def change(self, place: int, **changes: object) -> None:
        """Change what is at *place*."""
        self._items[place] = {**self._items[place], **changes}
        self._versions[place] = self._count.next()

    def keep(self, wanted: Callable[[Json], bool]) -> None:
        """Keep only the items *wanted*, numbered anew."""
        kept = [item for item in self._items if wanted(item)]
        self._items = [{**item, "n": number} for number, item in enumerate(kept, 1)]
        version = self._count.next()
        self._versions = [version] * len(kept)

    def since(self, version: int) -> list[Json]:
        """The items that changed after *version*, in their order."""
        pairs = zip(self._items, self._versions, strict=True)
        return [item for item, changed in pairs if changed > version]
