"""Takes what was sealed for a person under an earlier master key to the present one.

A new master key gives everybody a new name in the store and a new key of their own. Nothing is
converted at once: who writes next is found under the old name and moves with all that is kept
(`bot.store.port.Store.adopt`); who never writes again goes when their time is over.
"""

from __future__ import annotations

from bot.engine.vault import CONVERSATION, DEFERRED, OUTBOX, Vault, answer_row


class Resealer:
    """Reseals one person's rows, from the key *old* of theirs to *new* (`bot.store.port.Reseal`).

    Every method raises UnreadableError for what no key of the vault's ring opens.
    """

    def __init__(self, vault: Vault, old: bytes, new: bytes) -> None:
        self._vault = vault
        self._old = old
        self._new = new

    def state(self, sealed: bytes) -> bytes:
        """A conversation."""
        return self._moved(sealed, CONVERSATION)

    def letter(self, sealed: bytes, seq: int, event_key: bytes) -> bytes:
        """An answer."""
        return self._moved(sealed, OUTBOX, answer_row(seq, event_key))

    def event(self, sealed: bytes, event_key: bytes) -> bytes:
        """A deferred event."""
        return self._moved(sealed, DEFERRED, event_key)

    def _moved(self, sealed: bytes, table: str, row: bytes = b"") -> bytes:
        plain = self._vault.open(sealed, table, self._old, row)
        return self._vault.seal(plain, table, self._new, row)
