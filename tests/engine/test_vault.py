"""What is sealed can be read by nobody else and in no other place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.keys import KeyRing
from bot.engine.vault import CIPHERS, UnreadableError, Vault

MASTER = bytes(range(32))
NEXT = bytes(range(1, 33))
ANN, BEN = b"a" * 16, b"b" * 16
HEADS = [b"", b"\x01", b"\x02", b"\x02" + KeyRing.of([MASTER]).current.id]

KNOWN = "021ee3c0d3000000000000000000000000895440ab2b01ecb719e2449a94f5386706f98aba0b"
SEALED_BEFORE_KEYS_HAD_IDS = "01d9b01d66f214ed4eca1322b76989af82f1ebac41d1b57eecfb3147f59a04ba5d88"


def vault(*masters: bytes) -> Vault:
    return Vault(KeyRing.of(masters or (MASTER,)))


@given(st.binary(), st.binary(max_size=40))
def test_what_was_sealed_opens_in_its_place(plain: bytes, row: bytes) -> None:
    """Any bytes, any row."""
    sealed = vault().seal(plain, "outbox", ANN, row)

    assert vault().open(sealed, "outbox", ANN, row) == plain


@pytest.mark.parametrize(
    ("table", "user_key", "row"),
    [("inbox", ANN, b"1"), ("outbox", BEN, b"1"), ("outbox", ANN, b"2"), ("outbox", ANN, b"")],
)
def test_what_was_moved_to_another_place_does_not_open(
    table: str, user_key: bytes, row: bytes
) -> None:
    """Nobody who can write the database can show one person another's words."""
    sealed = vault().seal(b"words", "outbox", ANN, b"1")

    with pytest.raises(UnreadableError):
        vault().open(sealed, table, user_key, row)


@given(st.data())
def test_no_changed_bit_goes_unseen(data: st.DataObject) -> None:
    """Not even in the version, the key's id or the nonce."""
    sealed = bytearray(vault().seal(b"words", "outbox", ANN))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8

    with pytest.raises(UnreadableError):
        vault(MASTER, NEXT).open(bytes(sealed), "outbox", ANN)


@given(st.sampled_from(HEADS), st.binary(max_size=60))
def test_junk_does_not_open(head: bytes, junk: bytes) -> None:
    """Empty and cut-off bytes included, and those that begin as they should."""
    with pytest.raises(UnreadableError):
        vault().open(head + junk, "outbox", ANN)


def test_the_same_words_never_look_the_same_twice() -> None:
    """Whoever watches the database cannot tell that somebody gave the same answer again."""
    assert len({vault().seal(b"words", "outbox", ANN) for _ in range(100)}) == 100


# --- when keys change ---------------------------------------------------------------------


def test_what_an_earlier_key_sealed_still_opens() -> None:
    """As long as the key is in the ring, wherever it stands there."""
    sealed = vault(MASTER).seal(b"words", "outbox", ANN)

    assert vault(NEXT, MASTER).open(sealed, "outbox", ANN) == b"words"
    assert vault(NEXT, bytes(range(2, 34)), MASTER).open(sealed, "outbox", ANN) == b"words"


def test_only_the_first_key_seals() -> None:
    """So that the others can be taken away one day."""
    sealed = vault(NEXT, MASTER).seal(b"words", "outbox", ANN)

    assert vault(NEXT).open(sealed, "outbox", ANN) == b"words"
    with pytest.raises(UnreadableError):
        vault(MASTER).open(sealed, "outbox", ANN)


def test_without_its_key_nothing_opens() -> None:
    """An earlier key that was taken away is as good as none."""
    sealed = vault(MASTER).seal(b"words", "outbox", ANN)

    for others in [(NEXT,), (NEXT, bytes(range(2, 34)))]:
        with pytest.raises(UnreadableError):
            vault(*others).open(sealed, "outbox", ANN)


def test_two_keys_of_one_name_are_both_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once in four billion houses."""
    monkeypatch.setattr("bot.engine.keys.ID_BYTES", 0)
    monkeypatch.setattr("bot.engine.vault.ID_BYTES", 0)
    monkeypatch.setattr(
        "bot.engine.keys._derived", lambda master, purpose, length=32: master[:length]
    )
    sealed = vault(MASTER).seal(b"words", "outbox", ANN)

    assert vault(NEXT, MASTER).open(sealed, "outbox", ANN) == b"words"


@pytest.mark.parametrize("masters", [(MASTER,), (NEXT, MASTER)])
def test_what_was_sealed_before_keys_had_names_still_opens(masters: tuple[bytes, ...]) -> None:
    """Bytes as the first version wrote them; every key is tried."""
    sealed = bytes.fromhex(SEALED_BEFORE_KEYS_HAD_IDS)

    assert vault(*masters).open(sealed, "outbox", ANN, b"1") == b"words"
    with pytest.raises(UnreadableError):
        vault(NEXT).open(sealed, "outbox", ANN, b"1")
    with pytest.raises(UnreadableError):
        vault(*masters).open(sealed, "outbox", BEN, b"1")


def test_the_layout_of_sealed_bytes_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version, key, nonce, then what GCM made: a change here needs a version of its own."""
    monkeypatch.setattr("os.urandom", bytes)

    assert vault().seal(b"words", "outbox", ANN, b"1").hex() == KNOWN


def test_no_more_ciphers_are_kept_than_said() -> None:
    """A flood of people does not become a flood of memory."""
    one = vault()
    for number in range(CIPHERS + 50):
        one.seal(b"", "outbox", number.to_bytes(16, "big"))

    kept = one._cipher.cache_info()
    assert (kept.maxsize, kept.currsize) == (CIPHERS, CIPHERS)
