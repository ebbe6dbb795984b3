"""Anything, in any order, by two people at once: no error, no dead end, nothing that grows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.catalog import Catalog
from flows.conversation import Pressed
from flows.step import MOST_SAYS
from flows.withdrawal import TABLE
from tests.flows.catalogs import without_method, without_service
from tests.flows.chat import Chat

WORDS = [
    "戻る", "最初から", "状況", "ヘルプ", "データを消す", "はい", "いいえ", "わからない", "次へ",
    "完了した", "1", "2", "3番", "１２", "あおぞらスカウト", "ミドリナビ", "ほしワークス",
    "あおぞらアイディー", "みどりナビとほしワークス", "その他", "個人情報を消したい", "死にたい",
    "090-1234-5678", "taro@mail.example", "こんにちは", "退会", "", " ", "{service}", "%s", "🙂",
]  # fmt: skip
STATES = [*TABLE.states, "no_such_state", ""]
TRIGGERS = [*sorted({row.trigger for row in TABLE.rows}), "back", "change", "agree", "no_such"]
SLUGS = ["", "aozora-scout", "midori-navi", "hoshi-works", "other", "no-such-service"]
ARGUMENTS = [
    "", "0", "1", "99", "mail", "form", "resting", "aozora-scout", "aozora-scout/aozora_id",
    "midori-navi+hoshi-works", "/", "+", "giving_reason", "timing", "aozora-mail",
]  # fmt: skip

Act = Callable[[Chat], object]


def tap_shown(index: int) -> Act:
    """Tap a button of the last reply."""
    return lambda chat: chat.press(chat.button(chat.buttons[index % len(chat.buttons)]))


def tap_old(index: int) -> Act:
    """Tap any button ever shown to this person."""
    return lambda chat: chat.press(chat.shown[index % len(chat.shown)].press)


def tap_forged(pressed: Pressed) -> Act:
    """Tap a button nobody made."""
    return lambda chat: chat.press(pressed)


def type_words(text: str) -> Act:
    """Type something."""
    return lambda chat: chat.type(text)


def send(kind: str) -> Act:
    """Send something that is not text."""
    return lambda chat: chat.send(kind)


def wait(hours: int) -> Act:
    """Come back later."""

    def later(chat: Chat) -> None:
        chat.now += timedelta(hours=hours)

    return later


def rewrite(change: Callable[[Catalog], Catalog]) -> Act:
    """Have the content changed, or changed back, by the next release."""

    def released(chat: Chat) -> None:
        chat.catalog = change(chat.catalog)

    return released


ACTS: st.SearchStrategy[Act] = st.one_of(
    st.integers(0, 20).map(tap_shown),
    st.integers(0, 20).map(tap_shown),
    st.integers(0, 400).map(tap_old),
    st.sampled_from(WORDS).map(type_words),
    st.text(max_size=30).map(type_words),
    st.sampled_from(["sticker", "image", "video", "hologram"]).map(send),
    st.integers(1, 100).map(wait),
    st.just(lambda chat: chat.follow()),
    st.builds(
        Pressed,
        st.sampled_from(SLUGS),
        st.sampled_from(STATES),
        st.sampled_from(TRIGGERS),
        st.sampled_from(ARGUMENTS),
        st.integers(0, 99),
    ).map(tap_forged),
)


def holds(chat: Chat) -> None:
    """What is true of everybody at any time; `Chat.hear` has looked at the reply itself."""
    assert 0 < len(chat.says) <= MOST_SAYS
    for trail in chat.conversation.cases.values():
        states = [made.state for made in trail]
        assert len(states) == len(set(states))
        assert len(states) <= len(TABLE.states)
    assert len(chat.conversation.cases) <= len(chat.catalog.services) + 1
    assert len(chat.conversation.later) <= len(TABLE.states)
    assert len(json.dumps(chat.conversation.to_json())) < 5_000
    assert chat.state in TABLE.states


UNHURRIED = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@UNHURRIED
@given(acts=st.lists(st.tuples(st.booleans(), ACTS), min_size=10, max_size=40))
def test_two_people_can_do_anything_in_any_order(
    newcomer: Callable[[], Chat], acts: list[tuple[bool, Act]]
) -> None:
    """No error, one to five messages, a way on, a small memory; neither disturbs the other."""
    people = {True: newcomer(), False: newcomer()}
    for person in people.values():
        person.follow()
    for who, act in acts:
        person, other = people[who], people[not who]
        if person.forgotten:
            person.follow()
        waiting = other.conversation
        act(person)

        holds(person)
        assert other.conversation is waiting


@UNHURRIED
@given(
    before=st.lists(ACTS, min_size=5, max_size=15),
    gone=st.sampled_from(["aozora-scout", "midori-navi", "hoshi-works"]),
    after=st.lists(ACTS, max_size=10),
)
def test_a_release_in_the_middle_of_a_talk_breaks_nothing(
    newcomer: Callable[[], Chat], before: list[Act], gone: str, after: list[Act]
) -> None:
    """A service leaves the content and another loses a method, wherever somebody is."""
    chat = newcomer()
    chat.follow()
    release = rewrite(
        lambda catalog: without_method(without_service(catalog, gone), "other", "form")
    )
    for act in (*before, release, *after):
        if chat.forgotten:
            chat.follow()
        act(chat)

        holds(chat)


@UNHURRIED
@given(text=st.text(max_size=200))
def test_no_text_whatever_is_an_error_or_is_kept(newcomer: Callable[[], Chat], text: str) -> None:
    """Typed in the first question: answered, and not in the memory."""
    chat = newcomer()
    chat.start("aozora-scout")
    before = json.dumps(chat.conversation.to_json(), ensure_ascii=False)
    chat.type(text)

    holds(chat)
    kept = json.dumps(chat.conversation.to_json(), ensure_ascii=False)
    assert len(text) < 8 or text not in kept or text in before
