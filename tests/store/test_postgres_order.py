"""The queue in which one person's calls wait, within one node."""

from __future__ import annotations

import asyncio

from bot.store.postgres_order import Order
from tests.store.rows import ANN, BEN


async def test_a_queue_lives_only_while_it_is_needed() -> None:
    """Whoever overtakes goes at once; those who come later wait for all before them."""
    order, done = Order(), list[int]()
    gate = asyncio.Event()

    async def work(number: int, who: bytes = ANN, **how: bool) -> None:
        turn = order.turn(who, **how)
        await turn.begin()
        if number == 1:
            await gate.wait()
        done.append(number)
        turn.end()

    calls = [work(1), work(2, overtaking=True), work(3), work(4, BEN)]
    tasks = [asyncio.ensure_future(call) for call in calls]
    await asyncio.sleep(0.01)
    assert done == [2, 4]
    gate.set()
    await asyncio.gather(*tasks)

    assert done == [2, 4, 1, 3]
    assert len(order) == 0
