"""A new master key: everybody is found again, and nothing of the old key is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.keys import KeyRing
from bot.engine.pseudonym import Pseudonyms, event_key
from bot.engine.rekey import Resealer
from bot.engine.vault import CONVERSATION, DEFERRED, OUTBOX, UnreadableError, Vault, answer_row
from bot.store.port import Reseal

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
EVENT = event_key("one")


class Rotation:
    """One person before, during and after the change of the master key."""

    def __init__(self) -> None:
        before, during, after = (KeyRing.of(keys) for keys in ([OLD], [NEW, OLD], [NEW]))
        names = Pseudonyms(during)
        [self.old_key] = names.earlier("U1")
        self.new_key = names.person("U1")
        self.before, self.during, self.after = Vault(before), Vault(during), Vault(after)
        self.reseal: Reseal = Resealer(self.during, self.old_key, self.new_key)


Moved = Callable[[Reseal, bytes], bytes]
KINDS: list[tuple[str, bytes, Moved]] = [
    (CONVERSATION, b"", lambda reseal, sealed: reseal.state(sealed)),
    (OUTBOX, answer_row(3, EVENT), lambda reseal, sealed: reseal.letter(sealed, 3, EVENT)),
    (DEFERRED, EVENT, lambda reseal, sealed: reseal.event(sealed, EVENT)),
]
BY_TABLE = pytest.mark.parametrize(("table", "row", "moved"), KINDS, ids=[k[0] for k in KINDS])


@BY_TABLE
@given(plain=st.binary())
def test_what_was_kept_is_read_under_the_new_key_alone(
    table: str, row: bytes, moved: Moved, plain: bytes
) -> None:
    """In the same place, by the new name, with the old key gone."""
    change = Rotation()
    sealed = change.before.seal(plain, table, change.old_key, row)

    resealed = moved(change.reseal, sealed)

    assert change.after.open(resealed, table, change.new_key, row) == plain
    with pytest.raises(UnreadableError):
        change.before.open(resealed, table, change.old_key, row)


@BY_TABLE
def test_what_cannot_be_read_is_not_moved(table: str, row: bytes, moved: Moved) -> None:
    """Damaged, somebody else's, another place's, or sealed with a key that is gone."""
    change = Rotation()
    good = change.before.seal(b"words", table, change.old_key, row)
    elsewhere = change.before.seal(b"words", "elsewhere", change.old_key, row)
    somebody = change.before.seal(b"words", table, b"b" * 16, row)
    lost = Vault(KeyRing.of([bytes(range(2, 34))])).seal(b"words", table, change.old_key, row)

    for sealed in (good[:-1], good + b"x", elsewhere, somebody, lost, b""):
        with pytest.raises(UnreadableError):
            moved(change.reseal, sealed)


def test_an_answer_moves_as_the_answer_it_is() -> None:
    """Neither as another number nor as the answer to another event."""
    change = Rotation()
    sealed = change.before.seal(b"words", OUTBOX, change.old_key, answer_row(3, EVENT))

    for seq, event in ((4, EVENT), (3, event_key("two"))):
        with pytest.raises(UnreadableError):
            change.reseal.letter(sealed, seq, event)


def test_two_nodes_with_the_ring_in_either_order_understand_each_other() -> None:
    """While nodes are replaced one by one, each moves a person to the key it calls current."""
    ahead, behind = KeyRing.of([NEW, OLD]), KeyRing.of([OLD, NEW])
    person = Pseudonyms(ahead).person("U1"), Pseudonyms(behind).person("U1")
    assert Pseudonyms(ahead).earlier("U1") == [person[1]]
    assert Pseudonyms(behind).earlier("U1") == [person[0]]
    sealed = Vault(behind).seal(b"words", CONVERSATION, person[1])

    there = Resealer(Vault(ahead), person[1], person[0]).state(sealed)
    back = Resealer(Vault(behind), person[0], person[1]).state(there)

    assert Vault(KeyRing.of([OLD])).open(back, CONVERSATION, person[1]) == b"words"
