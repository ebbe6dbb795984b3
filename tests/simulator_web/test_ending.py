"""The simulator ends while something is under way: nobody is left waiting, and nothing hangs."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx2
import pytest

from bot.line.client import LineClient
from bot.simulator.fake_line.faults import Fault
from bot.simulator.settling import PATIENCE
from bot.simulator.web.bell import Bell

from . import standin
from .conftest import TOKEN, Running, serving


def post(running: Running, path: str, **body: object) -> httpx2.Response:
    """Do something as our page does."""
    headers = {"x-simulator-token": TOKEN}
    return httpx2.post(running.url + path, json=body, headers=headers, trust_env=False, timeout=60)


def has_struck(running: Running, fault: Fault) -> bool:
    """Wait until a call has ended in *fault*; False where none does."""
    session = running.session
    with session.changed:
        return session.changed.wait_for(
            lambda: any(call.fault is fault for call in session.journal.calls), timeout=20
        )


@pytest.mark.parametrize(
    ("fault", "times"), [(Fault.ERROR, 9), (Fault.RESET, 3), (Fault.RESTART, 1)]
)
def test_an_answer_that_is_on_its_way_still_comes(
    fault: Fault, times: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever waits for one as the end comes gets it, however often it was to fail."""
    with ThreadPoolExecutor(1) as waiting, serving(standin.step) as running:
        key = post(running, "/people").json()["person"]
        assert post(running, f"/people/{key}/follow").status_code == 200
        post(running, "/faults", kind=fault, times=times)
        answer = waiting.submit(post, running, f"/people/{key}/say", text="まにあいますか")
        assert has_struck(running, fault)

    assert answer.result().status_code == 200
    said = [message.text for message in running.people.feed(key).person.answer]
    assert [text.partition("\n")[0] for text in said] == ["まにあいますか"]
    assert [line.getMessage() for line in caplog.records if line.levelname == "ERROR"] == []


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.TIMEOUT_AFTER])
def test_a_call_that_is_kept_waiting_is_let_go(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the bot is more patient than whoever waits for its answer, this comes, once."""
    monkeypatch.setattr("bot.app.LineClient", partial(LineClient, timeout=PATIENCE * 3))
    with ThreadPoolExecutor(1) as waiting, serving(standin.step) as running:
        key = post(running, "/people").json()["person"]
        assert post(running, f"/people/{key}/follow").status_code == 200
        post(running, "/faults", kind=fault, times=9)
        answer = waiting.submit(post, running, f"/people/{key}/say", text="まにあいますか")
        assert has_struck(running, fault)

    assert answer.result().status_code == 200
    said = [message.text for message in running.people.feed(key).person.answer]
    assert [text.partition("\n")[0] for text in said] == ["まにあいますか"]


def test_a_bell_may_be_rung_when_its_loop_is_gone() -> None:
    """The app tells of its last deeds from threads that know nothing of the pages' loop."""
    bell = Bell()

    async def listen() -> asyncio.Event:
        bell.open()
        return bell.next_ring()

    heard = asyncio.run(listen())
    bell.ring()

    assert not heard.is_set()
