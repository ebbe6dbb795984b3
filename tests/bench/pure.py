"""What the flow alone costs: no server, no disk, no LINE; the same walks as everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

import orjson

from bot.line.speak import Wording, speak
from content.catalog import Catalog, load
from flows.conversation import Conversation, Typed
from flows.step import step
from tests.bench.contestants import Stage
from tests.bench.figures import Result, Row
from tests.bench.load import undisturbed
from tests.bench.process import on_core
from tests.bench.rounds import Effort
from tests.bench.scenarios import Told
from tests.bench.traffic import WALKS

WALKERS = 40
"""How often each walk is walked in a round."""


async def flow(stage: Stage, effort: Effort, told: Told) -> Result:
    """Microseconds for the median and the dearest step of all walks, and for speaking."""
    catalog = load()
    rows = (
        Row("step", "1歩を考える", "one step"),
        Row("speak", "LINEの言葉にする", "speaking LINE"),
    )
    with on_core(stage.core), undisturbed():
        for number in range(effort.rounds):
            told(f"流れだけ {number + 1}/{effort.rounds}")
            took: dict[tuple[int, int], list[tuple[float, float]]] = {}
            for _ in range(WALKERS):
                for place, seconds in _walked(catalog):
                    took.setdefault(place, []).append(seconds)
            for index, row in enumerate(rows):
                each = [median(pair[index] for pair in pairs) * 1e6 for pairs in took.values()]
                row.note(step_us=median(each), dearest_us=max(each))
    return Result("flow", "会話の流れだけ", "The flow alone", "step_us", "step", [*rows])


def _walked(catalog: Catalog) -> Iterator[tuple[tuple[int, int], tuple[float, float]]]:
    """Every step of every walk: which one, and the seconds of thinking and of speaking."""
    now = datetime.now(ZoneInfo("Asia/Tokyo"))
    wording = Wording(alt_text=catalog.phrases["alt_text"])
    for number, walk in enumerate(WALKS):
        conversation = Conversation()
        for place, words in enumerate(walk):
            begun = perf_counter()
            after, says = step(conversation, Typed(words), catalog, now)
            thought = perf_counter()
            orjson.dumps(speak(says, wording))
            yield (number, place), (thought - begun, perf_counter() - thought)
            assert after is not None
            # As the store gives it back, so that nothing is quick for being the same object.
            conversation = Conversation.from_json(orjson.loads(orjson.dumps(after.to_json())))
