"""An answer that waits can be read only as the answer it is."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.keys import KeyRing
from bot.engine.letter import Letter, unsealed
from bot.engine.pseudonym import event_key
from bot.engine.rekey import Resealer
from bot.engine.vault import OUTBOX, UnreadableError, Vault, answer_row

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
ANN, BEN = b"a" * 16, b"b" * 16
EVENT = event_key("one")
MESSAGES = orjson.dumps([{"type": "text", "text": "言葉\n二行目"}])
LETTER = Letter("c4narytoken", MESSAGES, "Uc4nary", "c4nary-key")


def vault(*masters: bytes) -> Vault:
    return Vault(KeyRing.of(masters or (OLD,)))


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3), max_size=5),
    st.sampled_from([("", ""), ("U" + "0" * 32, "123e4567-e89b-42d3-a456-426614174000")]),
)
def test_a_letter_comes_out_as_it_went_in(
    token: str, messages: list[dict[str, str]], push: tuple[str, str]
) -> None:
    """Whatever its messages say; JSON keeps line breaks out of itself."""
    try:
        written = orjson.dumps(messages)
    except orjson.JSONEncodeError:  # a lone surrogate: no message of ours holds one
        return
    letter = Letter(token, written, *push)

    sealed = letter.sealed(vault(), ANN, 3, EVENT)

    assert unsealed(vault(), sealed, ANN, 3, EVENT) == letter


def test_a_letter_opens_only_as_the_answer_it_is() -> None:
    """Neither to somebody else, nor as another number, nor as the answer to another event."""
    sealed = LETTER.sealed(vault(), ANN, 3, EVENT)

    for who, seq, event in ((BEN, 3, EVENT), (ANN, 4, EVENT), (ANN, 3, event_key("two"))):
        with pytest.raises(UnreadableError):
            unsealed(vault(), sealed, who, seq, event)


def test_a_letter_shows_nothing_when_written_out() -> None:
    """Neither token nor words nor whose it is."""
    assert "c4nary" not in repr(LETTER)
    assert "言葉" not in repr(LETTER)
    assert b"c4nary" not in LETTER.sealed(vault(), ANN, 3, EVENT)


def test_a_letter_of_the_first_version_is_still_sent() -> None:
    """A server that is replaced may have left some behind; they knew no push."""
    plain = orjson.dumps(["token", [{"type": "text", "text": "言葉"}]])
    sealed = vault().seal(plain, OUTBOX, ANN, answer_row(3, EVENT))

    letter = unsealed(vault(), sealed, ANN, 3, EVENT)

    assert (letter.reply_token, letter.to, letter.retry_key) == ("token", "", "")
    assert orjson.loads(letter.messages) == [{"type": "text", "text": "言葉"}]


@pytest.mark.parametrize(
    "plain",
    [b"", b"\n", b"null", b"[1]", b"{}\n[]", b'["a","b"]\n[]', b"\xff\n[]", b'["a"'],
    ids=repr,
)
def test_what_is_no_letter_is_unreadable(plain: bytes) -> None:
    """Sealed by us and odd all the same: never an error that stops the others."""
    sealed = vault().seal(plain, OUTBOX, ANN, answer_row(3, EVENT))

    with pytest.raises(UnreadableError):
        unsealed(vault(), sealed, ANN, 3, EVENT)


def test_a_letter_survives_the_change_of_the_master_key() -> None:
    """Moved to the new name, it is read with the new key alone."""
    sealed = LETTER.sealed(vault(OLD), ANN, 3, EVENT)

    moved = Resealer(vault(NEW, OLD), ANN, BEN).letter(sealed, 3, EVENT)

    assert unsealed(vault(NEW), moved, BEN, 3, EVENT) == LETTER
