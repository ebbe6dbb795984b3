"""Seals what the store keeps: AES-256-GCM, bound to the row it belongs to.

Sealed bytes begin with a version. Version 2: the version byte, the id of the key, a nonce, then
what GCM made. Version 1 had no id, so every key of the ring is tried; nothing writes it now.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.engine.keys import ID_BYTES, KeyRing
from bot.mac import Mac

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
        self._macs = tuple([Mac(keys.sealing) for keys in ring.all])
        self._head = VERSION + ring.current.id
        ids = [keys.id for keys in ring.all]
        self._named = MappingProxyType(
            {id: tuple([key for key, name in enumerate(ids) if name == id]) for id in ids}
        )
        self._cipher = lru_cache(CIPHERS)(self._made)

    def seal(self, plain: bytes, table: str, user_key: bytes, row: bytes = b"") -> bytes:
        """*plain*, readable only as *row* of this person in *table*."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._cipher(0, user_key)
        place = _place(VERSION, table, user_key, row)
        return self._head + nonce + cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, table: str, user_key: bytes, row: bytes = b"") -> bytes:
        """What `seal` was given for the same place. Raises UnreadableError on anything else."""
        version, start = sealed[:1], 1
        keys: Sequence[int] = ()
        if version == VERSION:
            start += ID_BYTES
            keys = self._named.get(sealed[1:start], ())
        elif version == WITHOUT_ID:
            keys = range(len(self._macs))
        nonce, body = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
        if len(nonce) < NONCE_BYTES:
            raise UnreadableError
        place = _place(version, table, user_key, row)
        for key in keys:
            try:
                return self._cipher(key, user_key).decrypt(nonce, body, place)
            except InvalidTag:
                continue
        raise UnreadableError

    def _made(self, key: int, user_key: bytes) -> AESGCM:
        """The cipher of a person under the ring's *key*: a number, so that what is kept of it is
        nothing the collector has to look at."""
        return AESGCM(self._macs[key].digest(user_key))


def answer_row(seq: int, event_key: bytes) -> bytes:
    """The row of an answer in `OUTBOX`: neither another number's nor to another event."""
    return seq.to_bytes(8, "big") + event_key


def _place(version: bytes, table: str, user_key: bytes, row: bytes) -> bytes:
    # A table's name has no zero byte and a user_key one length: no two places read alike.
    return version + table.encode() + b"\0" + user_key + row
