"""The hard cap: a flow that makes places without end is stopped, and told what it is that grows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection

Outlook = tuple[str, ...]
"""A place as `flows.walk.outlook` tells it from others."""

MOST_PLACES = 5_000
"""Places of one service. The largest has 180; whoever comes near this number has made a field
that never repeats, and a walk through it would not end."""

EXAMPLES = 3


class EndlessError(Exception):
    """A service has more than `MOST_PLACES` places; the message is for staff."""


def must_end(slug: str, seen: Collection[Outlook]) -> None:
    """Raise EndlessError when *seen*, the places of the service *slug* so far, are too many."""
    if len(seen) > MOST_PLACES:
        raise EndlessError(_too_many(slug, seen))


def _too_many(slug: str, seen: Collection[Outlook]) -> str:
    [(state, count)] = Counter(map(_state, seen)).most_common(1)
    values: dict[str, set[str]] = defaultdict(set)
    for place in seen:
        if _state(place) == state:
            for number, value in enumerate(place[2:], 1):
                name, named, _ = value.partition("=")
                values[name if named else f"{number} 番目の値"].add(value)
    grows = ""
    if values:
        field, found = max(values.items(), key=lambda each: len(each[1]))
        some = "、".join(sorted(found)[:EXAMPLES])
        grows = f"増えているのは {field} で、{len(found)} 通りあります（例: {some}）"
    return (
        f"{slug} の場所が {MOST_PLACES} か所を超えました。いちばん多いのは状態 {state} の "
        f"{count} か所です。{grows} → 同じ質問に何度も答えられる行が flows/withdrawal.py にないか、"
        "毎回変わる値が flows/walk.py の outlook に入っていないかを見てください"
    )


def _state(place: Outlook) -> str:
    """The state of a place; outside of any service there is nothing before it."""
    return place[:2][-1]
