"""The keys of the house, all derived from the one master key by HKDF-SHA256 (RFC 5869).

Each purpose has a key of its own: knowing one says nothing about another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True)
class Keys:
    """32 bytes for each purpose. ``repr`` shows none of them."""

    pseudonym: bytes = field(repr=False)
    sealing: bytes = field(repr=False)

    @classmethod
    def derive(cls, master: bytes) -> Keys:
        """The keys that follow from *master*, 32 random bytes."""
        return cls(
            pseudonym=_derived(master, b"taikai/1/pseudonym"),
            sealing=_derived(master, b"taikai/1/sealing"),
        )


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(master)
