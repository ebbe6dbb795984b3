"""Jumping: every state there is can be reached, by deeds anybody could do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.simulator.jump import NoWayError, jump, shortest
from bot.simulator.session import Session
from content.catalog import Catalog
from flows.withdrawal import TABLE


@pytest.fixture(scope="module")
def real(catalog: Catalog) -> Iterator[Session]:
    """A session with the real flow."""
    with Session(catalog=catalog, seed=3) as session:
        yield session


@pytest.mark.parametrize("state", TABLE.states)
def test_every_state_can_be_jumped_to(real: Session, state: str) -> None:
    """The person stands there afterwards, and every deed was answered."""
    person = jump(real, "jumper", state)

    assert person.state == state
    assert all(done.turn is not None and done.turn.status == 200 for done in person.done)
    assert person.answer


def test_the_way_is_the_shortest(real: Session) -> None:
    """One deed a press, and the follow before them."""
    path = shortest(real.catalog, "yakukyari", "checking_reward", real.clock.now())

    person = jump(real, "jumper", "checking_reward", "yakukyari")

    assert path is not None
    assert [press.trigger for press in path] == ["choose", "deny"]
    assert [done.deed.value for done in person.done] == [None, "薬キャリ", "ない"]


def test_a_name_that_needs_asking_back_is_written(real: Session) -> None:
    """No button leads there, only the name itself."""
    person = jump(real, "jumper", "telling_apart", "yakukyari")

    assert person.state == "telling_apart"
    assert person.done[-1].deed.name == "say"


def test_where_there_is_no_way_it_is_said(real: Session) -> None:
    """A state the service does not have, a state and a service there are not; nobody appears."""
    people = len(real.people)

    with pytest.raises(
        NoWayError, match=r"「特典の確認」（checking_reward）には、アポプラス薬剤師"
    ):
        jump(real, "nobody", "checking_reward", "apoplus")
    with pytest.raises(NoWayError, match=r"「nowhere」という状態はありません.*finishing"):
        jump(real, "nobody", "nowhere")
    with pytest.raises(NoWayError, match=r"「nobody」というサービスはありません.*yakukyari"):
        jump(real, "nobody", "finishing", "nobody")

    assert len(real.people) == people
