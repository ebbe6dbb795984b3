"""What is put away to be decided on later comes back as it was, and from nowhere else."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.parcel import packed, unpacked
from bot.engine.vault import CONVERSATION, DEFERRED, UnreadableError
from bot.line.heard import Heard, Joined, Left
from flows.conversation import Event, Followed, Pressed, Sent, Typed
from tests.engine.made import ANN, BEN, VAULT

KEY = b"e" * 16
AT = 1_795_000_000_000

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Followed),
    st.builds(Typed, WORDS),
    st.builds(Sent, WORDS),
    st.builds(Pressed, WORDS, WORDS, WORDS, WORDS, st.integers(0, 10**6)),
)
ITEMS: st.SearchStrategy[Heard | Joined | Left] = st.one_of(
    st.builds(Heard, st.just(""), st.just(AT), st.just(False), WORDS, WORDS, EVENTS),
    st.builds(Joined, st.just(""), st.just(AT), WORDS, WORDS),
    st.builds(Left, st.just(""), st.just(AT), WORDS),
)


@given(ITEMS)
def test_every_kind_of_event_comes_back_as_it_was(item: Heard | Joined | Left) -> None:
    """But for its id, which is kept beside it as a hash."""
    parcel = packed(item, VAULT, ANN, KEY)

    assert unpacked(parcel, AT, VAULT, ANN, KEY) == item


def test_nothing_can_be_read_off_a_parcel() -> None:
    """Neither who, nor the words, nor the token."""
    item = Heard("id", AT, False, "Uc4nary", "c4nary-token", Typed("c4nary words"), "c4nary-id")

    assert b"c4nary" not in packed(item, VAULT, ANN, KEY)


@pytest.mark.parametrize(("who", "key"), [(BEN, KEY), (ANN, b"f" * 16)])
def test_a_parcel_opens_in_its_own_place_only(who: bytes, key: bytes) -> None:
    """Moved to another person or another event it is nobody's."""
    parcel = packed(Left("", AT, "Ann"), VAULT, ANN, KEY)

    with pytest.raises(UnreadableError):
        unpacked(parcel, AT, VAULT, who, key)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'["heard"]',
        b'["heard","Ann","token",["Flew"]]',
        b'["heard","Ann","token",["Typed"]]',
        b'["heard","Ann","token",["Typed","a","b"]]',
        b'["heard","Ann","token",[]]',
        b'["left","Ann","again"]',
        b"\xff",
        orjson.dumps({"heard": 1}),
    ],
)
def test_a_parcel_that_holds_something_else_is_unreadable(content: bytes) -> None:
    """Of a newer program, perhaps: never a fault that stops the rest."""
    parcel = VAULT.seal(content, DEFERRED, ANN, KEY)

    with pytest.raises(UnreadableError):
        unpacked(parcel, AT, VAULT, ANN, KEY)


def test_what_was_sealed_for_another_table_is_no_parcel() -> None:
    """A conversation in its place opens nothing."""
    sealed = VAULT.seal(b'["left","Ann"]', CONVERSATION, ANN, KEY)

    with pytest.raises(UnreadableError):
        unpacked(sealed, AT, VAULT, ANN, KEY)
