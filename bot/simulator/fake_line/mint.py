"""The ids LINE makes, in the shape LINE makes them, none of them ever twice."""

from __future__ import annotations

import random
import threading
import uuid

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""The letters of a ULID (github.com/ulid/spec)."""

FIRST_MESSAGE = 500_000_000_000_000_000
"""Message ids are whole numbers of 18 digits, written as text."""


class Mint:
    """Makes ids. With a *seed* the same ones in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing is protected by these
        self._lock = threading.Lock()
        self._messages = FIRST_MESSAGE

    def user_id(self) -> str:
        """A person's (or a bot's) id: U and 32 hex digits."""
        return "U" + self._hex(32)

    def group_id(self) -> str:
        """A group's id: C and 32 hex digits."""
        return "C" + self._hex(32)

    def room_id(self) -> str:
        """A multi-person chat's id: R and 32 hex digits."""
        return "R" + self._hex(32)

    def event_id(self, at: int) -> str:
        """A ``webhookEventId``: a ULID of the moment *at*, in ms since 1970."""
        with self._lock:
            value = (at & (1 << 48) - 1) << 80 | self._random.getrandbits(80)
        return "".join(CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))

    def reply_token(self) -> str:
        """A reply token: 32 hex digits."""
        return self._hex(32)

    def quote_token(self) -> str:
        """A token to quote a message by, or to mark it as read."""
        return self._hex(64)

    def message_id(self) -> str:
        """A message's id; a later one is greater."""
        with self._lock:
            self._messages += self._random.randrange(1, 1_000_000)
            return str(self._messages)

    def rich_menu_id(self) -> str:
        """A rich menu's id: 32 hex digits after its name."""
        return "richmenu-" + self._hex(32)

    def request_id(self) -> str:
        """An ``x-line-request-id``."""
        with self._lock:
            return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _hex(self, digits: int) -> str:
        with self._lock:
            return f"{self._random.getrandbits(4 * digits):0{digits}x}"
