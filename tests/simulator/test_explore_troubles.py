"""The layer of troubles: a crowd through the real webhook, and what it finds wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.simulator.explore import troubles as layer_of_troubles
from bot.simulator.explore.crowd import Crowd, Member
from bot.simulator.explore.ground import Ground
from bot.simulator.explore.invariants import Invariants
from bot.simulator.explore.layer import Layer
from bot.simulator.explore.paths import Edge, edges, standing
from bot.simulator.explore.troubles import Trial
from bot.simulator.fake_line.faults import Fault
from bot.simulator.session import Session
from content.catalog import Catalog
from flows.conversation import Conversation, Event, Pressed, Say, Typed
from flows.step import step
from tests.flows.chat import NOON

SLUG = "careertrek"


@pytest.fixture(scope="module")
def some(catalog: Catalog) -> list[Edge]:
    """A few edges that come one after another, a word among them."""
    every = edges(catalog, Ground(catalog, NOON).arrivals(SLUG))
    return [every[place] for place in (0, 1, 4, 9)] + [
        edge for edge in every if edge.event == Typed(catalog.words.back[0])
    ][:2]


@pytest.fixture(scope="module")
def running(catalog: Catalog) -> Iterator[Session]:
    """The real app with the real flow."""
    with Session(catalog=catalog, start=NOON) as session:
        yield session


def unexpected(sentence: str, whose: Member | None) -> None:
    """No rule is to be broken here."""
    pytest.fail(sentence)


def test_every_edge_is_there_once(catalog: Catalog) -> None:
    """Each trigger of each state and each word, from a place where it is the question."""
    found = edges(catalog, Ground(catalog, NOON).arrivals(SLUG))

    pressed = {
        (edge.state, edge.event.trigger) for edge in found if isinstance(edge.event, Pressed)
    }
    arrivals = Ground(catalog, NOON).arrivals(SLUG)
    assert pressed == {
        (arrival.before, arrival.press.trigger) for arrival in arrivals if arrival.press
    }
    words = {(edge.state, edge.event) for edge in found if isinstance(edge.event, Typed)}
    assert len(words) == 4 * len({arrival.state for arrival in arrivals})


def test_the_shipped_app_bears_all_of_it(
    running: Session, some: list[Edge], soon_again: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything but the time-out, which takes five seconds, on a few edges."""
    quick = tuple(fault for fault in layer_of_troubles.STRIKES if "timeout" not in fault.value)
    monkeypatch.setattr(layer_of_troubles, "STRIKES", quick)
    layer = Layer("test")

    Trial(running, some, Invariants(running), layer).every_trouble()

    assert layer.faults == []
    assert layer.counts["試した回数"] == len(some) * (6 + len(quick))


def test_people_are_put_where_their_edge_begins(running: Session, some: list[Edge]) -> None:
    """The app remembers it, and nobody was told a word."""
    crowd = Crowd(running, some, Invariants(running), unexpected)
    crowd.stand()

    for member in crowd.members:
        assert standing(member.person.conversation) == standing(member.edge.place.conversation)
        assert member.person.seen == ()


def forgetful(
    before: Conversation, event: Event, catalog: Catalog, now: datetime
) -> tuple[Conversation | None, list[Say]]:
    """A flow whose answer depends on more than what it is given: later it says less."""
    after, says = step(before, event, catalog, now)
    return after, says[:1] if now > NOON + timedelta(hours=1) else says


def test_an_answer_that_differs_is_told_with_the_way_to_it(
    catalog: Catalog, some: list[Edge]
) -> None:
    """What arrives is held against what the shipped flow makes of the same edge."""
    layer = Layer("test")
    later = NOON + timedelta(hours=2)
    with Session(catalog=catalog, start=later, step=forgetful) as session:
        Trial(session, some[:2], Invariants(session, any_flow=True), layer).as_usual()

    assert layer.faults
    for fault in layer.faults:
        assert fault.startswith("届くはずの"), fault
        assert ": 何も起きない（" in fault
        assert "choosing_service choose" in fault


def test_a_fault_that_struck_nobody_is_told(running: Session, some: list[Edge]) -> None:
    """It would prove nothing."""
    layer = Layer("test")
    trial = Trial(running, some[:1], Invariants(running), layer)
    running.line.faults.inject(Fault.ERROR_AFTER, 3)
    trial._struck(Fault.ERROR)

    assert "返信が試されませんでした: LINEの障害 500" in layer.faults


def test_faults_of_a_layer_are_kept_once_and_added_up() -> None:
    """The first way to each stays."""
    one, other = Layer("試し"), Layer("試し")
    one.fault("だめ", "a > b")
    one.fault("だめ", "a > c")
    other.fault("だめ", "x")
    other.fault("もっとだめ")
    one.counts["回"] += 2
    other.counts["回"] += 3
    one.add(other.ended())

    assert one.faults == ["だめ（a > b）", "もっとだめ"]
    assert one.line().startswith("試し: 回 5、誤り 2（CPU ")
