"""Seals what the store keeps: AES-256-GCM, bound to the row it belongs to."""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
"""The first byte of everything sealed, so that another way of sealing can follow one day."""

NONCE_BYTES = 12
"""96 random bits, the size GCM is made for (NIST SP 800-38D §5.2.1.1)."""


class UnreadableError(Exception):
    """Sealed bytes were damaged, moved from another row, or sealed with another key."""


class Vault:
    """Seals and opens.

    Every person has a key of their own, derived from the sealing key: random nonces are safe
    for 2**32 messages under one key (NIST SP 800-38D §8.3), which nobody ever sends.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, plain: bytes, table: str, user_key: bytes, row: bytes = b"") -> bytes:
        """*plain*, readable only as *row* of this person in *table*."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher(user_key).encrypt(nonce, plain, _place(table, user_key, row))
        return VERSION + nonce + sealed

    def open(self, sealed: bytes, table: str, user_key: bytes, row: bytes = b"") -> bytes:
        """What `seal` was given for the same place. Raises UnreadableError on anything else."""
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != VERSION or len(nonce) < NONCE_BYTES:
            raise UnreadableError
        try:
            return self._cipher(user_key).decrypt(nonce, body, _place(table, user_key, row))
        except InvalidTag:
            raise UnreadableError from None

    def _cipher(self, user_key: bytes) -> AESGCM:
        return AESGCM(hmac.digest(self._key, user_key, "sha256"))


def _place(table: str, user_key: bytes, row: bytes) -> bytes:
    # A table's name has no zero byte and a user_key one length: no two places read alike.
    return VERSION + table.encode() + b"\0" + user_key + row
