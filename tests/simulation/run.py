"""Lives through one seed, and tells what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pytest
import structlog

from bot.engine import backlog, deliver
from tests.simulation.life import Delivered, Ended, Recorded
from tests.simulation.loop import SimLoop, SpinningError
from tests.simulation.world import World

LOOKS = (0.25, 1.0, 1.0, 1.0)
"""Seconds between a node's looks into the store. With 0.25, as in production, two thirds of all
that happens in a world are idle nodes looking and finding nothing."""

NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Result:
    """What was ``wrong`` in the world of ``seed``, and what it was like.

    ``trace`` is the hash of every choice made, ``reached`` what happened at least once in it,
    ``story`` a line for everything that happened, for whoever asked for it.
    """

    seed: int
    wrong: tuple[str, ...]
    trace: int
    steps: int
    events: int
    reached: frozenset[str]
    story: tuple[str, ...]


def run(seed: int, given: Mapping[str, float] = NOTHING, *, telling: bool = False) -> Result:
    """Live through the world of *seed*, with the troubles *given* in place of its own."""
    loop = SimLoop.seeded(f"{seed} order")
    world = World(seed, loop, given)
    if telling:
        world.tell_story()
    with _listening(world.note), pytest.MonkeyPatch.context() as patch:
        for worker in (deliver, backlog):
            patch.setattr(worker, "LOOK_EVERY", LOOKS[seed % len(LOOKS)])
        try:
            loop.run_until_complete(world.live())
        except SpinningError as error:
            world.wrong.append(f"I5: {error}")
        result = Result(
            seed,
            (*world.wrong, *(f"I0: {error}" for error in loop.failed())),
            loop.trace,
            loop.steps,
            len(world.history.told),
            frozenset(_reached(world)),
            tuple(world.story),
        )
        loop.close()  # tears coroutines apart: whatever that makes them do is of no account
    return result


def _reached(world: World) -> Iterator[str]:
    """What happened, by the names the bot has for it."""
    for life in world.history.lives.values():
        for each in life.happenings:
            match each:
                case Recorded(outcome=outcome):
                    yield outcome.value
                case Ended(status=status):
                    yield status.value
                case Delivered(pushed=pushed):
                    yield "pushed" if pushed else "replied"


@contextmanager
def _listening(note: Callable[[MutableMapping[str, Any]], None]) -> Iterator[None]:
    """Hear what the bot logs as an error; the rest of its log goes nowhere."""

    def heard(_logger: object, _method: str, line: MutableMapping[str, Any]) -> str:
        note(line)
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[heard],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)
