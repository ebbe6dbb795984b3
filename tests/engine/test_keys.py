"""Keys and names: derived once and for all, and no two alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.keys import KeyRing, Keys
from bot.engine.pseudonym import Pseudonyms, event_key, message_key

MASTER = bytes(range(32))
NEXT = bytes(range(1, 33))
KNOWN_PSEUDONYM_KEY = "b68aabaaf510579b2d941051b1f9cadf7de7418228a892827165cd62f411149f"
KNOWN_SEALING_KEY = "0c96e298160087222685e6122ed9afa7cc756c531ab805667672de8311446e4b"
KNOWN_ID = "1ee3c0d3"
PERSON = "U" + "0" * 32
KNOWN_PERSON = "e727115a4662e776cc931621cf805422"


def names(*masters: bytes, channel: str = "line") -> Pseudonyms:
    return Pseudonyms(KeyRing.of(masters or (MASTER,)), channel)


def test_every_purpose_has_a_key_of_its_own() -> None:
    """Derived once and for all: a change here would make every stored row unreadable."""
    keys = Keys.derive(MASTER)

    assert len({keys.pseudonym, keys.sealing, MASTER}) == 3
    assert keys.pseudonym.hex() == KNOWN_PSEUDONYM_KEY
    assert keys.sealing.hex() == KNOWN_SEALING_KEY
    assert keys.id.hex() == KNOWN_ID


def test_no_key_shows_when_written_out() -> None:
    """Only the public names do."""
    ring = KeyRing.of([MASTER, NEXT])

    for keys in ring.all:
        for secret in (keys.pseudonym, keys.sealing):
            assert secret.hex() not in repr(ring)
            assert repr(secret) not in repr(ring)
    assert repr(ring.current) == f"Keys(id={ring.current.id!r})"


def test_the_first_key_of_a_ring_is_the_current_one() -> None:
    """The others follow in their order."""
    ring = KeyRing.of([NEXT, MASTER])

    assert ring.current == Keys.derive(NEXT)
    assert ring.earlier == (Keys.derive(MASTER),)
    assert ring.all == (Keys.derive(NEXT), Keys.derive(MASTER))


def test_a_ring_without_a_key_is_refused() -> None:
    """It could neither seal nor open."""
    with pytest.raises(ValueError, match="at least one"):
        KeyRing.of([])


def test_a_pseudonym_is_known_and_stays_the_same() -> None:
    """The key of a row may never change, or nobody would find their conversation again."""
    assert names().person(PERSON).hex() == KNOWN_PERSON
    assert event_key("01J000000000000000000000").hex() == "71382e63d150c828736de6d6e3dd8cba"
    assert message_key("468789577898262530").hex() == "e0e30b15adfb9af3cf341526d0421295"


def test_people_places_and_channels_are_kept_apart() -> None:
    """The same id means somebody else elsewhere; the channel itself is nobody."""
    here, there = names(channel="one"), names(channel="two")
    other = names(NEXT, channel="one")
    found = [
        name
        for which in (here, there, other)
        for name in (which.person("X"), which.place("X"), which.person(""), which.channel())
    ]

    assert len(set(found)) == 12


def test_an_earlier_name_is_the_one_the_earlier_key_gave() -> None:
    """Of a person and of a place, in the order of the ring; none where there is one key."""
    third = bytes(range(2, 34))
    after = names(NEXT, MASTER, third)

    assert after.person("X") == names(NEXT).person("X")
    assert after.earlier("X") == [names(MASTER).person("X"), names(third).person("X")]
    assert after.earlier_places("X") == [names(MASTER).place("X"), names(third).place("X")]
    assert names(NEXT).earlier("X") == names(NEXT).earlier_places("X") == []


@given(st.text(), st.text())
def test_no_id_is_too_odd_for_a_key(one: str, two: str) -> None:
    """Lone surrogates and zero bytes too; different ids stay different, and so do kinds."""
    for make in (names().person, names().place, event_key, message_key):
        assert len(make(one)) == 16
        assert (make(one) == make(two)) == (one == two)
    assert event_key(one) != message_key(two)


def test_a_lone_surrogate_has_a_key() -> None:
    """JSON can carry one; UTF-8 cannot."""
    assert len({names().person("\ud800"), event_key("\ud800"), message_key("\ud800")}) == 3
