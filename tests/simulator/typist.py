"""Somebody at the keyboard of the terminal chat."""

from __future__ import annotations

import io
from collections.abc import Callable


class Typist(io.StringIO):
    """Types lines, and does something else before some of them."""

    def __init__(self, *lines: str | Callable[[], None]) -> None:
        super().__init__()
        self._lines = iter(lines)

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override] # text it is
        """The next line, "" for no more."""
        for line in self._lines:
            if isinstance(line, str):
                return f"{line}\n"
            line()
        return ""
