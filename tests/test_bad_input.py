"""Whatever arrives at the webhook, the next person is answered."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from bot.simulator import envelope, happenings
from bot.simulator.session import Session

MUTANTS, UNSIGNED = 200, 50
SEED = 20_261_122

ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, 2**70, 1.5, "", "\x00", "\ud800", "x" * 5_001, [], {}, [[[[]]]],
    {"type": "hologram"}, float("inf"),
)  # fmt: skip


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The real app with the real flow."""
    with Session() as running:
        yield running


def mutated(body: bytes, dice: random.Random) -> bytes:
    """*body* with something wrong in it: a value, a key, a missing or doubled part, a torn end."""
    data = json.loads(body)
    places = [(data, key) for key in data]
    for event in data["events"]:
        places += [(event, key) for key in event]
        places += [(part, key) for part in event.values() if isinstance(part, dict) for key in part]
    holder, key = dice.choice(places)
    match dice.randrange(6):
        case 0:
            del holder[key]
        case 1:
            holder[key] = dice.choice(ODD_VALUES)
        case 2:
            holder[f"{key}x"] = holder.pop(key)
        case 3:
            data["events"] = dice.choice(ODD_VALUES)
        case 4:
            data["events"].append(copy.deepcopy(dice.choice(ODD_VALUES)))
        case _:
            torn = json.dumps(data).encode()
            return torn[: dice.randrange(len(torn))]
    return json.dumps(data).encode()


def test_odd_bodies_are_accepted_and_the_next_event_is_answered(session: Session) -> None:
    """Two hundred signed bodies, each broken in its own way: 200, and no neighbour is lost."""
    dice = random.Random(SEED)
    stranger, hanako = session.person("stranger"), session.person("hanako")
    hanako.follow()
    for number in range(MUTANTS):
        kind = dice.choice([happenings.text("薬キャリ", session.mint), happenings.follow()])
        event = session.event(kind, envelope.person(stranger.id), stranger.id)
        session.line.tokens.issue(event["replyToken"], stranger.id)
        body = mutated(envelope.body(session.destination, [event]), dice)
        signature = session.sign(body)

        assert session.post(body, signature) == 200, (number, body)
        turn = hanako.say("ヘルプ")
        assert turn.status == 200
        assert hanako.answer[0].say_id == "help", number


def test_an_odd_event_harms_no_neighbour_in_its_own_body(session: Session) -> None:
    """Good, odd, good in one body: both good ones are answered."""
    taro, jiro = session.person("taro"), session.person("jiro")
    for odd in ODD_VALUES:
        events = [
            session.event(happenings.text("ヘルプ", session.mint), envelope.person(who.id), who.id)
            for who in (taro, jiro)
        ]
        for event, who in zip(events, (taro, jiro), strict=True):
            session.line.tokens.issue(event["replyToken"], who.id)
        before = len(taro.seen), len(jiro.seen)
        three = {"destination": session.destination, "events": [events[0], odd, events[1]]}
        body = json.dumps(three).encode()

        assert session.post(body, session.sign(body)) == 200
        session.settle()
        assert len(taro.seen) > before[0], odd
        assert len(jiro.seen) > before[1], odd


def test_unsigned_bodies_are_turned_away_and_leave_nothing(session: Session) -> None:
    """Fifty with a missing, wrong or odd signature: 401, and nobody is answered."""
    dice = random.Random(SEED)
    nobody = session.person("nobody")
    for number in range(UNSIGNED):
        event = session.event(
            happenings.text("薬キャリ", session.mint), envelope.person(nobody.id), nobody.id
        )
        body = envelope.body(session.destination, [event])
        right = session.sign(body)
        wrong = dice.choice([None, "", right[:-1], right.swapcase(), f" {right}x", "A" * 44])

        assert session.post(body, wrong) == 401, (number, wrong)
    session.settle()
    assert not nobody.seen
