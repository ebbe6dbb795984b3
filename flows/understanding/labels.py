"""How near a text is to the label of a button, and to which one alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Prefix

from flows.conversation import Choice
from flows.understanding.polite import spoken
from flows.understanding.spelling import distance, fold

_KANA_ONLY: Final = re.compile("[ぁ-ゖー]+")
_INFLECTION: Final = re.compile("(?!.*[なずせ])[ぁ-ゖ]{1,3}")
_SHORTEST_PART: Final = 2
_SHORTEST_KANA_PART: Final = 3
_SHORTEST_STEM: Final = 4
_SHORTEST_LABEL_TYPO: Final = 6
_SHORTEST_GAPPED: Final = 4


def label_of(choice: Choice) -> str:
    """The label of *choice*, folded."""
    return _folded(choice.label)


@lru_cache(maxsize=4096)
def _folded(label: str) -> str:
    """Labels are content and come again and again; what people type is never kept like this."""
    return fold(label)


@lru_cache(maxsize=4096)
def spoken_label(label: str) -> str:
    """*label* folded, as it is `spoken`."""
    return spoken(_folded(label))


def only(found: Iterable[Choice]) -> Choice | None:
    """The one in *found*; None if there is none, or more than one."""
    ones = list(found)
    return ones[0] if len(ones) == 1 else None


def begins(text: str, label: str) -> bool:
    """Whether *text* is how *label* begins; like all here, both are folded."""
    return len(text) >= _SHORTEST_PART and label.startswith(text)


def is_part_of(text: str, label: str) -> bool:
    """Whether *text* stands in *label*; kana alone need to be longer."""
    short = _SHORTEST_KANA_PART if _KANA_ONLY.fullmatch(text) else _SHORTEST_PART
    return len(text) >= short and text in label


def inflects(text: str, label: str) -> bool:
    """Whether only the ends differ, and none is a no: 「様子を見ます」 for 「様子を見る」."""
    same = Prefix.similarity(text, label)
    ends = (text[same:], label[same:])
    return same >= _SHORTEST_STEM and all(_INFLECTION.fullmatch(end) for end in ends)


def shortens(text: str, label: str) -> bool:
    """Whether *text* is *label* with words left out: 「連絡が多い」 for 「連絡・通知が多い」."""
    if len(text) < max(_SHORTEST_GAPPED, len(label) / 2):
        return False
    rest = iter(label)
    return all(char in rest for char in text)


def may_mean(text: str, label: str, choice: Choice) -> bool:
    """A part of a no says nothing without the no: 「予定」 is not 「予定はない」."""
    return choice.press.trigger != "deny" or "ない" not in label or "な" in text


def mistyped(text: str, labels: Iterable[tuple[str, Choice]]) -> Choice | None:
    """The label with one typo, if no other is nearly as near: a typo must not turn a no around."""
    near = sorted(
        ((distance(text, label), index, choice) for index, (label, choice) in enumerate(labels)),
    )
    if not near or near[0][0] > 1 or len(text) < _SHORTEST_LABEL_TYPO:
        return None
    return near[0][2] if len(near) == 1 or near[1][0] >= near[0][0] + 2 else None
