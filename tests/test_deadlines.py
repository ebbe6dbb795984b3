"""Time limits that share one timer."""

from __future__ import annotations

import asyncio

import pytest

from bot.deadlines import Deadlines


async def test_what_ends_in_time_is_left_alone() -> None:
    """Also later, when the limit would have been over."""
    deadlines = Deadlines(0.02)
    with deadlines:
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)


async def test_what_is_late_is_cancelled_and_told_so() -> None:
    """TimeoutError comes from the block, and its task is not cancelled beyond it."""
    deadlines = Deadlines(0.02)
    loop = asyncio.get_running_loop()
    begun = loop.time()

    with pytest.raises(TimeoutError), deadlines:
        await asyncio.sleep(10)

    assert 0.02 <= loop.time() - begun < 5
    await asyncio.sleep(0)


async def test_each_has_its_own_time_under_one_timer() -> None:
    """Those begun later end later; one that ends in time does not keep the rest from ending."""
    deadlines = Deadlines(0.1)
    ended: list[int] = []

    async def work(number: int, seconds: float) -> None:
        await asyncio.sleep(number * 0.03)
        try:
            with deadlines:
                await asyncio.sleep(seconds)
        except TimeoutError:
            ended.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(6):
            group.create_task(work(number, 0.0 if number == 2 else 10))

    assert ended == [0, 1, 3, 4, 5]
    with pytest.raises(TimeoutError), deadlines:  # and again after a rest
        await asyncio.sleep(10)


async def test_who_else_asked_for_the_end_has_precedence() -> None:
    """A task that is cancelled from outside is cancelled, not late."""
    deadlines = Deadlines(0.05)

    async def work() -> None:
        with deadlines:
            await asyncio.sleep(10)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    both = asyncio.create_task(work())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, both.cancel)
    with pytest.raises((asyncio.CancelledError, TimeoutError)):
        await both


async def test_another_error_comes_out_as_it_is() -> None:
    """A limit is only for time."""
    deadlines = Deadlines(1)
    with pytest.raises(ValueError, match="odd"), deadlines:
        raise ValueError("odd")


async def test_a_limit_is_for_one_block_of_a_task() -> None:
    """Outside of a task there is nothing to end; within a block the task has its limit already."""
    deadlines = Deadlines(1)
    refused = asyncio.Event()

    def outside() -> None:
        with pytest.raises(RuntimeError), deadlines:
            pytest.fail("begun")
        refused.set()

    asyncio.get_running_loop().call_soon(outside)
    await refused.wait()

    with deadlines:
        with pytest.raises(RuntimeError), deadlines:
            pytest.fail("begun")
        await asyncio.sleep(0)
