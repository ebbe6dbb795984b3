"""Seals what the store keeps: AES-256-GCM, bound to the row it belongs to.

Sealed bytes begin with a version. Version 2: the version byte, the id of the key, a nonce, then
what GCM made. Version 1 had no id, so every key of the ring is tried; nothing writes it now.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.engine.keys import ID_BYTES, KeyRing, Keys

VERSION = b"\x02"
"""The first byte of everything sealed, so that another way of sealing can follow one day."""

WITHOUT_ID = b"\x01"
"""The version before keys had ids. Still read."""

NONCE_BYTES = 12
"""96 random bits, the size GCM is made for (NIST SP 800-38D §5.2.1.1)."""

CIPHERS = 1024
"""People whose cipher is kept ready, the latest first: making one costs three times as much as
using it, and one event uses it up to four times."""

CONVERSATION, OUTBOX, DEFERRED = "conversation", "outbox", "deferred"
"""The tables that hold something sealed."""


class UnreadableError(Exception):
    """Sealed bytes were damaged, moved from another row, or sealed with a key we do not have."""


class Vault:
    """Seals with the current key of a ring; opens what any key of it sealed. For any thread.

    Every person has a key of their own, derived from the sealing key: random nonces are safe
    for 2**32 messages under one key (NIST SP 800-38D §8.3), which nobody ever sends.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._current = ring.current
        self._keys = ring.all
        self._cipher = lru_cache(CIPHERS)(_cipher)

    def seal(self, plain: bytes, table: str, user_key: bytes, row: bytes = b"") -> bytes:
        """*plain*, readable only as *row* of this person in *table*."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._cipher(self._current.sealing, user_key)
        place = _place(VERSION, table, user_key, row)
        return VERSION + self._current.id + nonce + cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, table: str, user_key: bytes, row: bytes = b"") -> bytes:
        """What `seal` was given for the same place. Raises UnreadableError on anything else."""
        version = sealed[:1]
        keys: tuple[Keys, ...] = ()
        start = 1
        if version == VERSION:
            start += ID_BYTES
            named = sealed[1:start]
            keys = tuple([key for key in self._keys if key.id == named])
        elif version == WITHOUT_ID:
            keys = self._keys
        nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        if len(nonce) < NONCE_BYTES:
            raise UnreadableError
        place = _place(version, table, user_key, row)
        for key in keys:
            try:
                return self._cipher(key.sealing, user_key).decrypt(nonce, body, place)
            except InvalidTag:
                continue
        raise UnreadableError


def answer_row(seq: int, event_key: bytes) -> bytes:
    """The row of an answer in `OUTBOX`: neither another number's nor to another event."""
    return seq.to_bytes(8, "big") + event_key


def _cipher(sealing: bytes, user_key: bytes) -> AESGCM:
    return AESGCM(hmac.digest(sealing, user_key, "sha256"))


def _place(version: bytes, table: str, user_key: bytes, row: bytes) -> bytes:
    # A table's name has no zero byte and a user_key one length: no two places read alike.
    return version + table.encode() + b"\0" + user_key + row
