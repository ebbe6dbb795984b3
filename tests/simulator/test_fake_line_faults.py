"""What goes wrong between the bot and LINE can be made to go wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from bot.simulator.fake_line.faults import Fault
from tests.simulator.served import Served, served

PATIENT = 60.0
"""Seconds; longer than the fake LINE itself keeps anybody waiting."""


@pytest.fixture(scope="module")
def line() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.mark.parametrize(
    ("fault", "status", "message"),
    [
        (Fault.ERROR, 500, "internal error"),
        (Fault.RATE_LIMIT, 429, "rate limit"),
        (Fault.MONTHLY_LIMIT, 429, "monthly limit"),
        (Fault.UNAUTHORIZED, 401, "Authentication"),
        (Fault.BAD_REQUEST, 400, "The request body has 1 error(s)"),
        (Fault.EXPIRED, 400, "Invalid reply token"),
    ],
)
def test_a_fault_strikes_the_next_calls_and_leaves_the_token_unused(
    line: Served, fault: Fault, status: int, message: str
) -> None:
    """As often as told, then everything works again with the very same token."""
    token = line.token(line.somebody())
    line.line.faults.inject(fault, 2)

    struck = [line.reply(token), line.reply(token)]

    assert [answer.status_code for answer in struck] == [status, status]
    assert message in struck[0].json()["message"]
    assert line.calls[-1].fault is fault
    assert line.calls[-1].token == token
    assert line.reply(token).status_code == 200


def test_an_error_after_the_fact_hides_that_the_message_went_out(line: Served) -> None:
    """The bot is told 500; the person has the message; the token is used."""
    token = line.token(line.somebody())
    line.line.faults.inject("500-after")

    assert line.reply(token).status_code == 500
    assert line.calls[-1].accepted
    assert line.reply(token).json() == {"message": "Invalid reply token"}


@pytest.mark.parametrize(("fault", "accepted"), [(Fault.RESET, False), (Fault.RESET_AFTER, True)])
def test_a_reset_cuts_the_line(line: Served, fault: Fault, accepted: bool) -> None:
    """Not a byte of an answer arrives, whether or not the message went out."""
    line.line.faults.inject(fault)

    with pytest.raises(httpx2.NetworkError):
        line.reply(line.token(line.somebody()))

    assert line.calls[-1].status == 0
    assert line.calls[-1].accepted is accepted


@pytest.mark.parametrize(
    ("fault", "accepted"), [(Fault.TIMEOUT, False), (Fault.TIMEOUT_AFTER, True)]
)
def test_a_timeout_keeps_the_caller_waiting(line: Served, fault: Fault, accepted: bool) -> None:
    """Until the caller gives up, however long that takes; then the next call goes through."""
    body = {"replyToken": line.token(line.somebody()), "messages": [{"type": "text", "text": "x"}]}
    line.line.faults.inject(fault)

    begun = time.monotonic()
    with pytest.raises(httpx2.ReadTimeout):
        line.http.post("/v2/bot/message/reply", json=body, timeout=0.2)

    assert time.monotonic() - begun >= 0.2
    assert line.calls[-1].accepted is accepted
    assert line.reply(line.token(line.somebody())).status_code == 200


def test_whoever_is_kept_waiting_is_let_go_as_the_simulator_ends() -> None:
    """Without a byte of an answer, as ever; and whoever calls after that is not held at all."""
    with served() as line, ThreadPoolExecutor(1) as caller:
        to = line.somebody().user_id
        line.http.timeout = PATIENT
        line.line.faults.inject(Fault.TIMEOUT, 2)
        waiting = caller.submit(line.push, to)
        while not line.calls:
            assert not waiting.done()
            time.sleep(0.01)

        line.line.held_calls.let_go()

        with pytest.raises(httpx2.RemoteProtocolError):
            waiting.result()
        with pytest.raises(httpx2.RemoteProtocolError):
            line.push(to)
        assert line.push(to).status_code == 200


def test_faults_spare_calls_that_send_nothing(line: Served) -> None:
    """A profile is read as ever; the fault waits for the next message."""
    somebody = line.somebody()
    line.line.faults.inject(Fault.ERROR)

    assert line.http.get(f"/v2/bot/profile/{somebody.user_id}").status_code == 200
    assert len(line.line.faults) == 1
    assert line.push(somebody.user_id).status_code == 500


def test_cleared_faults_strike_nobody(line: Served) -> None:
    """What was arranged can be called off."""
    line.line.faults.inject(Fault.ERROR, 5)
    line.line.faults.clear()

    assert line.push(line.somebody().user_id).status_code == 200


def test_an_unknown_fault_is_refused(line: Served) -> None:
    """A typing error must not pass for "nothing goes wrong"."""
    with pytest.raises(ValueError, match="404"):
        line.line.faults.inject("404")
