"""Who is who without knowing who: ids of LINE become keyed hashes before anything is stored."""

from __future__ import annotations

import hashlib
import hmac

KEY_BYTES = 16
"""128 bits: two of a billion people collide with a chance below 1e-20."""


class Pseudonyms:
    """Turns LINE's ids into the keys of the store, one way.

    Whoever reads the database without the key can neither find a person's row nor tell from a
    row who the person is. ``channel`` keeps the people of two channels apart.
    """

    def __init__(self, key: bytes, channel: str = "line") -> None:
        self._key = key
        self._channel = channel.encode()

    def person(self, user_id: str) -> bytes:
        """The store's key of the person LINE calls *user_id*."""
        return self._hashed(b"user", user_id)

    def place(self, place_id: str) -> bytes:
        """The store's key of the group or room LINE calls *place_id*."""
        return self._hashed(b"place", place_id)

    def _hashed(self, kind: bytes, line_id: str) -> bytes:
        # Neither a channel nor a kind contains a zero byte, so no two sources read alike.
        source = self._channel + b"\0" + kind + b"\0" + line_id.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, source, "sha256")[:KEY_BYTES]


def event_key(event_id: str) -> bytes:
    """The store's key of an event: a hash of its webhookEventId, 16 bytes whatever came in."""
    return hashlib.sha256(event_id.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]
