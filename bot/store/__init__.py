"""Keeps what must survive a crash. Holds sealed bytes and pseudonyms, never a key or a name."""
