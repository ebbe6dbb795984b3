"""What waits in the outbox: the messages and the reply token that carries them, sealed as one."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from bot.engine.vault import UnreadableError, Vault

MOST_MESSAGES = 5
"""In one reply (reference/messaging-api/#send-reply-message)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One reply, ready to go."""

    reply_token: str = field(repr=False)
    messages: list[dict[str, object]] = field(repr=False)

    def sealed(self, vault: Vault, user_key: bytes, seq: int, event_key: bytes) -> bytes:
        """As the outbox keeps it. Raises TypeError for messages that are no JSON."""
        plain = orjson.dumps([self.reply_token, self.messages])
        return vault.seal(plain, "outbox", user_key, _row(seq, event_key))


def unsealed(vault: Vault, letter: bytes, user_key: bytes, seq: int, event_key: bytes) -> Letter:
    """What `Letter.sealed` made. Raises UnreadableError."""
    try:
        plain = vault.open(letter, "outbox", user_key, _row(seq, event_key))
        reply_token, messages = orjson.loads(plain)
    except ValueError:
        raise UnreadableError from None
    return Letter(reply_token, messages)


def _row(seq: int, event_key: bytes) -> bytes:
    return seq.to_bytes(8, "big") + event_key
