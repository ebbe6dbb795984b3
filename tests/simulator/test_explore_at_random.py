"""Two people do anything in any order, through the real webhook, while LINE has its troubles.

What is found shrinks to a short talk, which is printed as it would be saved in tests/talks.
`tests/flows/test_random_talk.py` does the same to the flow alone, with forged buttons.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from bot.simulator.explore.invariants import Invariants
from bot.simulator.journal import Turn
from bot.simulator.session import Session
from bot.simulator.talk.record import talk
from content.catalog import Catalog
from flows.conversation import Conversation, Event, Say, Typed
from flows.step import step
from tests.flows.chat import NOON

pytestmark = pytest.mark.usefixtures("soon_again")

PEOPLE = ("hanako", "taro")
WHO = st.sampled_from(PEOPLE)
WORDS = st.sampled_from(
    ["薬キャリ", "キャリトレ", "その他", "戻る", "最初から", "状況", "ヘルプ", "データを消す",
     "はい", "いいえ", "わからない", "次へ", "1", "3番", "退会", "個人情報を消したい", "m3",
     "ほげ", "090-1234-5678", "🙂", "アポプラスとハタラクティブ"]
)  # fmt: skip
FAULTS = st.sampled_from(["500", "500-after", "reset", "reset-after"])
"""Those after which the next attempt comes soon; the slow ones are in the layer of troubles."""


class Life(RuleBasedStateMachine):
    """Two people of one session, and a LINE that may fail."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.line.faults.clear()
        self.people = {name: session.newcomer(name) for name in PEOPLE}
        self.judge = Invariants(session)

    @rule(who=WHO, which=st.integers(0, 10_000))
    def taps(self, who: str, which: int) -> None:
        """Any button on the screen, of whatever age; the newest first."""
        person = self.people[who]
        there = [found for found in person.tappable() if found[1].kind == "postback"]
        if there:
            self.done(who, person.press(*there[which % len(there)]))

    @rule(who=WHO, words=WORDS)
    def says(self, who: str, words: str) -> None:
        """Something is written."""
        self.done(who, self.people[who].say(words))

    @rule(who=WHO, kind=st.sampled_from(["sticker", "image", "hologram"]))
    def sends(self, who: str, kind: str) -> None:
        """Something that is no text."""
        self.done(who, self.people[who].send(kind))

    @rule(who=WHO)
    def blocks_and_comes_back(self, who: str) -> None:
        """Everything is forgotten, and the list of services is there again."""
        person = self.people[who]
        self.done(who, person.unfollow())
        self.done(who, person.follow())

    @precondition(lambda self: any(person.done for person in self.people.values()))
    @rule(who=WHO, marked=st.booleans())
    def is_delivered_again(self, who: str, marked: bool) -> None:
        """LINE repeats what it brought, and says so or not."""
        person = self.people[who]
        if person.done:
            self.done(who, person.redeliver() if marked else person.duplicate())

    @rule(fault=FAULTS)
    def line_will_fail(self, fault: str) -> None:
        """The next answer is struck, whoever's it is."""
        self.session.line.faults.inject(fault)

    @rule(hours=st.sampled_from([1, 7, 30 * 24]))
    def time_passes(self, hours: int) -> None:
        """An hour, an evening, a month."""
        self.session.wait(timedelta(hours=hours))

    def done(self, who: str, turn: Turn | None) -> None:
        """*who* did something: all rules hold, or here is the talk that breaks them."""
        broken = self.judge.broken(turn) if turn else []
        if broken:
            written = talk("・".join(broken), self.people[who].done)
            raise AssertionError(f"{who}: {'、'.join(broken)}\n\n{written}")


def life_in(session: Session) -> type[Life]:
    """`Life` as Hypothesis wants it: a class that needs nothing to begin."""

    class Here(Life):
        def __init__(self) -> None:
            super().__init__(session)

    return Here


@pytest.fixture(scope="module")
def running(catalog: Catalog) -> Iterator[Session]:
    """The real app with the real flow."""
    with Session(catalog=catalog, start=NOON, seed=1) as session:
        yield session


def test_no_rule_is_broken_whatever_two_people_do(running: Session) -> None:
    """The same talks each time, so that whoever breaks one sees it fail again."""
    run_state_machine_as_test(
        life_in(running),
        settings=settings(max_examples=20, stateful_step_count=25, deadline=None, derandomize=True),
    )


def silent_at_times(
    before: Conversation, event: Event, catalog: Catalog, now: datetime
) -> tuple[Conversation | None, list[Say]]:
    """A flow that does not answer words once a service was chosen."""
    after, says = step(before, event, catalog, now)
    return after, [] if isinstance(event, Typed) and before.service else says


def test_what_is_found_shrinks_to_a_short_talk(catalog: Catalog) -> None:
    """A planted silence: two deeds are enough to meet it, and no more are written down."""
    with (
        Session(catalog=catalog, start=NOON, step=silent_at_times) as session,
        pytest.raises(AssertionError, match="返事がありません") as found,
    ):
        run_state_machine_as_test(
            life_in(session),
            settings=settings(
                max_examples=100, stateful_step_count=10, deadline=None, derandomize=True,
                print_blob=False,
            ),
        )  # fmt: skip

    _, written = str(found.value).split("\n\n", 1)
    assert written.startswith("talk: ")
    deeds = [line for line in written.splitlines() if line.startswith(("  - say:", "  - tap:"))]
    assert len(deeds) == 2
    assert "bot: nothing" in written
