"""Who is who without knowing who: ids of LINE become keyed hashes before anything is stored."""

from __future__ import annotations

import hashlib

from bot.engine.keys import KeyRing
from bot.mac import Mac

KEY_BYTES = 16
"""128 bits: two of a billion people collide with a chance below 1e-20."""


class Pseudonyms:
    """Turns LINE's ids into the keys of the store, one way.

    Whoever reads the database without the key can neither find a person's row nor tell from a
    row who the person is. ``channel`` keeps the people of two channels apart.
    """

    def __init__(self, ring: KeyRing, channel: str = "line") -> None:
        self._mac = Mac(ring.current.pseudonym)
        self._earlier = [Mac(keys.pseudonym) for keys in ring.earlier]
        self._channel = channel.encode()

    def person(self, user_id: str) -> bytes:
        """The store's key of the person LINE calls *user_id*."""
        return self._hashed(self._mac, b"user", user_id)

    def place(self, place_id: str) -> bytes:
        """The store's key of the group or room LINE calls *place_id*."""
        return self._hashed(self._mac, b"place", place_id)

    def channel(self) -> bytes:
        """The store's key of what is counted for the channel as a whole; it is nobody's."""
        return self._hashed(self._mac, b"channel", "")

    def earlier(self, user_id: str) -> list[bytes]:
        """What `person` was under each other key of the ring: none, but while keys change."""
        return [self._hashed(mac, b"user", user_id) for mac in self._earlier]

    def earlier_places(self, place_id: str) -> list[bytes]:
        """What `place` was under each other key of the ring."""
        return [self._hashed(mac, b"place", place_id) for mac in self._earlier]

    def _hashed(self, mac: Mac, kind: bytes, line_id: str) -> bytes:
        # Neither a channel nor a kind contains a zero byte, so no two sources read alike.
        source = self._channel + b"\0" + kind + b"\0" + line_id.encode("utf-8", "surrogatepass")
        return mac.digest(source)[:KEY_BYTES]


def event_key(event_id: str) -> bytes:
    """The store's key of an event: a hash of its webhookEventId, 16 bytes whatever came in."""
    return hashlib.sha256(event_id.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]


def message_key(message_id: str) -> bytes:
    """The store's key of a message, 16 bytes; never that of an event, whatever the two ids."""
    source = b"message\0" + message_id.encode("utf-8", "surrogatepass")  # no id has a zero byte
    return hashlib.sha256(source).digest()[:KEY_BYTES]
