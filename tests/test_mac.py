"""HMAC-SHA256 made from prepared halves."""

from __future__ import annotations

import hmac

from hypothesis import given
from hypothesis import strategies as st

from bot.mac import Mac


@given(st.binary(max_size=200), st.lists(st.binary(max_size=300), max_size=4))
def test_it_is_what_the_standard_library_makes(key: bytes, messages: list[bytes]) -> None:
    """For keys shorter and longer than a block, and again and again with the same one."""
    mac = Mac(key)

    for message in (*messages, b"", *messages):
        assert mac.digest(message) == hmac.digest(key, message, "sha256")


def test_an_example_of_the_standard() -> None:
    """RFC 4231, test case 2."""
    assert Mac(b"Jefe").digest(b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_no_key_is_shown() -> None:
    """A traceback or a log may hold its repr."""
    assert "c4nary" not in repr(Mac(b"c4nary"))
