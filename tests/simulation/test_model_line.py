"""The model of LINE: what its documentation says of tokens, keys, redelivery and bad days."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random

import pytest

from bot.line.client import Accepted, Answer, Refused, Unknown
from tests.simulation.counting import Kind
from tests.simulation.history import History
from tests.simulation.life import Delivered, Told, Way
from tests.simulation.loop import SimLoop
from tests.simulation.messaging import PLAIN_TEXT, Messaging, Token
from tests.simulation.node import PSEUDONYMS, VAULT
from tests.simulation.test_loop import lived
from tests.simulation.troubles import PEACE, Luck, Troubles

HELLO = b'[{"type":"text","text":"plain p1e1"}]'
TOLD = Told("e1", "Up1", "p1e1", Kind.PLAIN, 0, "t1", Way.TEXT)

Call = Callable[[SimLoop, Messaging, Token], Awaitable[None]]


def at_line(call: Call, troubles: Troubles = PEACE, seed: int = 1) -> list[str]:
    """What a person was shown while *call* was made; the token is theirs, and strict."""
    history = History(PSEUDONYMS, VAULT)
    history.meet("Up1")

    async def main(loop: SimLoop) -> None:
        luck = Luck(PEACE, Random(seed))
        line = Messaging(luck, history, lambda: loop.now)
        luck.troubles = troubles
        line.tokens["t1"] = Token(TOLD, loop.now, loop.now, strict=True, picky=False)
        await call(loop, line, line.tokens["t1"])

    lived(main)
    happenings = history.lives["Up1"].happenings
    return [each.text for each in happenings if isinstance(each, Delivered)]


def refusal(answer: Answer) -> str:
    """LINE's message."""
    assert isinstance(answer, Refused)
    return answer.message


def test_a_token_works_once() -> None:
    """The second reply is refused, whatever it says."""

    async def call(_loop: SimLoop, line: Messaging, _token: Token) -> None:
        assert isinstance(await line.reply("t1", HELLO), Accepted)
        assert refusal(await line.reply("t1", HELLO)) == "Invalid reply token"
        assert refusal(await line.reply("other", HELLO)) == "Invalid reply token"

    assert at_line(call) == ["plain p1e1"]


@pytest.mark.parametrize(
    ("born", "delivered", "strict", "alive"),
    [
        (-59.0, -59.0, True, True),
        (-61.0, -61.0, True, False),
        (-61.0, -61.0, False, True),  # "not guaranteed" is not "dead"
        (-600.0, -59.0, True, True),  # delivered anew
        (-1201.0, -1.0, False, False),  # never after twenty minutes
    ],
)
def test_a_token_lives_for_a_minute_from_its_delivery(
    born: float, delivered: float, strict: bool, alive: bool
) -> None:
    """And for twenty from its event, at the most."""

    async def call(_loop: SimLoop, line: Messaging, token: Token) -> None:
        line.tokens["t1"] = replace(token, born=born, delivered=delivered, strict=strict)
        assert isinstance(await line.reply("t1", HELLO), Accepted) == alive

    assert at_line(call) == ["plain p1e1"] * alive


def test_a_retry_key_shows_a_message_once_a_day() -> None:
    """What was accepted is accepted again, and not shown; without a key it is."""

    async def call(_loop: SimLoop, line: Messaging, _token: Token) -> None:
        for key in ("k1", "k1", ""):
            assert isinstance(await line.push("Up1", HELLO, key), Accepted)

    assert at_line(call) == ["plain p1e1"] * 2


def test_a_message_line_dislikes_leaves_the_token_unused() -> None:
    """So that something plainer can follow."""
    odd, plain = HELLO.replace(b"plain", b"odd"), HELLO.replace(b"plain p1e1", PLAIN_TEXT.encode())

    async def call(_loop: SimLoop, line: Messaging, _token: Token) -> None:
        assert "message" in refusal(await line.reply("t1", odd))
        assert isinstance(await line.reply("t1", plain), Accepted)

    assert at_line(call) == [PLAIN_TEXT]


def test_the_months_pushes_run_out() -> None:
    """Replies go on."""

    async def call(_loop: SimLoop, line: Messaging, _token: Token) -> None:
        line.quota = 0
        assert "monthly limit" in refusal(await line.push("Up1", HELLO, "k1"))
        assert isinstance(await line.reply("t1", HELLO), Accepted)

    assert at_line(call) == ["plain p1e1"]


def test_on_a_bad_day_a_caller_never_knows() -> None:
    """Of calls that end unknown some took effect and some did not, and none comes back late."""
    answers: list[Answer] = []

    async def call(loop: SimLoop, line: Messaging, _token: Token) -> None:
        answers.append(await line.reply("t1", HELLO))
        assert loop.now <= 5.0

    shown = [len(at_line(call, Troubles(errors=1.0), seed)) for seed in range(200)]

    what = {
        (answer.left if isinstance(answer, Unknown) else type(answer), count)
        for answer, count in zip(answers, shown, strict=True)
    }
    assert what == {(Accepted, 1), (True, 0), (True, 1), (False, 0)}
