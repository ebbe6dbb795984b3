"""The flow, worked out once a minute for everybody in the same place: same results, no memory."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import millis
from bot.engine.flow import Flow, LostError, Turn
from bot.line.postback import decode
from bot.line.speak import Wording, speak
from bot.store.rules import MINUTE
from content.catalog import Catalog, load
from flows.conversation import Conversation, Event, Followed, NewerError, Pressed, Say, Sent, Typed
from flows.step import step as withdrawal
from tests.engine import standin
from tests.engine.made import START, step

NOON = millis(START)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The real content."""
    return load()


def real(catalog: Catalog, most: int) -> Flow:
    """The real flow in the real words, remembering up to *most* turns."""

    def stepped(
        conversation: Conversation, event: Event, now: datetime
    ) -> tuple[Conversation | None, Sequence[Say]]:
        return withdrawal(conversation, event, catalog, now)

    return Flow(stepped, partial(speak, wording=Wording(alt_text="ご案内")), most)


def buttons(messages: Any) -> Iterator[Pressed]:
    """Every press that *messages* offer."""
    if isinstance(messages, dict):
        if messages.get("type") == "postback":
            press = decode(messages["data"])
            assert press
            yield press
        messages = list(messages.values())
    if isinstance(messages, list):
        for part in messages:
            yield from buttons(part)


ODD: list[Event] = [
    Followed(), Sent("sticker"), Sent("hologram"), Sent("unknown_button"),
    Typed("戻る"), Typed("状況"), Typed("最初から"), Typed("データを消す"), Typed("はい"),
    Typed("薬キャリ"), Typed("キャリトレ"), Typed("1"), Typed("ひみつ👩‍👩‍👧 \0"), Typed(""),
    Typed("半分\ud83d"),
    Pressed("", "choosing_service", "choose", "no-such-service", 7), Pressed("", "", "", "", -1),
]  # fmt: skip
WHAT = st.integers(0, 10**6)  # the button of that number on the screen, or something odd


@given(st.lists(st.tuples(WHAT, st.integers(0, 90)), min_size=1, max_size=12))
@settings(max_examples=120, deadline=None)
def test_remembering_changes_nothing(catalog: Catalog, walk: list[tuple[int, int]]) -> None:
    """Any walk through the real content: the same states, the same messages, byte for byte."""
    fresh, remembering = real(catalog, 0), SHARED.setdefault("flow", real(catalog, 40))
    state: bytes | None = None
    screen: list[Pressed] = []
    now = NOON
    for number, seconds in walk:
        now += seconds * 1000
        whole: list[Event] = [*screen, *ODD]
        event = whole[number % len(whole)]

        expected = fresh.turn(state, event, now)

        assert remembering.turn(state, event, now) == expected
        assert remembering.turn(state, event, now) == expected, "and once more, from memory"
        state = expected.state
        screen = list(buttons(orjson.loads(expected.messages)))


SHARED: dict[str, Flow] = {}
"""One flow for all the walks: what one person did is what the next one meets."""


class Counted:
    """The stand-in flow, counting how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(
        self, conversation: Conversation, event: Event, now: datetime
    ) -> tuple[Conversation | None, Sequence[Say]]:
        self.asked += 1
        return step(conversation, event, now)


def test_a_turn_is_worked_out_once_a_minute() -> None:
    """The second's turn is not the minute's: what it is told is the minute, always."""
    counted = Counted()
    flow = Flow(counted, standin.say)

    first = flow.turn(None, Typed("やあ"), NOON)
    again = flow.turn(None, Typed("やあ"), NOON + 59_000)
    assert (counted.asked, first) == (1, again)

    flow.turn(None, Typed("やあ"), NOON + MINUTE)
    assert counted.asked == 2
    flow.turn(None, Typed("やあ"), NOON)  # a clock set back
    assert counted.asked == 3


def test_the_moment_a_flow_hears_has_no_seconds() -> None:
    """With memory or without: or the two would differ in what is remembered as last seen."""
    for most in (0, 10):
        turn = Flow(step, standin.say, most).turn(None, Typed("やあ"), NOON + 42_007)
        assert turn.state
        assert orjson.loads(turn.state)["last_seen"] == START.isoformat()


@pytest.mark.parametrize(
    "other",
    [
        (None, Typed("やあ!")),
        (None, Sent("やあ")),
        (None, Pressed("", "", "やあ")),
        (b"", Typed("やあ")),
        (b'{"v":1}', Typed("やあ")),
    ],
)
def test_only_the_same_is_the_same(other: tuple[bytes | None, Event]) -> None:
    """Another word, another kind of event, another conversation: worked out for itself."""
    counted = Counted()
    flow = Flow(counted, standin.say)
    flow.turn(None, Typed("やあ"), NOON)

    try:
        flow.turn(*other, NOON)
    except LostError:
        return  # read, and found to be no conversation: not the remembered turn either

    assert counted.asked == 2


def test_what_is_remembered_is_bounded() -> None:
    """A flood of strangers' words costs a fixed amount of memory and never an answer."""
    flow = Flow(step, standin.say, most=50)
    for number in range(1_000):
        turn = flow.turn(None, Typed(f"{number}"), NOON)
        assert orjson.loads(turn.messages)[0]["text"] == f"1:{number}"
        assert len(flow._turns) <= 50


def test_no_words_stay_in_memory() -> None:
    """What somebody typed is kept in no form one could read; nor is it in the answer here."""
    secret = f"c4nary{random.Random(7).getrandbits(64)}"

    def silent(conversation: Conversation, event: Event, now: datetime) -> Any:
        return Conversation(turn=1), [Say("x", "はい")]

    flow = Flow(silent, standin.say)
    flow.turn(None, Typed(secret + "!"), NOON)
    [(key, turn)] = flow._turns.items()

    assert secret.encode() not in key
    assert len(key) == 16
    assert isinstance(turn, Turn)
    del key, turn
    gc.collect()
    kept = [thing for thing in gc.get_objects() if isinstance(thing, Typed)]
    assert all(secret not in typed.text for typed in kept)
    other = Flow(silent, standin.say)
    other.turn(None, Typed(secret + "!"), NOON)
    assert other._turns.keys() != flow._turns.keys(), "the digest's key is this process's own"


def test_what_fails_is_not_remembered() -> None:
    """The next try may succeed."""
    fails = iter([True, False])

    def shaky(conversation: Conversation, event: Event, now: datetime) -> Any:
        if next(fails):
            raise MemoryError
        return step(conversation, event, now)

    flow = Flow(shaky, standin.say)
    with pytest.raises(MemoryError):
        flow.turn(None, Typed("やあ"), NOON)

    assert flow.turn(None, Typed("やあ"), NOON).count == 1


def test_forgetting_says_so_and_counts_its_words() -> None:
    """No state, but an answer."""
    turn = Flow(step, standin.say).turn(None, Typed("消して"), NOON)

    assert (turn.state, turn.count) == (None, 1)


@pytest.mark.parametrize("state", [b"", b"\xff", b"[]", b"null", b"{}", b'{"v":0}', b'{"v":1}'])
def test_what_is_no_conversation_is_lost(state: bytes) -> None:
    """Told apart from a fault of the flow, which leaves the conversation alone."""
    with pytest.raises(LostError):
        Flow(step, standin.say).turn(state, Typed("やあ"), NOON)


def test_what_a_newer_program_wrote_is_not_lost() -> None:
    """Only it may go on."""
    newer = orjson.dumps({**Conversation().to_json(), "v": 2, "what": "nobody knows yet"})

    with pytest.raises(NewerError):
        Flow(step, standin.say).turn(newer, Typed("やあ"), NOON)
