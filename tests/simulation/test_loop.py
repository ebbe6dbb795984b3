"""The loop: one seed, one run; nobody's clock but its own; and death without a last word."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import Any

import pytest

from dev import ROOT
from tests.simulation.loop import NODE, SimLoop, SpinningError
from tests.simulation.run import run


def on(loop: SimLoop, node: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Begin *work* as *node*."""
    context = copy_context()
    context.run(NODE.set, node)
    return loop.create_task(work, context=context)


def lived(main: Callable[[SimLoop], Coroutine[Any, Any, None]], seed: str = "1") -> SimLoop:
    """A loop that ran *main* to its end."""
    loop = SimLoop.seeded(seed)
    loop.run_until_complete(main(loop))
    loop.close()
    return loop


def test_the_same_seed_makes_the_same_choices() -> None:
    """Of whole worlds, fifty of them, run twice."""
    first = [run(seed) for seed in range(50)]

    assert [run(seed) for seed in range(50)] == first
    assert len({result.trace for result in first}) == 50


@pytest.mark.parametrize("salt", ["1", "2"])
def test_no_choice_rests_on_where_python_put_something(salt: str) -> None:
    """In a process that hashes strings in another way, too."""
    code = "from tests.simulation.run import run; print([run(seed).trace for seed in range(8)])"
    environment = os.environ | {"PYTHONHASHSEED": salt}

    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )

    assert told.stdout.decode().strip() == str([run(seed).trace for seed in range(8)])


def test_time_passes_only_when_nothing_else_is_left_to_do() -> None:
    """A sleep of a day takes no time, and ends when the day is over."""
    seen: list[float] = []

    async def main(loop: SimLoop) -> None:
        async def short() -> None:
            await asyncio.sleep(3600)
            seen.append(loop.time())

        task = loop.create_task(short())
        await asyncio.sleep(86_400)
        seen.append(loop.time())
        await task

    lived(main)

    assert seen == [3600, 86_400]


def test_what_is_ready_goes_in_any_order() -> None:
    """No code may count on the order in which it made two things ready."""
    orders: set[tuple[int, ...]] = set()

    async def main(loop: SimLoop) -> None:
        order: list[int] = []

        async def note(number: int) -> None:
            order.append(number)

        await asyncio.gather(*(note(number) for number in range(3)))
        orders.add(tuple(order))

    for seed in range(100):
        lived(main, str(seed))

    assert len(orders) == 6


def test_whoever_is_killed_does_nothing_more() -> None:
    """Not even what stands under ``finally``; the rest of the world goes on."""
    seen: list[str] = []

    async def work(name: str) -> None:
        try:
            await asyncio.sleep(1)
            seen.append(f"{name} worked")
        finally:
            seen.append(f"{name} cleaned up")

    async def main(loop: SimLoop) -> None:
        on(loop, "one", work("one"))
        on(loop, "two", work("two"))
        await asyncio.sleep(0.5)
        loop.kill("one")
        await asyncio.sleep(10)
        assert seen == ["two worked", "two cleaned up"]
        assert loop.failed() == []

    lived(main)


def test_whoever_is_frozen_goes_on_later() -> None:
    """With everything that was due meanwhile."""
    seen: list[float] = []

    async def main(loop: SimLoop) -> None:
        async def tick() -> None:
            for _ in range(3):
                await asyncio.sleep(1)
                seen.append(loop.now)

        task = on(loop, "one", tick())
        await asyncio.sleep(1.5)
        loop.freeze("one", 10)
        await task

    lived(main)

    assert seen == [1, 11.5, 12.5]


def test_a_node_stopped_twice_goes_on_when_the_later_stop_is_over() -> None:
    """A shorter stop within a longer one shortens nothing, for no timer and no other."""
    seen: list[float] = []

    async def main(loop: SimLoop) -> None:
        async def tick(seconds: float) -> None:
            await asyncio.sleep(seconds)
            seen.append(loop.time())

        tasks = [on(loop, "one", tick(seconds)) for seconds in (2, 4)]
        await asyncio.sleep(1)
        loop.freeze("one", 10)
        await asyncio.sleep(2)
        loop.freeze("one", 1)
        await asyncio.gather(*tasks)

    lived(main)

    assert seen == [11, 11]


def test_every_node_has_a_clock_of_its_own() -> None:
    """They differ, and run at the same speed."""
    seen: list[float] = []

    async def main(loop: SimLoop) -> None:
        async def look() -> None:
            async with asyncio.timeout(7):
                seen.append(loop.time())
                await asyncio.sleep(5)
            seen.append(loop.time())

        loop.shift("one", 1000.1)
        await on(loop, "one", look())
        assert loop.time() == 5

    lived(main)

    assert seen == [1000.1, 1005.1]


def test_a_thread_would_be_out_of_control() -> None:
    """So what is given to one runs in the loop, and its errors come back."""

    async def main(loop: SimLoop) -> None:
        assert await loop.run_in_executor(None, pow, 2, 5) == 32
        with pytest.raises(ZeroDivisionError):
            await loop.run_in_executor(None, divmod, 1, 0)

    lived(main)


def test_what_nobody_asks_about_is_told_in_the_end() -> None:
    """A task that failed unheard would hide a fault."""

    async def main(loop: SimLoop) -> None:
        async def fail() -> None:
            raise LookupError("odd")

        loop.create_task(fail())
        await asyncio.sleep(1)
        assert loop.failed() == ["LookupError('odd')"]

    lived(main)


def test_what_never_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for nothing, and going round in circles."""
    monkeypatch.setattr("tests.simulation.loop.MOST_STEPS", 1000)

    async def forever(loop: SimLoop) -> None:
        await loop.create_future()

    async def spin(loop: SimLoop) -> None:
        for _ in itertools.count():
            await asyncio.sleep(0)

    for main in (forever, spin):
        with pytest.raises(SpinningError):
            lived(main)
