"""What is sealed can be read by nobody else and in no other place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.keys import Keys
from bot.engine.letter import Letter, unsealed
from bot.engine.pseudonym import Pseudonyms, event_key
from bot.engine.vault import UnreadableError, Vault

MASTER = bytes(range(32))
KNOWN_PSEUDONYM_KEY = "b68aabaaf510579b2d941051b1f9cadf7de7418228a892827165cd62f411149f"
KNOWN_SEALING_KEY = "0c96e298160087222685e6122ed9afa7cc756c531ab805667672de8311446e4b"
ANN, BEN = b"a" * 16, b"b" * 16


def vault(master: bytes = MASTER) -> Vault:
    return Vault(Keys.derive(master).sealing)


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
    """Not even in the version or the nonce."""
    sealed = bytearray(vault().seal(b"words", "outbox", ANN))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8

    with pytest.raises(UnreadableError):
        vault().open(bytes(sealed), "outbox", ANN)


@given(st.binary(max_size=60))
def test_junk_does_not_open(junk: bytes) -> None:
    """Empty and cut-off bytes included."""
    with pytest.raises(UnreadableError):
        vault().open(junk, "outbox", ANN)


def test_another_key_opens_nothing() -> None:
    """The key is all that is needed, and needed."""
    sealed = vault().seal(b"words", "outbox", ANN)

    with pytest.raises(UnreadableError):
        vault(b"x" * 32).open(sealed, "outbox", ANN)


def test_the_same_words_never_look_the_same_twice() -> None:
    """Whoever watches the database cannot tell that somebody gave the same answer again."""
    assert len({vault().seal(b"words", "outbox", ANN) for _ in range(100)}) == 100


def test_every_purpose_has_a_key_of_its_own() -> None:
    """Derived once and for all: a change here would make every stored row unreadable."""
    keys = Keys.derive(MASTER)

    assert len({keys.pseudonym, keys.sealing, MASTER}) == 3
    assert keys.pseudonym.hex() == KNOWN_PSEUDONYM_KEY
    assert keys.sealing.hex() == KNOWN_SEALING_KEY
    assert keys.pseudonym.hex() not in repr(keys)
    assert repr(keys) == "Keys()"


def test_a_pseudonym_is_known_and_stays_the_same() -> None:
    """The key of a row may never change, or nobody would find their conversation again."""
    names = Pseudonyms(bytes(32), "line")

    assert names.person("U" + "0" * 32).hex() == "c0acfbed7da2ea075ca43d512b7f6625"
    assert event_key("01J000000000000000000000").hex() == "71382e63d150c828736de6d6e3dd8cba"


def test_people_places_and_channels_are_kept_apart() -> None:
    """The same id means somebody else elsewhere."""
    here, there = Pseudonyms(bytes(32), "one"), Pseudonyms(bytes(32), "two")
    other = Pseudonyms(bytes(31) + b"1", "one")

    assert len({here.person("X"), here.place("X"), there.person("X"), other.person("X")}) == 4


@given(st.text(), st.text())
def test_no_id_is_too_odd_for_a_pseudonym(one: str, two: str) -> None:
    """Lone surrogates and zero bytes too; different ids stay different."""
    names = Pseudonyms(bytes(32))

    assert len(names.person(one)) == 16
    assert (names.person(one) == names.person(two)) == (one == two)
    assert (event_key(one) == event_key(two)) == (one == two)


def test_a_lone_surrogate_has_a_pseudonym() -> None:
    """JSON can carry one; UTF-8 cannot."""
    assert len(Pseudonyms(bytes(32)).person("\ud800")) == 16


def test_a_letter_opens_only_as_the_answer_it_is() -> None:
    """Neither as another number nor as the answer to another event."""
    letter = Letter("token", [{"type": "text", "text": "言葉"}])
    sealed = letter.sealed(vault(), ANN, 3, event_key("one"))

    assert unsealed(vault(), sealed, ANN, 3, event_key("one")) == letter
    for seq, event in ((4, "one"), (3, "two")):
        with pytest.raises(UnreadableError):
            unsealed(vault(), sealed, ANN, seq, event_key(event))
    assert "token" not in repr(letter)
