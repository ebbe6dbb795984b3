"""What waits in the outbox: the messages and what carries them, sealed as one."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import orjson

from bot.engine.vault import OUTBOX, UnreadableError, Vault, answer_row

MOST_MESSAGES = 5
"""In one reply (reference/messaging-api/#send-reply-message)."""


@dataclass(slots=True)
class Letter:
    """One answer, ready to go. ``messages`` is a JSON array, as LINE is to read it.

    ``to`` and ``retry_key`` are for a push, should the reply token die; both are empty where
    push is switched off, so that no user id is kept without need. ``packed`` is `packed` of the
    messages, where somebody has it already.
    """

    reply_token: str = field(repr=False)
    messages: bytes = field(repr=False)
    to: str = field(default="", repr=False)
    retry_key: str = field(default="", repr=False)
    packed: bytes = field(default=b"", repr=False, compare=False)

    def sealed(self, vault: Vault, user_key: bytes, seq: int, event_key: bytes) -> bytes:
        """As the outbox keeps it."""
        head = orjson.dumps([self.reply_token, self.to, self.retry_key])
        plain = head + b"\n" + (self.packed or packed(self.messages))
        return vault.seal(plain, OUTBOX, user_key, answer_row(seq, event_key))


def packed(messages: bytes) -> bytes:
    """*messages* as they are sealed: a fifth of the size, which sealed words keep for good. So a
    letter fits into one page of a database, and costs a third of the time to write and wipe."""
    return zlib.compress(messages)


def unsealed(vault: Vault, letter: bytes, user_key: bytes, seq: int, event_key: bytes) -> Letter:
    """What `Letter.sealed` made. Raises UnreadableError."""
    plain = vault.open(letter, OUTBOX, user_key, answer_row(seq, event_key))
    head, newline, body = plain.partition(b"\n")
    try:
        said = orjson.loads(head)
        if not newline:  # as version 1 wrote it: everything in one array
            reply_token, listed = said
            return Letter(reply_token, orjson.dumps(listed))
        reply_token, to, retry_key = said
        messages = zlib.decompress(body)
    except (ValueError, TypeError, zlib.error):
        raise UnreadableError from None
    return Letter(reply_token, messages, to, retry_key, body)
