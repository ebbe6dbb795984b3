"""The keys of the house, all derived from the master keys by HKDF-SHA256 (RFC 5869).

Each purpose has a key of its own: knowing one says nothing about another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ID_BYTES = 4
"""Of a key's public name. Two keys of one house share a name once in four billion, and then
both are tried."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What follows from one master key: 32 bytes for each purpose, and a name.

    ``id`` tells which key sealed something; it is public and tells nothing else. ``repr`` shows
    no key.
    """

    id: bytes
    pseudonym: bytes = field(repr=False)
    sealing: bytes = field(repr=False)

    @classmethod
    def derive(cls, master: bytes) -> Keys:
        """The keys that follow from *master*, 32 random bytes."""
        return cls(
            id=_derived(master, b"taikai/1/id", ID_BYTES),
            pseudonym=_derived(master, b"taikai/1/pseudonym"),
            sealing=_derived(master, b"taikai/1/sealing"),
        )


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys in use: ``current`` makes what is new, ``earlier`` ones still read what is old."""

    current: Keys
    earlier: tuple[Keys, ...] = ()

    @classmethod
    def of(cls, masters: Sequence[bytes]) -> KeyRing:
        """The ring of *masters*, the current one first. Raises ValueError for none."""
        if not masters:
            raise ValueError("a key ring holds at least one key")
        current, *earlier = map(Keys.derive, masters)
        return cls(current, tuple(earlier))

    @property
    def all(self) -> tuple[Keys, ...]:
        """Every key, the current one first."""
        return (self.current, *self.earlier)


def _derived(master: bytes, purpose: bytes, length: int = 32) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(master)
