"""Bringing people to places, with the real flow: jumps, deep links, and the map they go by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from flows.machine import ANYWHERE, SAME
from flows.withdrawal import TABLE

from .conftest import TOKEN, Running


@pytest.fixture
def client(real: Running) -> Iterator[httpx2.Client]:
    """Speaks as our page does."""
    headers = {"x-simulator-token": TOKEN}
    with httpx2.Client(base_url=real.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


def welcomed(client: httpx2.Client, **place: str) -> str:
    """The key of somebody new, who was brought to *place*."""
    answer = client.post("/people", json=place)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["person"])


def test_a_deep_link_brings_somebody_new_there(real: Running, client: httpx2.Client) -> None:
    """To a state of a service; with a service alone to its first question."""
    there = real.people.feed(welcomed(client, service="yakukyari", state="choosing_method")).person
    first = real.people.feed(welcomed(client, service="careertrek")).person

    assert (there.state, first.state) == ("choosing_method", "checking_selection")
    assert there.conversation is not None
    assert first.conversation is not None
    assert (there.conversation.service, first.conversation.service) == ("yakukyari", "careertrek")


def test_a_link_to_nowhere_says_so_and_brings_nobody(real: Running, client: httpx2.Client) -> None:
    """The sentence names what there is instead."""
    people = len(real.session.people)

    for place in ({"service": "nobody"}, {"state": "nowhere"}):
        answer = client.post("/people", json=place)
        assert answer.status_code == 409
        assert "ありません" in answer.json()["message"]
    assert client.post("/people", json={"service": 1}).status_code == 400

    assert len(real.session.people) == people


def test_a_jump_stays_in_the_service_in_hand(real: Running, client: httpx2.Client) -> None:
    """The same key, somebody new behind it, with a line that says how they came."""
    key = welcomed(client, service="yakukyari")
    before = real.people.feed(key).person

    answer = client.post(f"/people/{key}/jump", json={"state": "following_steps"})

    feed = real.people.feed(key)
    assert answer.status_code == 200
    assert feed.person is not before
    assert feed.person.state == "following_steps"
    assert feed.person.conversation is not None
    assert feed.person.conversation.service == "yakukyari"
    _, update = feed.since(-1)
    assert update["entries"][-1]["text"] == "「手順と文面」まで、いちばん短い道で進みました"
    assert {e["status"] for e in update["entries"] if e["who"] == "me"} == {"read"}
    assert len(update["turns"]) == len(feed.person.done)


def test_a_jump_without_a_way_needs_force(real: Running, client: httpx2.Client) -> None:
    """Refused, nothing moves; with force it is another service."""
    key = welcomed(client, service="apoplus")
    jump: dict[str, Any] = {"state": "checking_reward", "service": "apoplus"}

    refused = client.post(f"/people/{key}/jump", json=jump)
    stood = real.people.feed(key).person.state
    forced = client.post(f"/people/{key}/jump", json={**jump, "force": True})

    assert (refused.status_code, forced.status_code) == (409, 200)
    assert "アポプラス薬剤師では行けません" in refused.json()["message"]
    assert stood == "checking_selection"
    assert real.people.feed(key).person.state == "checking_reward"


def test_the_diagram_is_the_table(client: httpx2.Client) -> None:
    """Every state, and every row exactly once: as an edge, as staying, or from anywhere."""
    told = client.get("/diagram").json()

    assert [state["id"] for state in told["states"]] == list(TABLE.states)
    rows = [*told["edges"], *told["stays"], *told["anywhere"]]
    assert sorted(number for row in rows for number in row["row"]) == [*range(len(TABLE.rows))]
    for edge in told["edges"]:
        for number in edge["row"]:
            row = TABLE.rows[number]
            assert (row.source, row.dest) == (edge["source"], edge["dest"])
            assert row.trigger in edge["label"].split(" / ")
            if row.guard:
                assert row.guard.__name__ in [guard["name"] for guard in edge["guards"]]
    assert all(TABLE.rows[row["row"][0]].dest == SAME for row in told["stays"])
    assert all(TABLE.rows[row["row"][0]].source == ANYWHERE for row in told["anywhere"])


def test_every_state_a_service_is_said_to_have_can_be_jumped_to(
    real: Running, client: httpx2.Client
) -> None:
    """The picker offers no place there is no way to; here in the service with the most places."""
    services = {each["slug"]: each for each in client.get("/services").json()}
    assert set(services) == set(real.session.catalog.services)
    key = welcomed(client)
    for state in services["yakukyari"]["states"]:
        place = {"service": "yakukyari", "state": state["id"]}
        answer = client.post(f"/people/{key}/jump", json=place)
        assert answer.status_code == 200, answer.text
        assert real.people.feed(key).person.state == state["id"]
